import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeRuns, encodeRuns, metadataLimit } from './offset-runs.ts';
import { OffsetTracker } from './offset-tracker.ts';

const tracker = (offset = 0, metadata = ''): OffsetTracker => new OffsetTracker({ offset, metadata });

describe('what a commit says of finished messages', () => {
  test.each([
    [[], ''],
    [[10], 'es1:0.1'],
    [[11, 12, 13, 20], 'es1:1.3.6.1'],
    [[10 + 36 ** 3], 'es1:1000.1'],
  ])('%j', (finished, text) => {
    expect(encodeRuns(10, finished)).toBe(text);
    expect(decodeRuns(10, text, 1_000_000)).toEqual(finished);
    // As Confluent's library commits it.
    expect(decodeRuns(10, `${text}\0`, 1_000_000)).toEqual(finished);
  });

  test('any set of offsets comes back, from its beginning as far as the broker takes it', () => {
    fc.assert(
      fc.property(fc.nat(10 ** 12), fc.uniqueArray(fc.nat(50_000), { maxLength: 3_000 }), (place, beyond) => {
        const finished = beyond.map((each) => place + each).sort((one, other) => one - other);
        const text = encodeRuns(place, finished);
        expect(text.length).toBeLessThanOrEqual(metadataLimit);
        const read = decodeRuns(place, text, 50_001);
        expect(read).toEqual(finished.slice(0, read.length));
        if (text.length < metadataLimit - 20) expect(read).toHaveLength(finished.length);
      }),
    );
  });

  test.each([null, undefined, '', 'note of someone else', 'es1:', 'es1:1..2', 'es2:1.1', 'es1:1.1;drop'])(
    '%j of others means nothing',
    (text) => {
      expect(decodeRuns(5, text, 1_000)).toEqual([]);
    },
  );

  test('runs that are too long are not believed', () => {
    expect(decodeRuns(0, 'es1:0.2.0.zzzzzzzz', 1_000)).toEqual([0, 1]);
  });
});

describe('a tracker', () => {
  test('commits up to the oldest message that is not finished, and says what is finished beyond', () => {
    const tracked = tracker();
    for (let offset = 0; offset < 6; offset += 1) tracked.begin(offset);
    for (const offset of [0, 1, 3, 5]) tracked.finish(offset);
    expect(tracked.uncommitted()).toEqual({ offset: 2, metadata: 'es1:1.1.1.1' });
    expect(tracked.span).toBe(4);
    tracked.finish(2);
    expect(tracked.uncommitted()).toEqual({ offset: 4, metadata: 'es1:1.1' });
    tracked.finish(4);
    expect(tracked.uncommitted()).toEqual({ offset: 6, metadata: '' });
  });

  test('has nothing to commit that is committed', () => {
    const tracked = tracker(7);
    expect(tracked.uncommitted()).toBeUndefined();
    tracked.begin(7);
    tracked.finish(7);
    tracked.committed({ offset: 8, metadata: '' });
    expect(tracked.uncommitted()).toBeUndefined();
  });

  test('remembers what was finished before a restart, and goes on from there', () => {
    const tracked = tracker(10, 'es1:1.2');
    expect([10, 11, 12, 13].map((offset) => tracked.isFinished(offset))).toEqual([false, true, true, false]);
    tracked.begin(10);
    tracked.advance(13);
    expect(tracked.uncommitted()).toBeUndefined();
    tracked.finish(10);
    expect(tracked.uncommitted()).toEqual({ offset: 13, metadata: '' });
  });

  test('passes over offsets that are no messages', () => {
    const tracked = tracker();
    tracked.begin(4);
    tracked.advance(9);
    expect(tracked.uncommitted()).toEqual({ offset: 4, metadata: '' });
    tracked.finish(4);
    expect(tracked.uncommitted()).toEqual({ offset: 9, metadata: '' });
  });

  test('whatever the order in which messages end, nothing that is not finished is below its place or in its metadata, and all else is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.array(fc.nat(59)), (count, ends) => {
        const tracked = tracker(100);
        const finished = new Set<number>();
        for (let index = 0; index < count; index += 1) tracked.begin(100 + index);
        for (const end of ends.filter((each) => each < count)) {
          tracked.finish(100 + end);
          finished.add(100 + end);
        }
        const { offset, metadata } = tracked.uncommitted() ?? { offset: 100, metadata: '' };
        const beyond = new Set(decodeRuns(offset, metadata, 1_000));
        for (let each = 100; each < 100 + count; each += 1) expect(each < offset || beyond.has(each)).toBe(finished.has(each));
      }),
    );
  });
});
