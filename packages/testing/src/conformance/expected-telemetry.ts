import type { Attributes, SpanKind } from '@es/otel';

/** What a store says of itself on its spans and metrics. */
export interface ExpectedTelemetry {
  /** Name of the instrumentation scope: that of the adapter's package. */
  readonly scope: string;
  /** `CLIENT` where the store is reached over a network, `INTERNAL` in process. */
  readonly kind: keyof typeof SpanKind;
  /** Attributes that every span of the store carries, such as `{ 'db.system.name': 'sqlite' }`. Left out where there is no database. */
  readonly attributes?: Attributes;
}
