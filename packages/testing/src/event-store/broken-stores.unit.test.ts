import { BaseEventStore, type EventStoreOptions } from '@es/core';
import { describe, expect, test } from 'vitest';
import { ArrayDatabase } from './array-event-storage.fixture.ts';
import { brokenConditions } from './broken-conditions.fixture.ts';
import { brokenIdentities } from './broken-identities.fixture.ts';
import { brokenReads } from './broken-reads.fixture.ts';
import { brokenRecords } from './broken-records.fixture.ts';
import { brokenStores } from './broken-stores.fixture.ts';
import { runEventStoreCase } from './describe-event-store.ts';
import type { EventStoreCase } from './event-store-case.ts';
import { behaviourSections, telemetrySections } from './event-store-sections.ts';

const cases = [...behaviourSections, ...telemetrySections].flatMap((section) => section.cases);
const telemetry = {
  scope: 'array-event-store',
  kind: 'CLIENT',
  attributes: { 'db.system.name': 'array', 'db.system': 'array', 'db.namespace': 'tests' },
} as const;

// A fixed seed: whether a fault is found must not be left to chance here.
const properties = { seed: 42, limitMs: 1_000 };

function caseNamed(beginning: string): EventStoreCase {
  const [found, ...others] = cases.filter(({ name }) => name.startsWith(beginning));
  if (found === undefined || others.length > 0)
    throw new Error(`${found === undefined ? 'No' : 'More than one'} case begins with ${JSON.stringify(beginning)}.`);
  return found;
}

// That a sound store passes every case is what the suites of this package show.
describe.each([...brokenConditions, ...brokenIdentities, ...brokenReads, ...brokenRecords])(
  'a storage that $fault',
  ({ make, noticedBy }) => {
    test.each(noticedBy)('fails the case "%s …"', async (beginning) => {
      const create = () => {
        const database = new ArrayDatabase();
        return { open: (options: EventStoreOptions) => new BaseEventStore(make(database), options) };
      };
      await expect(runEventStoreCase({ create, telemetry, properties }, caseNamed(beginning))).rejects.toThrow();
    });
  },
);

describe.each(brokenStores)('a store that $fault', ({ make, noticedBy }) => {
  test.each(noticedBy)('fails the case "%s …"', async (beginning) => {
    const create = () => ({ open: make });
    await expect(runEventStoreCase({ create, telemetry, properties }, caseNamed(beginning))).rejects.toThrow();
  });
});

test('no two cases have one name', () => {
  expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
});
