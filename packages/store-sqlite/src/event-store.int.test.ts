import { join } from 'node:path';
import { describeEventStore } from '@es/testing';
import Database from 'better-sqlite3';
import { describe, test } from 'vitest';
import { sqliteCapabilities } from './capabilities.ts';
import { PACKAGE_NAME } from './package-info.ts';
import { SqliteEventStore } from './sqlite-event-store.ts';
import { makeFolder } from './temporary-folder.fixture.ts';

const attributes = {
  'db.system.name': 'sqlite',
  'db.system': 'sqlite',
  'db.namespace': 'events.db',
  'db.collection.name': 'es_events',
};

describeEventStore({
  runner: { describe, test },
  name: 'SqliteEventStore on a file',
  capabilities: sqliteCapabilities,
  telemetry: { scope: PACKAGE_NAME, kind: 'INTERNAL', attributes },
  create: () => {
    const folder = makeFolder();
    return { open: (options) => new SqliteEventStore({ ...options, path: join(folder.path, 'events.db') }), cleanup: folder.remove };
  },
});

describeEventStore({
  runner: { describe, test },
  name: 'SqliteEventStore on a database handed in, with big integers by default and no WAL',
  capabilities: sqliteCapabilities,
  telemetry: { scope: PACKAGE_NAME, kind: 'INTERNAL', attributes },
  traced: false,
  create: () => {
    const folder = makeFolder();
    const database = new Database(join(folder.path, 'events.db')).defaultSafeIntegers(true);
    return {
      open: (options) => new SqliteEventStore({ ...options, database }),
      cleanup: () => {
        database.close();
        folder.remove();
      },
    };
  },
});
