import {
  InMemoryCheckpointStore,
  InMemoryDeadLetterStore,
  InMemoryEventBus,
  InMemoryEventStore,
  InMemorySnapshotStore,
  inMemoryEventBusCapabilities,
} from '@es/core';
import { describe, expect, test } from 'vitest';
import { checkpointSections } from './checkpoint/checkpoint-cases.ts';
import { withStore } from './conformance/store-fixture.ts';
import { deadLetterSections } from './dead-letter/describe-dead-letter-store.ts';
import { runEventBusCase } from './event-bus/describe-event-bus.ts';
import { busBehaviour, busTelemetry } from './event-bus/event-bus-sections.ts';
import { runEventStoreCase } from './event-store/describe-event-store.ts';
import { behaviourSections } from './event-store/event-store-sections.ts';
import { runSnapshotStoreCase, snapshotBehaviour } from './snapshot/describe-snapshot-store.ts';

const telemetry = { scope: '@es/core', kind: 'INTERNAL' } as const;

/** The cases for which a store in memory lacks the capability, but for those that would have to wait for their deadline. */
function beyondMemory<Case extends { readonly name: string; readonly needs?: string }>(
  sections: readonly { readonly cases: readonly Case[] }[],
): Case[] {
  const cases = sections.flatMap((section) => section.cases);
  return cases.filter(({ name, needs }) => (needs === 'durable' || needs === 'multipleConnections') && !/readers|waitForEvents/.test(name));
}

// A capability that is denied must really be missing: else the suite would leave out what could be tested.
describe('what the in-memory stores say that they can’t do, they can’t do', () => {
  test.each(beyondMemory(behaviourSections))('events: $name', async (behaviour) => {
    const create = () => ({ open: (options: object) => new InMemoryEventStore(options) });
    await expect(runEventStoreCase({ create, telemetry }, behaviour)).rejects.toThrow();
  });

  test.each(beyondMemory(snapshotBehaviour))('snapshots: $name', async (behaviour) => {
    const create = () => ({ open: (options: object) => new InMemorySnapshotStore(options) });
    await expect(runSnapshotStoreCase({ create, telemetry }, behaviour)).rejects.toThrow();
  });

  test.each(beyondMemory(checkpointSections))('checkpoints: $name', async ({ run }) => {
    const create = () => ({ open: () => new InMemoryCheckpointStore() });
    await expect(withStore<InMemoryCheckpointStore, object>(create, {}, run)).rejects.toThrow();
  });

  test.each(beyondMemory(deadLetterSections))('dead letters: $name', async ({ run }) => {
    const create = () => ({ open: () => new InMemoryDeadLetterStore() });
    await expect(withStore<InMemoryDeadLetterStore, object>(create, {}, run)).rejects.toThrow();
  });

  const needing = [...busBehaviour, ...busTelemetry].flatMap(({ cases }) => cases).filter(({ needs }) => needs !== undefined);
  test.each(needing)('buses: $name', async (behaviour) => {
    const suite = {
      create: () => ({ destination: 'orders', open: (options: object) => new InMemoryEventBus({ ...options, name: 'orders' }) }),
      telemetry: { scope: '@es/core', system: 'in_memory', publishOperation: 'publish', publishSpan: 'eventsource.event_bus.publish' },
      capabilities: inMemoryEventBusCapabilities,
      deadlineMs: 200,
    };
    await expect(runEventBusCase(suite, behaviour)).rejects.toThrow();
  });
});
