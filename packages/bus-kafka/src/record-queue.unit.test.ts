import { describe, expect, test } from 'vitest';
import { type QueuedRecord, RecordQueue, requestsOf, type Settlement } from './record-queue.ts';

const settlement = (isOver = false): Settlement => ({ isOver, confirm: () => undefined, fail: () => undefined, refuse: () => undefined });

const record = (value: string, { topic = 'events', over = false } = {}): QueuedRecord => ({
  topic,
  record: { key: 'k', value },
  index: 0,
  settlement: settlement(over),
});

const valuesOf = (groups: readonly (readonly QueuedRecord[])[]): (string | Buffer | null)[][] =>
  groups.map((group) => group.map((each) => each.record.value));

const large = 'x'.repeat(500_000);

describe('a queue of records', () => {
  test('gives as many as fit into a request, in their order', () => {
    const queue = new RecordQueue(false);
    queue.add([record('a'), record(large), record('b')]);
    queue.add([record(large), record('c')]);
    expect(valuesOf(queue.take())).toEqual([['a'], [large], ['b']]);
    expect([valuesOf(queue.take()), queue.isEmpty]).toEqual([[[large], ['c']], true]);
  });

  test('gives what is too large for a request by itself', () => {
    const queue = new RecordQueue(false);
    const huge = large.repeat(3);
    queue.add([record(huge), record('a')]);
    expect([valuesOf(queue.take()), valuesOf(queue.take())]).toEqual([[[huge]], [['a']]]);
  });

  test('keeps together what belongs together', () => {
    const queue = new RecordQueue(true);
    queue.add([record('a'), record(large)]);
    queue.add([record('b'), record(large)]);
    expect([valuesOf(queue.take()), valuesOf(queue.take())]).toEqual([[['a', large]], [['b', large]]]);
  });

  test('leaves out what nobody waits for', () => {
    const queue = new RecordQueue(false);
    queue.add([record('a', { over: true }), record('b')]);
    expect(valuesOf(queue.take())).toEqual([['b']]);
    queue.add([record('c', { over: true })]);
    expect([queue.take(), queue.isEmpty]).toEqual([[], true]);
  });

  test('gives up what is left', () => {
    const queue = new RecordQueue(true);
    queue.add([record('a'), record('b')]);
    expect([queue.drain().length, queue.isEmpty]).toEqual([2, true]);
  });
});

test('requests are by topic, and as many as the records need', () => {
  const requests = requestsOf([record('a'), record('b', { topic: 'other' }), record(large), record('c'), record(large)]);
  expect(requests.map((topics) => topics.map(({ topic, messages }) => [topic, messages.length]))).toEqual([
    [
      ['events', 3],
      ['other', 1],
    ],
    [['events', 1]],
  ]);
});
