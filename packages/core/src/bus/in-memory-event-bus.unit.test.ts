import { AsyncLocalStorage } from 'node:async_hooks';
import { getLogger } from '@es/otel';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { Task } from '../aggregate/task.fixture.ts';
import { defineEvent } from '../events/define-event.ts';
import type { DomainEvent } from '../events/event.ts';
import { uuidV7 } from '../events/uuid-v7.ts';
import { AggregateRepository, InMemoryEventStore } from '../index.ts';
import { currentMessageContext, withMessageContext } from '../message/message-context.ts';
import { atOnce, eventOf, gate, NumberAdded, numbered, TaskCompleted, TaskCreated } from './bus.fixture.ts';
import { ALL_EVENTS } from './event-selector.ts';
import { InMemoryEventBus } from './in-memory-event-bus.ts';

beforeAll(() => getLogger('eventsource.bus').setLevel('silent'));

const created = (title = 'x', aggregateId = 'task-1') => eventOf(TaskCreated.create({ title }), { aggregateId });

describe('delivery', () => {
  test('gives each event to every handler that wants its type', async () => {
    await using bus = new InMemoryEventBus();
    const seen: string[] = [];
    bus.subscribe(TaskCreated, (event) => seen.push(`one ${event.data.title}`), { name: 'one' });
    bus.subscribe([TaskCreated, TaskCompleted], (event) => seen.push(`both ${event.type}`), { name: 'both' });
    bus.subscribe('TaskCompleted', (event) => seen.push(`type ${event.type}`), { name: 'type' });
    bus.subscribe(['TaskCompleted', 'Other'], (event) => seen.push(`types ${event.type}`), { name: 'types' });
    bus.subscribe(ALL_EVENTS, (event) => seen.push(`all ${event.type}`), { name: 'all' });
    await bus.startConsuming();
    await bus.publish([created('a'), eventOf(TaskCompleted.create(), { version: 2 })]);
    await bus.whenIdle();
    expect(seen).toEqual([
      'one a',
      'both TaskCreated',
      'all TaskCreated',
      'both TaskCompleted',
      'type TaskCompleted',
      'types TaskCompleted',
      'all TaskCompleted',
    ]);
  });

  test('waits for startConsuming, which may be called again', async () => {
    await using bus = new InMemoryEventBus();
    const handler = vi.fn();
    bus.subscribe(TaskCreated, handler, { name: 'h' });
    await bus.publish([created()]);
    const idle = bus.whenIdle();
    expect(handler).not.toHaveBeenCalled();
    await bus.startConsuming();
    await bus.startConsuming();
    await idle;
    expect(handler).toHaveBeenCalledOnce();
  });

  test('never happens while the publisher is still at work', async () => {
    await using bus = new InMemoryEventBus();
    const order: string[] = [];
    bus.subscribe(TaskCreated, () => order.push('handled'), { name: 'h' });
    await bus.startConsuming();
    const publishing = bus.publish([created()]);
    order.push('published');
    await publishing;
    await bus.whenIdle();
    expect(order).toEqual(['published', 'handled']);
  });

  test('hands over a frozen copy that says the same', async () => {
    await using bus = new InMemoryEventBus();
    const got: DomainEvent[] = [];
    bus.subscribe(ALL_EVENTS, (event) => got.push(event), { name: 'h' });
    await bus.startConsuming();
    const event = {
      ...eventOf(TaskCreated.create({ title: 'ü' }, { metadata: { a: [1, { b: null }] }, tags: ['x'] })),
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    };
    await bus.publish([{ ...event, position: 7n, recordedAt: '2026-01-01T00:00:00.000Z' } as DomainEvent]);
    await bus.whenIdle();
    const [copy] = got;
    expect(copy).toEqual(event);
    expect(copy?.data).not.toBe(event.data);
    expect([copy, copy?.data, copy?.metadata, copy?.metadata['a'], copy?.tags].every(Object.isFrozen)).toBe(true);
  });

  test('decodes by the definition that a handler subscribed with', async () => {
    const Due = defineEvent('Due', {
      schema: z.object({
        at: z.iso
          .datetime()
          .transform((text) => new Date(text))
          .or(z.date()),
      }),
    });
    await using bus = new InMemoryEventBus();
    const dates: Date[] = [];
    bus.subscribe(Due, (event) => dates.push(event.data.at), { name: 'h' });
    await bus.startConsuming();
    await bus.publish([eventOf(Due.create({ at: '2026-05-01T10:00:00.000Z' }))]);
    await bus.whenIdle();
    expect(dates).toEqual([new Date('2026-05-01T10:00:00.000Z')]);
  });

  test('brings old schema versions up', async () => {
    const Renamed = defineEvent('Renamed', {
      schema: z.object({ title: z.string() }),
      schemaVersion: 2,
      upcast: { 1: (data) => ({ title: String(data) }) },
    });
    await using bus = new InMemoryEventBus();
    const got: unknown[] = [];
    bus.subscribe(Renamed, (event) => got.push([event.schemaVersion, event.data]), { name: 'h' });
    await bus.startConsuming();
    const old = { ...eventOf(Renamed.create({ title: 'x' })), schemaVersion: 1, data: 'old' };
    await bus.publish([old]);
    await bus.whenIdle();
    expect(got).toEqual([[2, { title: 'old' }]]);
  });

  test('comes to a later subscriber from then on, and no longer to one that left', async () => {
    await using bus = new InMemoryEventBus();
    const seen: string[] = [];
    const early = bus.subscribe(TaskCreated, (event) => seen.push(`early ${event.data.title}`), { name: 'early' });
    await bus.startConsuming();
    await bus.publish([created('1')]);
    await bus.whenIdle();
    bus.subscribe(TaskCreated, (event) => seen.push(`late ${event.data.title}`), { name: 'late' });
    await bus.publish([created('2')]);
    await bus.whenIdle();
    early.unsubscribe();
    early.unsubscribe();
    await bus.publish([created('3')]);
    await bus.whenIdle();
    expect(seen).toEqual(['early 1', 'early 2', 'late 2', 'late 3']);
  });

  test('runs different aggregates at the same time, up to the concurrency', async () => {
    await using bus = new InMemoryEventBus({ concurrency: 3 });
    const release = gate();
    let running = 0;
    let most = 0;
    bus.subscribe(
      TaskCreated,
      async () => {
        running += 1;
        most = Math.max(most, running);
        await release.opened;
        running -= 1;
      },
      { name: 'h' },
    );
    await bus.startConsuming();
    await bus.publish(Array.from({ length: 10 }, (_, i) => created('x', `task-${i}`)));
    await vi.waitFor(() => expect(running).toBe(3));
    release.open();
    await bus.whenIdle();
    expect(most).toBe(3);
  });
});

