import { configureLogging, getLogger, type LogRecord } from '@es/otel';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { atOnce, eventOf, gate, TaskCompleted, TaskCreated } from './bus.fixture.ts';
import { InMemoryEventBus } from './in-memory-event-bus.ts';

const log: LogRecord[] = [];
beforeAll(() => {
  configureLogging({ destination: { write: (record) => log.push(record) } });
  getLogger('eventsource.bus').setLevel('warn');
});
afterEach(() => {
  log.length = 0;
});

const created = (aggregateId = 'task-1') => eventOf(TaskCreated.create({ title: 'x' }), { aggregateId });

describe('stop', () => {
  test('of an idle bus waits for nothing', async () => {
    vi.useFakeTimers();
    try {
      const bus = new InMemoryEventBus();
      await bus.startConsuming();
      expect(await bus.stop()).toEqual({ unfinished: 0 });
      expect(vi.getTimerCount()).toBe(0);
      expect(await new InMemoryEventBus().stop()).toEqual({ unfinished: 0 });
    } finally {
      vi.useRealTimers();
    }
  });

  test('finishes what is in hand, with its retries and what waits behind it', async () => {
    const bus = new InMemoryEventBus({ concurrency: 1, retry: atOnce });
    const release = gate();
    const handled: string[] = [];
    bus.subscribe(TaskCreated, async ({ aggregateId }, { attempt, signal }) => {
      await release.opened;
      if (attempt === 1) throw new Error('again');
      handled.push(`${aggregateId} ${signal.aborted}`);
    });
    await bus.startConsuming();
    await bus.publish([created('a'), created('b'), created('a')]);
    const stopping = bus.stop();
    release.open();
    expect(await stopping).toEqual({ unfinished: 0 });
    expect(handled.sort()).toEqual(['a false', 'a false', 'b false']);
  });

  test('at its deadline tells the handlers, reports what is not done, and leaves no dead letter', async () => {
    const bus = new InMemoryEventBus({
      concurrency: 2,
      retry: { maxAttempts: 2, initialDelayMs: 60_000, jitter: 'none', maxDelayMs: 60_000 },
    });
    const aborted = vi.fn();
    const called: string[] = [];
    bus.subscribe(TaskCreated, ({ aggregateId }, { signal }) => {
      called.push(aggregateId);
      if (aggregateId === 'fails') throw new Error('later');
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(aborted())));
    });
    await bus.startConsuming();
    await bus.publish([created('hangs'), created('hangs'), created('fails'), created('also hangs'), created('waits for a slot')]);
    await vi.waitFor(() => expect(log).toHaveLength(1));
    expect(await bus.stop({ deadlineMs: 0 })).toEqual({ unfinished: 5 });
    expect(aborted).toHaveBeenCalledTimes(2);
    await new Promise(setImmediate);
    expect(called.sort()).toEqual(['also hangs', 'fails', 'hangs']);
    expect(await bus.deadLetters.count()).toBe(0);
    expect(log.at(-1)).toMatchObject({ level: 'warn', logger: 'eventsource.bus.memory', fields: { unfinished: 5 } });
  });

  test('does not wait longer than its deadline for a handler that never ends', async () => {
    const bus = new InMemoryEventBus();
    const handler = vi.fn(() => new Promise(() => undefined));
    bus.subscribe(TaskCreated, handler, { name: 'h' });
    await bus.startConsuming();
    await bus.publish([created(), created()]);
    await vi.waitFor(() => expect(handler).toHaveBeenCalled());
    expect(await bus.stop({ deadlineMs: 1 })).toEqual({ unfinished: 2 });
    expect(handler).toHaveBeenCalledOnce();
  });

  test('reports events that nobody began to consume', async () => {
    const bus = new InMemoryEventBus();
    await bus.publish([created(), created()]);
    expect(await bus.stop()).toEqual({ unfinished: 2 });
    expect(log).toMatchObject([{ fields: { unfinished: 2 } }]);
  });

  test('lets handlers in hand publish, and handles that too', async () => {
    const bus = new InMemoryEventBus({ retry: { maxAttempts: 1 } });
    const release = gate();
    const completed = vi.fn();
    bus.subscribe(
      TaskCreated,
      async () => {
        await release.opened;
        await bus.publish([eventOf(TaskCompleted.create(), { version: 2 })]);
      },
      { name: 'chain' },
    );
    bus.subscribe(TaskCompleted, completed, { name: 'completed' });
    await bus.startConsuming();
    await bus.publish([created()]);
    const stopping = bus.stop();
    await expect(bus.publish([created()])).rejects.toMatchObject({ code: 'ES_CLOSED' });
    release.open();
    expect(await stopping).toEqual({ unfinished: 0 });
    expect(completed).toHaveBeenCalledOnce();
    expect(await bus.deadLetters.count()).toBe(0);
  });

  test('happens once, however often it is asked for', async () => {
    const bus = new InMemoryEventBus();
    const release = gate();
    bus.subscribe(TaskCreated, () => release.opened, { name: 'h' });
    await bus.startConsuming();
    await bus.publish([created()]);
    const both = Promise.all([bus.stop(), bus.stop({ deadlineMs: 0 })]);
    release.open();
    expect(await both).toEqual([{ unfinished: 0 }, { unfinished: 0 }]);
    expect(await bus.stop()).toEqual({ unfinished: 0 });
  });

  test.each([-1, Number.NaN])('refuses a deadline of %s and goes on', async (deadlineMs) => {
    await using bus = new InMemoryEventBus();
    await expect(bus.stop({ deadlineMs })).rejects.toMatchObject({ code: 'ES_INVALID_ARGUMENT' });
    await bus.publish([]);
  });
});

