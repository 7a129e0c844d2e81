import { getLogger } from '@es/otel';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { defineEvent } from '../events/define-event.ts';
import type { DomainEvent } from '../events/event.ts';
import { created, eventOf, gate, TaskCompleted, TaskCreated } from './bus.fixture.ts';
import { ALL_EVENTS } from './event-selector.ts';
import { InMemoryEventBus } from './in-memory-event-bus.ts';

beforeAll(() => getLogger('eventsource.bus').setLevel('silent'));

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
