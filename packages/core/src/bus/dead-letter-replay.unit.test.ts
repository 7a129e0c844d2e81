import { getLogger } from '@es/otel';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { InMemoryDeadLetterStore } from '../dead-letter/in-memory-dead-letter-store.ts';
import type { DomainEvent } from '../events/event.ts';
import { uuidV7 } from '../events/uuid-v7.ts';
import { currentMessageContext } from '../message/message-context.ts';
import { atOnce, eventOf, NumberAdded, numbered, TaskCreated } from './bus.fixture.ts';
import { InMemoryEventBus, type InMemoryEventBusOptions } from './in-memory-event-bus.ts';

beforeAll(() => getLogger('eventsource.bus').setLevel('silent'));

/** A bus with a dead letter for each event, whose handler works again once it is repaired. */
async function broken(events: readonly DomainEvent[], options: InMemoryEventBusOptions = {}) {
  const bus = new InMemoryEventBus({ retry: atOnce, ...options });
  const state = { isBroken: true };
  const handled: DomainEvent[] = [];
  bus.subscribe(
    [NumberAdded, TaskCreated],
    (event) => {
      if (state.isBroken) throw new Error('broken');
      handled.push(event);
    },
    { name: 'h' },
  );
  await bus.startConsuming();
  await bus.publish(events);
  await bus.whenIdle();
  const letters = await bus.deadLetters.list({ limit: 1_000 });
  expect(letters).toHaveLength(events.length);
  return { bus, state, handled, letters, firstId: letters[0]?.id ?? '' };
}

describe('the replay of a dead letter', () => {
  test('calls the handler that failed, in the context of its event, and removes the letter', async () => {
    const event = eventOf(TaskCreated.create({ title: 'x' }));
    const { bus, state, handled, firstId } = await broken([event]);
    await using _ = bus;
    const contexts: unknown[] = [];
    const other = vi.fn(() => contexts.push(currentMessageContext()));
    bus.subscribe(TaskCreated, other, { name: 'other' });
    state.isBroken = false;
    expect(await bus.replayDeadLetter(firstId)).toEqual({ status: 'handled' });
    expect(handled).toEqual([event]);
    expect(other).not.toHaveBeenCalled();
    expect(await bus.deadLetters.count()).toBe(0);
    expect(await bus.replayDeadLetter(firstId)).toEqual({ status: 'not-found' });
  });

  test('that fails again keeps the letter, with its attempts added up', async () => {
    const { bus, firstId, letters } = await broken([eventOf(TaskCreated.create({ title: 'x' }))]);
    await using _ = bus;
    const outcome = await bus.replayDeadLetter(firstId);
    const [kept, ...others] = await bus.deadLetters.list();
    expect(others).toEqual([]);
    expect(outcome).toEqual({ status: 'failed', letters: [kept] });
    expect(kept).toMatchObject({ id: firstId, attempts: 6, firstFailedAt: letters[0]?.firstFailedAt });
  });

  test('tells the handler how often it has been tried in all', async () => {
    const { bus, firstId } = await broken([eventOf(TaskCreated.create({ title: 'x' }))], { retry: { maxAttempts: 1 } });
    const attempts: number[] = [];
    await bus.stop();
    await using again = new InMemoryEventBus({ deadLetters: bus.deadLetters, retry: { maxAttempts: 1 } });
    again.subscribe(TaskCreated, (_event, { attempt }) => attempts.push(attempt), { name: 'h' });
    await again.replayDeadLetter(firstId);
    expect(attempts).toEqual([2]);
  });

  test('without its handler keeps the letter', async () => {
    const { bus, firstId } = await broken([eventOf(TaskCreated.create({ title: 'x' }))]);
    await bus.stop();
    await using other = new InMemoryEventBus({ deadLetters: bus.deadLetters });
    other.subscribe(TaskCreated, () => undefined, { name: 'renamed' });
    expect(await other.replayDeadLetter(firstId)).toEqual({ status: 'no-handler' });
    expect(await other.replayDeadLetters()).toEqual({ handled: 0, failed: 0, noHandler: 1 });
    expect(await other.deadLetters.count()).toBe(1);
  });

  test('leaves letters of other buses alone', async () => {
    const deadLetters = new InMemoryDeadLetterStore();
    const { bus, state, firstId } = await broken([eventOf(TaskCreated.create({ title: 'x' }))], { name: 'tasks', deadLetters });
    await using _ = bus;
    state.isBroken = false;
    await using other = new InMemoryEventBus({ name: 'orders', deadLetters });
    expect(await other.replayDeadLetter(firstId)).toEqual({ status: 'not-found' });
    expect(await other.replayDeadLetters()).toEqual({ handled: 0, failed: 0, noHandler: 0 });
    expect(await deadLetters.count()).toBe(1);
  });

  test('of an event that could not be decoded gives it to all who want it, and each that fails has a letter of its own then', async () => {
    const wrong = { ...eventOf(TaskCreated.create({ title: 'x' })), schemaVersion: 2 };
    const bus = new InMemoryEventBus({ retry: atOnce });
    await bus.publish([wrong]);
    bus.subscribe(TaskCreated, () => undefined, { name: 'h' });
    await bus.startConsuming();
    await bus.whenIdle();
    const [letter] = await bus.deadLetters.list();
    expect(letter).toMatchObject({ reason: 'undecodable', error: { code: 'ES_UPCAST' } });
    expect(letter).not.toHaveProperty('handler');
    expect(await bus.replayDeadLetter(letter?.id ?? '')).toMatchObject({ status: 'failed', letters: [{ id: letter?.id, attempts: 2 }] });
    await bus.stop();

    await using newer = new InMemoryEventBus({ deadLetters: bus.deadLetters, retry: atOnce });
    const good = vi.fn();
    newer.subscribe('TaskCreated', good, { name: 'good' });
    newer.subscribe('TaskCreated', () => Promise.reject(new Error('no')), { name: 'bad' });
    const outcome = await newer.replayDeadLetter(letter?.id ?? '');
    const [own, ...others] = await newer.deadLetters.list();
    expect(others).toEqual([]);
    expect(outcome).toEqual({ status: 'failed', letters: [own] });
    expect(own).toMatchObject({ handler: 'bad', reason: 'handler-failed', attempts: 3 });
    expect(own?.id).not.toBe(letter?.id);
    expect(good).toHaveBeenCalledOnce();
  });

  test('takes its turn among the events of its aggregate', async () => {
    const [first, second] = numbered('task-1', 2);
    if (first === undefined || second === undefined) throw new Error('two events');
    const { bus, state, handled, firstId } = await broken([first]);
    await using _ = bus;
    state.isBroken = false;
    await bus.publish([second]);
    await bus.replayDeadLetter(firstId);
    expect(handled).toEqual([second, first]);
  });
});

