import { expect, test } from 'vitest';
import { runsOf } from './written-records.ts';

const written = (topic: string, partition: number, ...offsets: number[]) => offsets.map((offset) => ({ topic, partition, offset }));

test('of records that lie behind one another the first place is said, for each partition', () => {
  expect(runsOf([...written('events', 0, 7, 8, 9), ...written('events', 1, 4), ...written('other', 0, 1, 2)])).toEqual([
    { topicName: 'events', partition: 0, baseOffset: '7' },
    { topicName: 'events', partition: 1, baseOffset: '4' },
    { topicName: 'other', partition: 0, baseOffset: '1' },
  ]);
});

test('partitions that take turns do not part what lies together', () => {
  const [a, b] = [written('events', 0, 7, 8), written('events', 1, 4, 5)];
  expect(runsOf([a[0], b[0], a[1], b[1]].flatMap((record) => record ?? []))).toHaveLength(2);
});

test('where another producer came in between, the place behind it is said too', () => {
  expect(runsOf(written('events', 0, 7, 8, 12, 13)).map(({ baseOffset }) => baseOffset)).toEqual(['7', '12']);
});