describe('what handlers are called with', () => {
  test('their name, the attempt and a signal', async () => {
    await using bus = new InMemoryEventBus({ retry: atOnce });
    const contexts: unknown[] = [];
    bus.subscribe(
      TaskCreated,
      (_event, context) => {
        contexts.push(context);
        if (context.attempt < 3) throw new Error('again');
      },
      { name: 'h' },
    );
    await bus.startConsuming();
    await bus.publish([created()]);
    await bus.whenIdle();
    expect(contexts).toEqual([1, 2, 3].map((attempt) => ({ handler: 'h', attempt, signal: expect.any(AbortSignal) })));
  });

  test('the message context of their event, and nothing of those who published or started the bus', async () => {
    await using bus = new InMemoryEventBus();
    const contexts: unknown[] = [];
    bus.subscribe(
      TaskCreated,
      async () => {
        await Promise.resolve();
        contexts.push(currentMessageContext());
      },
      { name: 'h' },
    );
    await withMessageContext({ actorId: 'starter', tenantId: 'starter', correlationId: 'starter' }, () => bus.startConsuming());
    const event = eventOf(TaskCreated.create({ title: 'x' }), { context: { correlationId: 'order-1', actorId: 'anna' } });
    await withMessageContext({ actorId: 'publisher', tenantId: 'publisher' }, () => bus.publish([event]));
    await bus.whenIdle();
    expect(contexts).toEqual([{ correlationId: 'order-1', causationId: event.id, actorId: 'anna' }]);
  });

  test('the asynchronous context in which the bus was started, whoever publishes', async () => {
    const request = new AsyncLocalStorage<string>();
    await using bus = new InMemoryEventBus({ retry: atOnce });
    const seen: (string | undefined)[] = [];
    bus.subscribe(TaskCreated, (_event, { attempt }) => {
      seen.push(request.getStore());
      if (attempt === 1) throw new Error('again');
    });
    await request.run('published early', () => bus.publish([created()]));
    await request.run('started', () => bus.startConsuming());
    await request.run('published later', () => bus.publish([created('x', 'task-2')]));
    await bus.whenIdle();
    expect(seen).toEqual(Array(4).fill('started'));
  });

  test('so that the events they save carry correlation and causation on', async () => {
    const eventStore = new InMemoryEventStore();
    const tasks = new AggregateRepository({ eventStore, aggregate: Task });
    await using bus = new InMemoryEventBus();
    bus.subscribe(
      TaskCreated,
      async () => {
        const followUp = tasks.createNew('follow-up');
        await Promise.resolve();
        followUp.create('follow up');
        await tasks.save(followUp);
      },
      { name: 'follow up' },
    );
    await bus.startConsuming();
    const cause = eventOf(TaskCreated.create({ title: 'x' }), { context: { correlationId: 'conversation' } });
    await bus.publish([cause]);
    await bus.whenIdle();
    const saved = await eventStore.getEvents({ aggregateType: 'Task', aggregateId: 'follow-up' }).first();
    expect(saved).toMatchObject({ correlationId: 'conversation', causationId: cause.id });
  });
});

