import type { BrokerEventBusOptions, EventBusCapabilities } from '@es/core';
import { registerSections } from '../conformance/register-cases.ts';
import type { TestRunner } from '../conformance/test-runner.ts';
import { withRecorder } from '../telemetry/with-recorder.ts';
import type { EventBusCase, ExpectedBusTelemetry } from './bus-case.ts';
import { type CreateEventBusFixture, withBuses } from './bus-fixture.ts';
import { busBehaviour, busTelemetry } from './event-bus-sections.ts';

/** What the conformance suite must know of an event bus. */
export interface EventBusSuite {
  /** `describe` and `test` of vitest, node:test or another runner. */
  readonly runner: TestRunner;
  /** Name of the bus, for the report. */
  readonly name: string;
  /** What the adapter says it can do; cases beyond that are shown as skipped. */
  readonly capabilities: EventBusCapabilities;
  /** What the bus says of itself to OpenTelemetry. */
  readonly telemetry: ExpectedBusTelemetry;
  /** Makes a new, empty place for messages; called once for every case. */
  readonly create: CreateEventBusFixture;
  /** As for event stores: `true` under a registered SDK, `false` without one, default both. */
  readonly traced?: boolean;
  /** How long a case waits for what must happen, such as the arrival of an event, in milliseconds; default 20,000. */
  readonly deadlineMs?: number;
}

const defaultDeadlineMs = 20_000;

/** Registers the conformance suite of event buses: every promise of the port, as one test each. */
export function describeEventBus(suite: EventBusSuite): void {
  const { runner, name, capabilities, traced } = suite;
  if (traced !== true) {
    void runner.describe(name, () => {
      registerSections(runner, busBehaviour, capabilities, (behaviour) =>
        runEventBusCase(suite, behaviour, { tracing: false, metrics: false }),
      );
    });
  }
  if (traced !== false) {
    void runner.describe(`${name}, traced`, () => {
      registerSections(runner, busBehaviour, capabilities, (behaviour) => withRecorder(() => runEventBusCase(suite, behaviour)));
      registerSections(runner, busTelemetry, capabilities, (telemetry) => runEventBusCase(suite, telemetry));
    });
  }
}

/** Runs one case on a place of its own. */
export function runEventBusCase(
  {
    create,
    telemetry,
    capabilities,
    deadlineMs = defaultDeadlineMs,
  }: Pick<EventBusSuite, 'create' | 'telemetry' | 'capabilities' | 'deadlineMs'>,
  { run }: EventBusCase,
  defaults: BrokerEventBusOptions = {},
): Promise<void> {
  return withBuses(create, { defaults, deadlineMs }, (setting) => run({ ...setting, telemetry, capabilities }));
}
