import type { CheckpointStore, StoreCapabilities } from '@es/core';
import { registerSections } from '../conformance/register-cases.ts';
import { type CreateStoreFixture, withStore } from '../conformance/store-fixture.ts';
import type { TestRunner } from '../conformance/test-runner.ts';
import { checkpointSections } from './checkpoint-cases.ts';

/** What the conformance suite must know of a checkpoint store. */
export interface CheckpointStoreSuite {
  /** `describe` and `test` of vitest, node:test or another runner. */
  readonly runner: TestRunner;
  /** Name of the store, for the report. */
  readonly name: string;
  /** What the adapter says it can do; cases beyond that are shown as skipped. */
  readonly capabilities: StoreCapabilities;
  /** Makes a new, empty place for data; called once for every case. */
  readonly create: CreateStoreFixture<CheckpointStore, object>;
}

/** Registers the conformance suite of checkpoint stores: every promise of the port, as one test each. */
export function describeCheckpointStore({ runner, name, capabilities, create }: CheckpointStoreSuite): void {
  void runner.describe(name, () => {
    registerSections(runner, checkpointSections, capabilities, ({ run }) => withStore(create, {}, run));
  });
}
