import { join } from 'node:path';
import { describeDeadLetterStore } from '@es/testing';
import { describe, test } from 'vitest';
import { sqliteCapabilities } from './capabilities.ts';
import { SqliteDeadLetterStore } from './sqlite-dead-letter-store.ts';
import { makeFolder } from './temporary-folder.fixture.ts';

describeDeadLetterStore({
  runner: { describe, test },
  name: 'SqliteDeadLetterStore',
  capabilities: sqliteCapabilities,
  create: () => {
    const folder = makeFolder();
    return { open: () => new SqliteDeadLetterStore({ path: join(folder.path, 'letters.db') }), cleanup: folder.remove };
  },
});
