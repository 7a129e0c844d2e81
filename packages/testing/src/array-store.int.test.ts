import { BaseEventStore } from '@es/core';
import { describe, test } from 'vitest';
import { ArrayDatabase, ArrayEventStorage } from './event-store/array-event-storage.fixture.ts';
import { describeEventStore } from './event-store/describe-event-store.ts';

// Unlike the in-memory store it can share its data among connections, and presents itself as a database behind a network.
describeEventStore({
  runner: { describe, test },
  name: 'ArrayEventStore',
  capabilities: { durable: true, multipleConnections: true, tagFilter: true },
  telemetry: {
    scope: 'array-event-store',
    kind: 'CLIENT',
    attributes: { 'db.system.name': 'array', 'db.system': 'array', 'db.namespace': 'tests' },
  },
  traced: true,
  create: () => {
    const database = new ArrayDatabase();
    return { open: (options) => new BaseEventStore(new ArrayEventStorage(database), options) };
  },
});