describe('a handler that fails', () => {
  test('is called again, without those that succeeded', async () => {
    await using bus = new InMemoryEventBus({ retry: atOnce });
    const calls: string[] = [];
    bus.subscribe(TaskCreated, () => calls.push('good'), { name: 'good' });
    bus.subscribe(
      TaskCreated,
      (_event, { attempt }) => {
        calls.push('bad');
        if (attempt === 1) throw new Error('no');
      },
      { name: 'bad' },
    );
    bus.subscribe(TaskCreated, () => calls.push('last'), { name: 'last' });
    await bus.startConsuming();
    await bus.publish([created()]);
    await bus.whenIdle();
    expect(calls).toEqual(['good', 'bad', 'last', 'bad']);
    expect(await bus.deadLetters.count()).toBe(0);
  });

  test('at its last attempt leaves a dead letter that says what happened, and the bus goes on', async () => {
    await using bus = new InMemoryEventBus({ name: 'tasks', retry: atOnce });
    const seen: string[] = [];
    bus.subscribe(
      TaskCreated,
      (event) => {
        if (event.data.title === 'bad') throw Object.assign(new Error('no at https://user:secret@host/'), { code: 'E_NO' });
        seen.push(event.data.title);
      },
      { name: 'mailer' },
    );
    await bus.startConsuming();
    const bad = created('bad');
    await bus.publish([created('before'), bad, created('after')]);
    await bus.whenIdle();
    expect(seen).toEqual(['before', 'after']);
    expect(await bus.deadLetters.list()).toEqual([
      {
        id: expect.any(String),
        source: 'tasks',
        handler: 'mailer',
        destination: 'tasks',
        headers: {},
        content: { kind: 'event', event: bad },
        reason: 'handler-failed',
        error: { name: 'Error', code: 'E_NO', message: 'no at https://user:***@host/' },
        attempts: 3,
        firstFailedAt: expect.stringMatching(/^\d{4}-.*Z$/),
        lastFailedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    ]);
  });

  test('waits for its next attempt without holding up other aggregates', async () => {
    await using bus = new InMemoryEventBus({
      concurrency: 1,
      retry: { maxAttempts: 2, initialDelayMs: 60_000, maxDelayMs: 60_000, jitter: 'none' },
    });
    const handled: string[] = [];
    bus.subscribe(
      TaskCreated,
      (event, { attempt }) => {
        if (event.data.title === 'first' && attempt === 1) throw new Error('later');
        handled.push(`${event.aggregateId} ${event.data.title}`);
      },
      { name: 'h' },
    );
    vi.useFakeTimers();
    try {
      await bus.startConsuming();
      await bus.publish([created('first', 'slow'), created('second', 'slow'), created('x', 'quick'), created('y', 'quick')]);
      await vi.waitFor(() => expect(handled).toEqual(['quick x', 'quick y']), { interval: 1 });
      await vi.advanceTimersByTimeAsync(60_000);
      await vi.waitFor(() => expect(handled.slice(2)).toEqual(['slow first', 'slow second']), { interval: 1 });
    } finally {
      vi.useRealTimers();
    }
  });

  test('may throw anything', async () => {
    await using bus = new InMemoryEventBus({ retry: { maxAttempts: 1 } });
    bus.subscribe(TaskCreated, () => Promise.reject(undefined), { name: 'h' });
    await bus.startConsuming();
    await bus.publish([created()]);
    await bus.whenIdle();
    expect(await bus.deadLetters.list()).toMatchObject([{ error: { name: '_OTHER', message: 'undefined' } }]);
  });

  test('leaves a letter of its own beside others that fail', async () => {
    await using bus = new InMemoryEventBus({ retry: atOnce });
    for (const name of ['a', 'b']) {
      bus.subscribe(
        TaskCreated,
        () => {
          throw new Error(name);
        },
        { name },
      );
    }
    await bus.startConsuming();
    await bus.publish([created()]);
    await bus.whenIdle();
    const letters = await bus.deadLetters.list();
    expect(letters.map(({ handler, error }) => [handler, error.message])).toEqual([
      ['a', 'a'],
      ['b', 'b'],
    ]);
  });
});

describe('an event that is not what its definition says', () => {
  test('is refused when it is published, and none of its batch is sent', async () => {
    await using bus = new InMemoryEventBus({ events: [TaskCreated] });
    const handler = vi.fn();
    bus.subscribe(ALL_EVENTS, handler, { name: 'h' });
    await bus.startConsuming();
    const wrong = { ...created(), data: { title: 1 } };
    await expect(bus.publish([created(), wrong])).rejects.toMatchObject({ code: 'ES_INVALID_EVENT_DATA', eventId: wrong.id });
    await expect(bus.publish([created(), eventOf(TaskCompleted.create())])).rejects.toMatchObject({ code: 'ES_UNKNOWN_EVENT_TYPE' });
    await bus.whenIdle();
    expect(handler).not.toHaveBeenCalled();
  });

  test('is a dead letter at once where it came through', async () => {
    await using bus = new InMemoryEventBus({ retry: { maxAttempts: 5, initialDelayMs: 60_000 } });
    const wrong = { ...created(), data: { title: 1 } };
    await bus.publish([wrong]);
    const handler = vi.fn();
    bus.subscribe(TaskCreated, handler, { name: 'h' });
    await bus.startConsuming();
    await bus.whenIdle();
    expect(handler).not.toHaveBeenCalled();
    expect(await bus.deadLetters.list()).toMatchObject([
      { reason: 'undecodable', attempts: 1, error: { code: 'ES_INVALID_EVENT_DATA' }, content: { event: { id: wrong.id } } },
    ]);
  });

  test.each([
    ['no event', undefined, /has no fields/],
    ['no id', { ...created(), id: '' }, /`id` that is not text/],
    ['a draft', TaskCreated.create({ title: 'x' }), /`aggregateType` that is not text/],
    ['version 0', { ...created(), version: 0 }, /`version` that is not a whole number from 1/],
    ['odd tags', { ...created(), tags: 'x' }, /`tags` that is not a list/],
  ])('is refused with a reason: %s', async (_name, event, message) => {
    await using bus = new InMemoryEventBus();
    await expect(bus.publish([event as DomainEvent])).rejects.toMatchObject({
      code: 'ES_INVALID_ARGUMENT',
      message: expect.stringMatching(message),
    });
  });

  test('is refused when JSON can not hold it', async () => {
    await using bus = new InMemoryEventBus();
    await expect(bus.publish([{ ...created(), data: { n: 1n } }])).rejects.toMatchObject({ code: 'ES_INVALID_EVENT_DATA' });
  });
});

describe('subscribing', () => {
  test('names a handler by its function or its events', async () => {
    await using bus = new InMemoryEventBus();
    const sendMail = (): void => undefined;
    expect(bus.subscribe(TaskCreated, sendMail).name).toBe('sendMail');
    expect(bus.subscribe([TaskCreated, TaskCompleted], () => undefined).name).toBe('TaskCreated, TaskCompleted');
    expect(bus.subscribe(ALL_EVENTS, () => undefined).name).toBe('all events');
    expect(bus.subscribe(TaskCreated, sendMail, { name: 'again' }).name).toBe('again');
  });

  test('refuses a name that is taken, until it is free', async () => {
    await using bus = new InMemoryEventBus();
    const first = bus.subscribe(TaskCreated, () => undefined, { name: 'h' });
    expect(() => bus.subscribe(TaskCompleted, () => undefined, { name: 'h' })).toThrow(/handler named "h" already.*\{ name \}/s);
    first.unsubscribe();
    expect(bus.subscribe(TaskCompleted, () => undefined, { name: 'h' }).name).toBe('h');
    first.unsubscribe();
    expect(() => bus.subscribe(TaskCompleted, () => undefined, { name: 'h' })).toThrow(/already/);
  });

  test('refuses what can not be meant', async () => {
    await using bus = new InMemoryEventBus();
    const invalid = expect.objectContaining({ code: 'ES_INVALID_ARGUMENT' });
    expect(() => bus.subscribe([], () => undefined)).toThrow(invalid);
    expect(() => bus.subscribe('', () => undefined)).toThrow(invalid);
    expect(() => bus.subscribe(undefined as unknown as string, () => undefined)).toThrow(invalid);
    expect(() => bus.subscribe('A', undefined as unknown as () => void)).toThrow(invalid);
    expect(() => bus.subscribe('A', () => undefined, { name: '' })).toThrow(invalid);
    expect(() => new InMemoryEventBus({ concurrency: 0 })).toThrow(/concurrency/);
    expect(() => new InMemoryEventBus({ retry: { maxAttempts: 0 } })).toThrow(/maxAttempts/);
  });

  test('refuses two definitions of one type', async () => {
    await using bus = new InMemoryEventBus();
    bus.subscribe(TaskCreated, () => undefined);
    expect(() => bus.subscribe(defineEvent('TaskCreated'), () => undefined, { name: 'other' })).toThrow(/defined twice/);
  });
});

test('a poison event among 1,000 good ones is the one dead letter, and order holds', async () => {
  await using bus = new InMemoryEventBus({ retry: atOnce });
  const poison = uuidV7();
  const seen = new Map<string, number[]>();
  bus.subscribe(
    NumberAdded,
    async (event) => {
      await Promise.resolve();
      if (event.id === poison) throw new Error('poison');
      seen.set(event.aggregateId, [...(seen.get(event.aggregateId) ?? []), event.data.n]);
    },
    { name: 'sum' },
  );
  await bus.startConsuming();
  const streams = Array.from({ length: 10 }, (_, i) => numbered(`task-${i}`, 100));
  const interleaved = Array.from({ length: 100 }, (_, n) => streams.flatMap((stream) => stream.slice(n, n + 1))).flat();
  interleaved.splice(555, 0, { ...eventOf(NumberAdded.create({ n: 0 }), { aggregateId: 'task-5', version: 101 }), id: poison });
  await bus.publish(interleaved);
  await bus.whenIdle();
  expect([...seen.values()]).toEqual(streams.map((stream) => stream.map((event) => event.data.n)));
  expect(await bus.deadLetters.list()).toMatchObject([{ content: { event: { id: poison } }, handler: 'sum' }]);
});
