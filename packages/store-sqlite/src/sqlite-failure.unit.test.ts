import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { explainFailure, isBusy } from './sqlite-failure.ts';

describe('explainFailure', () => {
  test.each([
    ['SQLITE_BUSY', 'ES_STORAGE_BUSY'],
    ['SQLITE_BUSY_RECOVERY', 'ES_STORAGE_BUSY'],
    ['SQLITE_LOCKED', 'ES_STORAGE_BUSY'],
    ['SQLITE_PROTOCOL', 'ES_STORAGE_BUSY'],
    ['SQLITE_FULL', 'ES_STORAGE_FULL'],
    ['SQLITE_READONLY', 'ES_STORAGE_READ_ONLY'],
    ['SQLITE_READONLY_DBMOVED', 'ES_STORAGE_READ_ONLY'],
    ['SQLITE_NOTADB', 'ES_STORAGE_CORRUPT'],
    ['SQLITE_CORRUPT', 'ES_STORAGE_CORRUPT'],
    ['SQLITE_CORRUPT_INDEX', 'ES_STORAGE_CORRUPT'],
    ['SQLITE_CANTOPEN', 'ES_STORAGE_UNAVAILABLE'],
    ['SQLITE_PERM', 'ES_STORAGE_UNAVAILABLE'],
    ['SQLITE_AUTH', 'ES_STORAGE_UNAVAILABLE'],
    ['SQLITE_IOERR_FSYNC', 'ES_STORAGE_FAILURE'],
    ['SQLITE_NOMEM', 'ES_STORAGE_FAILURE'],
  ])('makes %s the code %s, with operation, file, reason and advice', (sqliteCode, code) => {
    const cause = new Database.SqliteError('the reason', sqliteCode);
    expect(explainFailure(cause, 'Store.append', '/data/shop.db')).toMatchObject({
      name: 'StorageError',
      code,
      cause,
      message: expect.stringMatching(
        new RegExp(`^Store\\.append failed on /data/shop\\.db: the reason \\(${sqliteCode}\\)\\. [A-Z].*\\.$`),
      ),
    });
  });

  test('makes a broken rule of our own tables a failure, and leaves one of other tables as it is', () => {
    const ours = new Database.SqliteError('UNIQUE constraint failed: es_events.id', 'SQLITE_CONSTRAINT_UNIQUE');
    const theirs = new Database.SqliteError('UNIQUE constraint failed: orders.es_id', 'SQLITE_CONSTRAINT_UNIQUE');
    expect(explainFailure(ours, 'Store.append', 'file')).toMatchObject({ code: 'ES_STORAGE_FAILURE', cause: ours });
    expect(explainFailure(theirs, 'Store.append', 'file')).toBe(theirs);
  });

  test.each([
    new Error('other'),
    new TypeError('x is not a function'),
    Object.assign(new Error('no file'), { code: 'ENOENT' }),
    'text',
    undefined,
  ])('leaves %s as it is', (error) => {
    expect(explainFailure(error, 'Store.append', 'file')).toBe(error);
  });
});

test.each([
  [new Database.SqliteError('busy', 'SQLITE_BUSY_SNAPSHOT'), true],
  [new Database.SqliteError('locked', 'SQLITE_LOCKED_SHAREDCACHE'), true],
  [new Database.SqliteError('full', 'SQLITE_FULL'), false],
  [new TypeError('This database connection is busy executing a query'), true],
  [new TypeError('The database connection is not open'), false],
  [new Error('This database connection is busy executing a query'), false],
  [undefined, false],
])('isBusy(%s) is %s', (error, expected) => {
  expect(isBusy(error)).toBe(expected);
});
