import { join } from 'node:path';
import { describeSnapshotStore } from '@es/testing';
import { describe, test } from 'vitest';
import { sqliteCapabilities } from './capabilities.ts';
import { PACKAGE_NAME } from './package-info.ts';
import { SqliteSnapshotStore } from './sqlite-snapshot-store.ts';
import { makeFolder } from './temporary-folder.fixture.ts';

describeSnapshotStore({
  runner: { describe, test },
  name: 'SqliteSnapshotStore',
  capabilities: sqliteCapabilities,
  telemetry: {
    scope: PACKAGE_NAME,
    kind: 'INTERNAL',
    attributes: {
      'db.system.name': 'sqlite',
      'db.system': 'sqlite',
      'db.namespace': 'snapshots.db',
      'db.collection.name': 'es_snapshots',
    },
  },
  create: () => {
    const folder = makeFolder();
    return { open: (options) => new SqliteSnapshotStore({ ...options, path: join(folder.path, 'snapshots.db') }), cleanup: folder.remove };
  },
});
