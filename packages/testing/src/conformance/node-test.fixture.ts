import { describe, test } from 'node:test';
import { InMemoryCheckpointStore, inMemoryStoreCapabilities } from '@es/core';
import { describeCheckpointStore } from '../index.ts';

// Run by Node's own test runner, in a process of its own.
describeCheckpointStore({
  runner: { describe, test },
  name: 'InMemoryCheckpointStore',
  capabilities: inMemoryStoreCapabilities,
  create: () => ({ open: () => new InMemoryCheckpointStore() }),
});
