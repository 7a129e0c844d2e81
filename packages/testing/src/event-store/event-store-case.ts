import type { EventStore, EventStoreCapabilities, EventStoreOptions } from '@es/core';
import type { ConformanceCase, ConformanceSection } from '../conformance/conformance-case.ts';
import type { ExpectedTelemetry } from '../conformance/expected-telemetry.ts';
import type { StoreSetting } from '../conformance/store-fixture.ts';

/** How the property-based cases run. */
export interface PropertyOptions {
  /** Number of random histories; default 25. */
  readonly runs?: number;
  /**
   * When to be content with the histories run so far, and when to stop looking for a shorter one that fails, in milliseconds; default
   * 20,000.
   */
  readonly limitMs?: number;
  /** Seed that a failure printed, to see it again; default: another one every time. */
  readonly seed?: number;
}

/** What a case about event stores gets to work with. */
export interface EventStoreSetting extends StoreSetting<EventStore, EventStoreOptions> {
  readonly telemetry: ExpectedTelemetry;
  readonly properties: PropertyOptions;
}

/** One promise of the event store port. */
export type EventStoreCase = ConformanceCase<EventStoreSetting, keyof EventStoreCapabilities>;

/** Promises about one topic. */
export type EventStoreSection = ConformanceSection<EventStoreSetting, keyof EventStoreCapabilities>;
