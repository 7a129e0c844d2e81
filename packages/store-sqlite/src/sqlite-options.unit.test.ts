import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { SqliteCheckpointStore } from './sqlite-checkpoint-store.ts';
import { SqliteEventStore, type SqliteEventStoreOptions } from './sqlite-event-store.ts';
import { SqliteSnapshotStore } from './sqlite-snapshot-store.ts';

const stores = { SqliteEventStore, SqliteSnapshotStore, SqliteCheckpointStore };

function refusalOf(name: keyof typeof stores, options: object): unknown {
  try {
    new stores[name](options as SqliteEventStoreOptions);
  } catch (error) {
    return error;
  }
  return undefined;
}

describe.each(Object.keys(stores) as (keyof typeof stores)[])('%s refuses', (name) => {
  test.each([
    ['no place', {}, 'it got neither'],
    ['an empty path', { path: '' }, 'it got neither'],
    ['two places', { path: ':memory:', database: new Database(':memory:') }, 'it got both'],
    ['an unknown level', { path: ':memory:', synchronous: 'mostly' }, 'off, normal, full, extra; it got mostly'],
    ['a negative deadline', { path: ':memory:', busyTimeoutMs: -1 }, 'busyTimeoutMs that is a number of milliseconds from 0; it got -1'],
    ['a deadline that is no number', { path: ':memory:', busyTimeoutMs: '5s' }, 'it got 5s'],
    ['an endless deadline', { path: ':memory:', busyTimeoutMs: Infinity }, 'it got Infinity'],
  ])('%s', (_, options, message) => {
    expect(refusalOf(name, options)).toMatchObject({ code: 'ES_INVALID_ARGUMENT', message: expect.stringContaining(message) });
    expect(refusalOf(name, options)).toHaveProperty('message', expect.stringContaining(name));
  });
});

test.each([0, -5, Number.NaN])('SqliteEventStore refuses a poll interval of %s', (pollIntervalMs) => {
  expect(refusalOf('SqliteEventStore', { path: ':memory:', pollIntervalMs })).toMatchObject({
    code: 'ES_INVALID_ARGUMENT',
    message: expect.stringContaining('pollIntervalMs'),
  });
});
