import { getLogger } from '@es/otel';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { uuidV7 } from '../events/uuid-v7.ts';
import { atOnce, created, eventOf, NumberAdded, numbered, TaskCreated } from './bus.fixture.ts';
import { InMemoryEventBus } from './in-memory-event-bus.ts';

beforeAll(() => getLogger('eventsource.bus').setLevel('silent'));

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
