import { join } from 'node:path';
import { describeCheckpointStore } from '@es/testing';
import { describe, test } from 'vitest';
import { sqliteCapabilities } from './capabilities.ts';
import { SqliteCheckpointStore } from './sqlite-checkpoint-store.ts';
import { makeFolder } from './temporary-folder.fixture.ts';

describeCheckpointStore({
  runner: { describe, test },
  name: 'SqliteCheckpointStore',
  capabilities: sqliteCapabilities,
  create: () => {
    const folder = makeFolder();
    return { open: () => new SqliteCheckpointStore({ path: join(folder.path, 'checkpoints.db') }), cleanup: folder.remove };
  },
});
