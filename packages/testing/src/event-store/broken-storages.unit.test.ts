import { BaseEventStore } from '@es/core';
import { describe, expect, test } from 'vitest';
import { ArrayDatabase } from './array-event-storage.fixture.ts';
import { brokenStorages } from './broken-storages.fixture.ts';
import { runEventStoreCase } from './describe-event-store.ts';
import type { EventStoreCase } from './event-store-case.ts';
import { behaviourSections, telemetrySections } from './event-store-sections.ts';

const cases = [...behaviourSections, ...telemetrySections].flatMap((section) => section.cases);
const telemetry = {
  scope: 'array-event-store',
  kind: 'CLIENT',
  attributes: { 'db.system.name': 'array', 'db.system': 'array', 'db.namespace': 'tests' },
} as const;

function caseNamed(beginning: string): EventStoreCase {
  const [found, ...others] = cases.filter(({ name }) => name.startsWith(beginning));
  if (found === undefined || others.length > 0)
    throw new Error(`${found === undefined ? 'No' : 'More than one'} case begins with ${JSON.stringify(beginning)}.`);
  return found;
}

// That a sound storage passes every case is what the suites of this package show.
describe.each(brokenStorages)('a store that $fault', ({ make, noticedBy }) => {
  test.each(noticedBy)('fails the case "%s …"', async (beginning) => {
    const create = () => {
      const database = new ArrayDatabase();
      return { open: (options: object) => new BaseEventStore(make(database), options) };
    };
    await expect(runEventStoreCase({ create, telemetry }, caseNamed(beginning))).rejects.toThrow();
  });
});

test('no two cases have one name', () => {
  expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
});
