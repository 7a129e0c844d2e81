import { Console } from 'node:console';
import { describe, expect, test } from 'vitest';
import { consoleDestination } from './console-destination.ts';
import type { LogLevel, LogRecord } from './logger.ts';
import { LineSink } from './logging.fixture.ts';

const record: LogRecord = { level: 'warn', time: Date.UTC(2026, 0, 31, 12), logger: 'eventsource.bus', message: 'slow', fields: {} };

function written(given: LogRecord): { out: string[]; err: string[] } {
  const [stdout, stderr] = [new LineSink(), new LineSink()];
  consoleDestination(new Console({ stdout, stderr })).write(given);
  return { out: stdout.lines, err: stderr.lines };
}

describe('consoleDestination', () => {
  test('writes one line with time, level, logger and message', () => {
    expect(written(record).err).toEqual(['2026-01-31T12:00:00.000Z WARN eventsource.bus: slow']);
  });

  test.each<[LogLevel, 'out' | 'err']>([
    ['trace', 'out'],
    ['debug', 'out'],
    ['info', 'out'],
    ['warn', 'err'],
    ['error', 'err'],
    ['fatal', 'err'],
  ])('writes %s to std%s', (level, stream) => {
    const lines = written({ ...record, level });
    expect(lines[stream]).toHaveLength(1);
    expect(lines.out.length + lines.err.length).toBe(1);
  });

  test('writes fields after the message, an error with its stack', () => {
    expect(written({ ...record, fields: { topic: 'orders' } }).err).toEqual([
      "2026-01-31T12:00:00.000Z WARN eventsource.bus: slow { topic: 'orders' }",
    ]);
    const lines = written({ ...record, fields: { err: new RangeError('torn page') } }).err.join('\n');
    expect(lines).toContain('RangeError: torn page');
    expect(lines).toContain('console-destination.unit.test.ts');
  });

  test('takes a percent sign in a message as it is', () => {
    expect(written({ ...record, message: '100%s %d', fields: { a: 1 } }).err[0]).toContain('100%s %d { a: 1 }');
  });

  test('writes a record without a message', () => {
    const { message: _, ...bare } = record;
    expect(written(bare).err).toEqual(['2026-01-31T12:00:00.000Z WARN eventsource.bus:']);
  });
});