describe('the replay of all dead letters', () => {
  test('goes from the oldest to the newest, over many pages', async () => {
    const events = numbered('task-1', 250);
    const { bus, state, handled } = await broken(events);
    await using _ = bus;
    state.isBroken = false;
    expect(await bus.replayDeadLetters()).toEqual({ handled: 250, failed: 0, noHandler: 0 });
    expect(handled).toEqual(events);
    expect(await bus.deadLetters.count()).toBe(0);
  });

  test('counts each letter once, although those that fail are written anew', async () => {
    const { bus } = await broken(numbered('task-1', 3));
    await using _ = bus;
    expect(await bus.replayDeadLetters()).toEqual({ handled: 0, failed: 3, noHandler: 0 });
    expect(await bus.deadLetters.count()).toBe(3);
  });

  test('is over when those are done that were there at its start', async () => {
    const { bus, state, letters } = await broken([eventOf(TaskCreated.create({ title: 'x' }))]);
    await using _ = bus;
    state.isBroken = false;
    const [letter] = letters;
    if (letter === undefined) throw new Error('one letter');
    bus.subscribe(TaskCreated, () => bus.deadLetters.add({ ...letter, handler: 'breeder', id: uuidV7() }), { name: 'breeder' });
    await bus.deadLetters.add({ ...letter, handler: 'breeder', id: uuidV7() });
    expect(await bus.replayDeadLetters({ handler: 'breeder' })).toEqual({ handled: 1, failed: 0, noHandler: 0 });
    expect(await bus.deadLetters.count({ handler: 'breeder' })).toBe(1);
  });

  test('can be narrowed to a handler', async () => {
    const { bus, state } = await broken([eventOf(TaskCreated.create({ title: 'x' }))]);
    await using _ = bus;
    state.isBroken = false;
    expect(await bus.replayDeadLetters({ handler: 'another' })).toEqual({ handled: 0, failed: 0, noHandler: 0 });
    expect(await bus.replayDeadLetters({ handler: 'h' })).toEqual({ handled: 1, failed: 0, noHandler: 0 });
  });

  test('interrupted half-way has removed exactly what was handled', async () => {
    const events = numbered('task-1', 10);
    const { bus, state, handled } = await broken(events);
    await using _ = bus;
    state.isBroken = false;
    const interrupt = new AbortController();
    const { deadLetters } = bus;
    const remove = deadLetters.remove.bind(deadLetters);
    vi.spyOn(deadLetters, 'remove').mockImplementation((id) => {
      if (handled.length === 4) interrupt.abort();
      return remove(id);
    });
    await expect(bus.replayDeadLetters({ signal: interrupt.signal })).rejects.toMatchObject({ code: 'ES_ABORTED' });
    expect(handled).toEqual(events.slice(0, 4));
    const left = await bus.deadLetters.list();
    expect(left.map(({ content }) => content.kind === 'event' && content.event)).toEqual(events.slice(4));
    expect(await bus.replayDeadLetters()).toEqual({ handled: 6, failed: 0, noHandler: 0 });
    expect(handled).toEqual(events);
  });

  test('cut off by the stop of its bus keeps the letter in hand', async () => {
    const { bus } = await broken(numbered('task-1', 3));
    const { deadLetters } = bus;
    await bus.stop();
    const again = new InMemoryEventBus({ deadLetters });
    const handler = vi.fn(
      (_event, { signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('cut off')))),
    );
    again.subscribe(NumberAdded, handler, { name: 'h' });
    const refused = expect(again.replayDeadLetters()).rejects.toMatchObject({ code: 'ES_ABORTED' });
    await vi.waitFor(() => expect(handler).toHaveBeenCalled());
    expect(await again.stop({ deadlineMs: 0 })).toEqual({ unfinished: 0 });
    await refused;
    expect(await deadLetters.count()).toBe(3);
  });
});
