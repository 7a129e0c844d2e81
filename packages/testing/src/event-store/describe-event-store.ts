import type { EventStore, EventStoreCapabilities, EventStoreOptions } from '@es/core';
import type { ExpectedTelemetry } from '../conformance/expected-telemetry.ts';
import { registerSections } from '../conformance/register-cases.ts';
import { type CreateStoreFixture, withStore } from '../conformance/store-fixture.ts';
import type { TestRunner } from '../conformance/test-runner.ts';
import { withRecorder } from '../telemetry/with-recorder.ts';
import type { EventStoreCase, PropertyOptions } from './event-store-case.ts';
import { behaviourSections, telemetrySections } from './event-store-sections.ts';

/** What the conformance suite must know of an event store. */
export interface EventStoreSuite {
  /** `describe` and `test` of vitest, node:test or another runner. */
  readonly runner: TestRunner;
  /** Name of the store, for the report. */
  readonly name: string;
  /** What the adapter says it can do; cases beyond that are shown as skipped. */
  readonly capabilities: EventStoreCapabilities;
  /** What the store says of itself to OpenTelemetry. */
  readonly telemetry: ExpectedTelemetry;
  /** Makes a new, empty place for data; called once for every case. */
  readonly create: CreateStoreFixture<EventStore, EventStoreOptions>;
  /**
   * `true`: every case under a registered SDK, with tracing and metrics on, and the cases about telemetry. `false`: every case without an
   * SDK, tracing and metrics off. Default: both, one after the other, to prove that telemetry changes nothing.
   */
  readonly traced?: boolean;
  /** How the property-based cases run. */
  readonly properties?: PropertyOptions;
}

/** Registers the conformance suite of event stores: every promise of the port, as one test each. */
export function describeEventStore(suite: EventStoreSuite): void {
  const { runner, name, capabilities, traced } = suite;
  if (traced !== true) {
    void runner.describe(name, () => {
      registerSections(runner, behaviourSections, capabilities, (behaviour) =>
        runEventStoreCase(suite, behaviour, { tracing: false, metrics: false }),
      );
    });
  }
  if (traced !== false) {
    void runner.describe(`${name}, traced`, () => {
      registerSections(runner, behaviourSections, capabilities, (behaviour) => withRecorder(() => runEventStoreCase(suite, behaviour)));
      registerSections(runner, telemetrySections, capabilities, (telemetry) => runEventStoreCase(suite, telemetry));
    });
  }
}

/** Runs one case on a store of its own. */
export function runEventStoreCase(
  { create, telemetry, properties = {} }: Pick<EventStoreSuite, 'create' | 'telemetry' | 'properties'>,
  { run }: EventStoreCase,
  options: EventStoreOptions = {},
): Promise<void> {
  return withStore(create, options, (setting) => run({ ...setting, telemetry, properties }));
}
