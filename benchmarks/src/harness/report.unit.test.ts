import { expect, test } from 'vitest';
import { type Report, renewed } from './report.ts';
import type { Row } from './row.ts';

const row = (id: string, reason: string): Row => ({
  id,
  group: 'g',
  title: id,
  bar: null,
  verdict: 'did not run',
  certain: true,
  finding: null,
  seconds: 1,
  reason,
});
const machine = { node: 'v24', platform: 'linux x64', processor: 'one', cores: 2, memoryGiB: 4, syncMs: 1, loadBefore: 0 };
const report = (rows: readonly Row[], other: Partial<Report> = {}): Report => ({
  date: '2026-01-01T00:00:00.000Z',
  scale: 'full',
  complete: true,
  seconds: 10,
  machine,
  packages: { a: '1' },
  rows,
  ...other,
});

test('rows that were measured again take the place of the old ones, and no other', () => {
  const old = report([row('a', 'old'), row('b', 'old')]);
  const again = report([row('b', 'new'), row('c', 'new')], { complete: false, seconds: 2, packages: { b: '2' } });
  expect(renewed(old, again)).toEqual({ ...old, seconds: 12, packages: { a: '1', b: '2' }, rows: [row('a', 'old'), row('b', 'new')] });
});

test('another machine’s figures, or those of another scale, are not mixed in', () => {
  const old = report([row('a', 'old')]);
  expect(() => renewed(old, report([], { machine: { ...machine, processor: 'other' } }))).toThrow('same machine');
  expect(() => renewed(old, report([], { scale: 'tiny' }))).toThrow('same scale');
});
