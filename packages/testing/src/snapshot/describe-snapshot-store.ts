import type { ComponentOptions, SnapshotStore, StoreCapabilities } from '@es/core';
import type { ExpectedTelemetry } from '../conformance/expected-telemetry.ts';
import { registerSections } from '../conformance/register-cases.ts';
import { type CreateStoreFixture, withStore } from '../conformance/store-fixture.ts';
import type { TestRunner } from '../conformance/test-runner.ts';
import { withRecorder } from '../telemetry/with-recorder.ts';
import { deleting } from './deleting.ts';
import { invalidSnapshots } from './invalid-snapshots.ts';
import { newerWins } from './newer-wins.ts';
import { saving } from './saving.ts';
import { snapshotLifecycle } from './snapshot-lifecycle.ts';
import type { SnapshotStoreCase, SnapshotStoreSection } from './snapshot-store-case.ts';
import { snapshotTelemetry } from './snapshot-telemetry.ts';

/** What the conformance suite must know of a snapshot store. */
export interface SnapshotStoreSuite {
  /** `describe` and `test` of vitest, node:test or another runner. */
  readonly runner: TestRunner;
  /** Name of the store, for the report. */
  readonly name: string;
  /** What the adapter says it can do; cases beyond that are shown as skipped. */
  readonly capabilities: StoreCapabilities;
  /** What the store says of itself to OpenTelemetry. */
  readonly telemetry: ExpectedTelemetry;
  /** Makes a new, empty place for data; called once for every case. */
  readonly create: CreateStoreFixture<SnapshotStore, ComponentOptions>;
  /** As for event stores: `true` under a registered SDK, `false` without one, default both. */
  readonly traced?: boolean;
}

/** What a snapshot store does, traced or not. */
export const snapshotBehaviour: readonly SnapshotStoreSection[] = [
  { topic: 'saving', cases: [...saving, ...newerWins, ...deleting, ...invalidSnapshots] },
  { topic: 'being closed and opened', cases: snapshotLifecycle },
];

/** Registers the conformance suite of snapshot stores: every promise of the port, as one test each. */
export function describeSnapshotStore(suite: SnapshotStoreSuite): void {
  const { runner, name, capabilities, traced } = suite;
  if (traced !== true) {
    void runner.describe(name, () => {
      registerSections(runner, snapshotBehaviour, capabilities, (behaviour) =>
        runSnapshotStoreCase(suite, behaviour, { tracing: false, metrics: false }),
      );
    });
  }
  if (traced !== false) {
    void runner.describe(`${name}, traced`, () => {
      registerSections(runner, snapshotBehaviour, capabilities, (behaviour) => withRecorder(() => runSnapshotStoreCase(suite, behaviour)));
      registerSections(runner, [{ topic: 'telemetry', cases: snapshotTelemetry }], capabilities, (telemetry) =>
        runSnapshotStoreCase(suite, telemetry),
      );
    });
  }
}

/** Runs one case on a store of its own. */
export function runSnapshotStoreCase(
  { create, telemetry }: Pick<SnapshotStoreSuite, 'create' | 'telemetry'>,
  { run }: SnapshotStoreCase,
  options: ComponentOptions = {},
): Promise<void> {
  return withStore(create, options, (setting) => run({ ...setting, telemetry }));
}