describe('after stop, or with an aborted signal', () => {
  const operations = (bus: InMemoryEventBus, options: { signal?: AbortSignal }): Record<string, () => unknown> => ({
    publish: () => bus.publish([created()], options),
    'publish nothing': () => bus.publish([], options),
    startConsuming: () => bus.startConsuming(options),
    replayDeadLetter: () => bus.replayDeadLetter('x', options),
    replayDeadLetters: () => bus.replayDeadLetters(options),
    whenIdle: () => bus.whenIdle(options),
  });

  test('every operation fails the same way', async () => {
    const bus = new InMemoryEventBus();
    for (const operation of Object.values(operations(bus, { signal: AbortSignal.abort('enough') }))) {
      await expect(operation()).rejects.toMatchObject({ code: 'ES_ABORTED', cause: 'enough' });
    }
    await bus.stop();
    for (const operation of Object.values(operations(bus, {}))) await expect(operation()).rejects.toMatchObject({ code: 'ES_CLOSED' });
    expect(() => bus.subscribe(TaskCreated, () => undefined)).toThrow(expect.objectContaining({ code: 'ES_CLOSED' }));
  });

  test('dead letters stay readable in the default store', async () => {
    const bus = new InMemoryEventBus({ retry: { maxAttempts: 1 } });
    bus.subscribe(TaskCreated, () => Promise.reject(new Error('no')), { name: 'h' });
    await bus.startConsuming();
    await bus.publish([created()]);
    await bus.stop();
    expect(await bus.deadLetters.count()).toBe(1);
  });

  test('whoever waits for idleness is told', async () => {
    const bus = new InMemoryEventBus();
    await bus.publish([created()]);
    const giveUp = new AbortController();
    const impatient = expect(bus.whenIdle({ signal: giveUp.signal })).rejects.toMatchObject({ code: 'ES_ABORTED', cause: 'enough' });
    giveUp.abort('enough');
    await impatient;
    const waiting = expect(bus.whenIdle()).rejects.toMatchObject({ code: 'ES_CLOSED' });
    await bus.stop();
    await waiting;
  });
});
