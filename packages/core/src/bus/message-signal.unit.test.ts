import { getLogger } from '@es/otel';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { BaseEventBus } from './base-event-bus.ts';
import { atOnce, eventOf, gate, TaskCreated } from './bus.fixture.ts';
import type { EventBusOptions } from './event-bus-options.ts';
import { TestTransport } from './test-transport.fixture.ts';

beforeAll(() => getLogger('test.bus').setLevel('silent'));

const body = (aggregateId = 'task-1') => JSON.stringify(eventOf(TaskCreated.create({ title: 'x' }), { aggregateId }));
const aborted = { code: 'ES_ABORTED' };

async function started(handler: () => unknown, options: EventBusOptions = {}) {
  const transport = new TestTransport();
  const bus = new BaseEventBus(transport, { retry: atOnce, ...options });
  bus.subscribe(TaskCreated, handler, { name: 'h' });
  await bus.startConsuming();
  return { transport, bus };
}

describe('a message that the broker delivers again anyway', () => {
  test('is given to no handler', async () => {
    const handler = vi.fn();
    const { transport, bus } = await started(handler);
    await expect(transport.deliver(body(), {}, AbortSignal.abort())).rejects.toMatchObject(aborted);
    expect(handler).not.toHaveBeenCalled();
    expect(await bus.stop()).toEqual({ unfinished: 0 });
  });

  test('is given up where it waits behind another one of its aggregate, or for a slot', async () => {
    const release = gate();
    const handler = vi.fn(() => release.opened);
    const { transport, bus } = await started(handler, { concurrency: 1 });
    const lost = new AbortController();
    const first = transport.deliver(body());
    const waiting = ['task-1', 'task-2'].map((id) => expect(transport.deliver(body(id), {}, lost.signal)).rejects.toMatchObject(aborted));
    await vi.waitFor(() => expect(handler).toHaveBeenCalled());
    lost.abort();
    release.open();
    await Promise.all([first, ...waiting]);
    expect(handler).toHaveBeenCalledOnce();
    expect(await bus.stop()).toEqual({ unfinished: 0 });
  });

  test('is not tried again: the wait is over at once, without a dead letter', async () => {
    const handler = vi.fn(() => Promise.reject(new Error('no')));
    const { transport, bus } = await started(handler, {
      retry: { maxAttempts: 2, initialDelayMs: 600_000, maxDelayMs: 600_000, jitter: 'none' },
    });
    const lost = new AbortController();
    const dropped = expect(transport.deliver(body(), {}, lost.signal)).rejects.toMatchObject(aborted);
    await vi.waitFor(() => expect(handler).toHaveBeenCalled());
    await new Promise(setImmediate);
    lost.abort();
    await dropped;
    expect(handler).toHaveBeenCalledOnce();
    expect(await bus.deadLetters.count()).toBe(0);
    expect(await bus.stop()).toEqual({ unfinished: 0 });
  });

  test('and whose handler is at work is handled to its end', async () => {
    const release = gate();
    const signals: AbortSignal[] = [];
    const transport = new TestTransport();
    const bus = new BaseEventBus(transport);
    bus.subscribe(
      TaskCreated,
      (_event, { signal }) => {
        signals.push(signal);
        return release.opened;
      },
      { name: 'h' },
    );
    await bus.startConsuming();
    const lost = new AbortController();
    const settled = transport.deliver(body(), {}, lost.signal);
    await vi.waitFor(() => expect(signals).toHaveLength(1));
    lost.abort();
    expect(signals[0]?.aborted).toBe(false);
    release.open();
    await settled;
    await bus.stop();
  });

  test('and whose handler then fails becomes no dead letter, not even at its last attempt', async () => {
    const fail = gate();
    const handler = vi.fn(() => fail.opened.then(() => Promise.reject(new Error('no'))));
    const { transport, bus } = await started(handler, { retry: { maxAttempts: 1 } });
    const lost = new AbortController();
    const dropped = expect(transport.deliver(body(), {}, lost.signal)).rejects.toMatchObject(aborted);
    await vi.waitFor(() => expect(handler).toHaveBeenCalled());
    lost.abort();
    fail.open();
    await dropped;
    expect(await bus.deadLetters.count()).toBe(0);
    expect(await bus.stop()).toEqual({ unfinished: 0 });
  });

  test('is in hand, and counts as unfinished, while its handler is at work', async () => {
    const handler = vi.fn(() => new Promise(() => undefined));
    const { transport, bus } = await started(handler);
    const lost = new AbortController();
    void transport.deliver(body(), {}, lost.signal);
    await vi.waitFor(() => expect(handler).toHaveBeenCalled());
    lost.abort();
    expect(await bus.stop({ deadlineMs: 0 })).toEqual({ unfinished: 1 });
  });

  test('comes to its turn when its handler is done, and is not handled again if that was settled', async () => {
    const release = gate();
    const handler = vi.fn(() => release.opened);
    const { transport, bus } = await started(handler);
    const lost = new AbortController();
    const first = transport.deliver(body(), {}, lost.signal);
    await vi.waitFor(() => expect(handler).toHaveBeenCalled());
    lost.abort();
    const again = transport.deliver(body(), {}, undefined, () => first.then(() => true));
    release.open();
    await Promise.all([first, again]);
    expect(handler).toHaveBeenCalledOnce();
    expect(await bus.stop()).toEqual({ unfinished: 0 });
  });

  test('is handled again if that was not settled', async () => {
    const handler = vi.fn();
    const { transport, bus } = await started(handler);
    await transport.deliver(body(), {}, undefined, () => Promise.resolve(false));
    expect(handler).toHaveBeenCalledOnce();
    await bus.stop();
  });
});
