import { getLogger } from '@es/otel';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { defineEvent } from '../events/define-event.ts';
import type { DomainEvent } from '../events/event.ts';
import { created, eventOf, TaskCompleted, TaskCreated } from './bus.fixture.ts';
import { ALL_EVENTS } from './event-selector.ts';
import { InMemoryEventBus } from './in-memory-event-bus.ts';

beforeAll(() => getLogger('eventsource.bus').setLevel('silent'));

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
