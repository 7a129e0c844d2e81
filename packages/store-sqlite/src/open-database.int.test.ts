import { getLogger } from '@es/otel';
import { expect, onTestFinished, test } from 'vitest';
import { OpenDatabase } from './open-database.ts';
import type { SqliteOptions } from './sqlite-options.ts';
import { temporaryFile } from './temporary-folder.fixture.ts';

test.each([
  [undefined, 2, 1],
  ['extra', 3, 1],
  ['full', 2, 1],
  ['normal', 1, 0],
  ['off', 0, 0],
] as const)(
  'a file opened with synchronous %s writes ahead, syncs as it should, and never waits inside SQLite',
  (synchronous, level, fullfsync) => {
    const options: SqliteOptions = { path: temporaryFile(), ...(synchronous === undefined ? {} : { synchronous }) };
    const opened = OpenDatabase.from(options, getLogger('test'));
    onTestFinished(() => opened.release());
    const pragma = (name: string): unknown => opened.database.pragma(name, { simple: true });
    expect(pragma('journal_mode')).toBe('wal');
    expect([pragma('synchronous'), pragma('fullfsync')]).toEqual([level, fullfsync]);
    expect(pragma('busy_timeout')).toBe(0);
  },
);
