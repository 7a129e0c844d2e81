import {
  InMemoryCheckpointStore,
  InMemoryDeadLetterStore,
  InMemoryEventBus,
  InMemoryEventStore,
  InMemorySnapshotStore,
  inMemoryEventBusCapabilities,
  inMemoryEventStoreCapabilities,
  inMemoryStoreCapabilities,
} from '@es/core';
import { describe, test } from 'vitest';
import { describeCheckpointStore } from './checkpoint/describe-checkpoint-store.ts';
import { describeDeadLetterStore } from './dead-letter/describe-dead-letter-store.ts';
import { describeEventBus } from './event-bus/describe-event-bus.ts';
import { describeEventStore } from './event-store/describe-event-store.ts';
import { describeSnapshotStore } from './snapshot/describe-snapshot-store.ts';

// What these stores can't do is in `in-memory-capabilities.int.test.ts`.
const runner = { describe, test, skip: () => undefined };

describeEventStore({
  runner,
  name: 'InMemoryEventStore',
  capabilities: inMemoryEventStoreCapabilities,
  telemetry: { scope: '@es/core', kind: 'INTERNAL' },
  create: () => ({ open: (options) => new InMemoryEventStore(options) }),
});

describeSnapshotStore({
  runner,
  name: 'InMemorySnapshotStore',
  capabilities: inMemoryStoreCapabilities,
  telemetry: { scope: '@es/core', kind: 'INTERNAL' },
  create: () => ({ open: (options) => new InMemorySnapshotStore(options) }),
});

describeCheckpointStore({
  runner,
  name: 'InMemoryCheckpointStore',
  capabilities: inMemoryStoreCapabilities,
  create: () => ({ open: () => new InMemoryCheckpointStore() }),
});

describeDeadLetterStore({
  runner,
  name: 'InMemoryDeadLetterStore',
  capabilities: inMemoryStoreCapabilities,
  create: () => ({ open: () => new InMemoryDeadLetterStore() }),
});

describeEventBus({
  runner,
  name: 'InMemoryEventBus',
  capabilities: inMemoryEventBusCapabilities,
  telemetry: { scope: '@es/core', system: 'in_memory', publishOperation: 'publish', publishSpan: 'eventsource.event_bus.publish' },
  create: () => ({ destination: 'orders', open: (options) => new InMemoryEventBus({ ...options, name: 'orders' }) }),
});
