import type { EventBusCapabilities } from '@es/core';
import type { Attributes } from '@es/otel';
import type { ConformanceCase, ConformanceSection } from '../conformance/conformance-case.ts';
import type { BusSetting } from './bus-fixture.ts';

/** What a bus says of itself on its spans and metrics. */
export interface ExpectedBusTelemetry {
  /** Name of the instrumentation scope: that of the adapter's package. */
  readonly scope: string;
  /** `messaging.system`, such as `kafka`. */
  readonly system: string;
  /** `messaging.operation.name` of publishing: `send` or `publish`. */
  readonly publishOperation: string;
  /** Name of the producer span; default: the operation and the destination. */
  readonly publishSpan?: string;
  /** Further attributes of low cardinality on every span and metric about messages, such as the server's address. */
  readonly attributes?: Attributes;
}

/** What a case about event buses gets to work with. */
export interface EventBusSetting extends BusSetting {
  readonly telemetry: ExpectedBusTelemetry;
  readonly capabilities: EventBusCapabilities;
}

/** One promise of the event bus port. */
export type EventBusCase = ConformanceCase<EventBusSetting, keyof EventBusCapabilities>;

/** Promises about one topic. */
export type EventBusSection = ConformanceSection<EventBusSetting, keyof EventBusCapabilities>;
