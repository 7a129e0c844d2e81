import { BaseSnapshotStore, type ComponentOptions, type SnapshotRecord, type SnapshotStorage } from '@es/core';
import { describe, expect, test } from 'vitest';
import { brokenSnapshotStorages, MapSnapshotStorage } from './broken-snapshot-storages.fixture.ts';
import { describeSnapshotStore, runSnapshotStoreCase, snapshotBehaviour } from './describe-snapshot-store.ts';
import type { SnapshotStoreCase } from './snapshot-store-case.ts';
import { snapshotTelemetry } from './snapshot-telemetry.ts';

const cases = [...snapshotBehaviour.flatMap((section) => section.cases), ...snapshotTelemetry];
const telemetry = { scope: 'map-snapshot-store', kind: 'CLIENT', attributes: { 'db.system.name': 'map', 'db.system': 'map' } } as const;

function stores(make: (records: Map<string, SnapshotRecord>) => SnapshotStorage) {
  return () => {
    const records = new Map<string, SnapshotRecord>();
    return { open: (options: ComponentOptions) => new BaseSnapshotStore(make(records), options) };
  };
}

function caseNamed(beginning: string): SnapshotStoreCase {
  const [found, ...others] = cases.filter(({ name }) => name.startsWith(beginning));
  if (found === undefined || others.length > 0)
    throw new Error(`${found === undefined ? 'No' : 'More than one'} case begins with ${JSON.stringify(beginning)}.`);
  return found;
}

describeSnapshotStore({
  runner: { describe, test },
  name: 'a sound snapshot store',
  capabilities: { durable: true, multipleConnections: true },
  telemetry,
  create: stores((records) => new MapSnapshotStorage(records)),
});

describe.each(brokenSnapshotStorages)('a storage that $fault', ({ make, noticedBy }) => {
  test.each(noticedBy)('fails the case "%s …"', async (beginning) => {
    await expect(runSnapshotStoreCase({ create: stores(make), telemetry }, caseNamed(beginning))).rejects.toThrow();
  });
});
