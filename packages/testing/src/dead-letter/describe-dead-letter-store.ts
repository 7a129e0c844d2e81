import type { DeadLetterStore, StoreCapabilities } from '@es/core';
import type { ConformanceSection } from '../conformance/conformance-case.ts';
import { registerSections } from '../conformance/register-cases.ts';
import { type CreateStoreFixture, type StoreSetting, withStore } from '../conformance/store-fixture.ts';
import type { TestRunner } from '../conformance/test-runner.ts';
import { deadLetterLifecycle } from './dead-letter-lifecycle.ts';
import { keeping } from './keeping.ts';
import { listing, purging } from './listing.ts';

/** What the conformance suite must know of a dead letter store. */
export interface DeadLetterStoreSuite {
  /** `describe` and `test` of vitest, node:test or another runner. */
  readonly runner: TestRunner;
  /** Name of the store, for the report. */
  readonly name: string;
  /** What the adapter says it can do; cases beyond that are shown as skipped. */
  readonly capabilities: StoreCapabilities;
  /** Makes a new, empty place for data; called once for every case. */
  readonly create: CreateStoreFixture<DeadLetterStore, object>;
}

/** What a dead letter store does. */
export const deadLetterSections: readonly ConformanceSection<StoreSetting<DeadLetterStore, object>, keyof StoreCapabilities>[] = [
  { topic: 'keeping letters', cases: keeping },
  { topic: 'listing and counting', cases: listing },
  { topic: 'purging', cases: purging },
  { topic: 'being closed and opened', cases: deadLetterLifecycle },
];

/** Registers the conformance suite of dead letter stores: every promise of the port, as one test each. */
export function describeDeadLetterStore({ runner, name, capabilities, create }: DeadLetterStoreSuite): void {
  void runner.describe(name, () => {
    registerSections(runner, deadLetterSections, capabilities, ({ run }) => withStore(create, {}, run));
  });
}
