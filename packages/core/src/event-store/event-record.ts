/** An event in the form in which an adapter stores it: flat, its objects as JSON text. */
export interface NewEventRecord {
  readonly id: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly occurredAt: string;
  /** JSON text. */
  readonly data: string;
  readonly correlationId: string;
  readonly causationId: string;
  readonly actorId: string | null;
  readonly tenantId: string | null;
  /** JSON text of an object; `null` for an empty one. */
  readonly metadata: string | null;
  /** Without doubles; `null` for none. */
  readonly tags: readonly string[] | null;
  readonly traceparent: string | null;
  readonly tracestate: string | null;
}

/** A stored event as an adapter reads it. */
export interface EventRecord extends NewEventRecord {
  readonly position: bigint;
  readonly recordedAt: string;
  readonly aggregateType: string;
  readonly aggregateId: string;
  readonly version: number;
}
