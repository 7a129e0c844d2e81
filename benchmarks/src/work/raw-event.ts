import { randomUUID } from 'node:crypto';
import type { Line } from './order.ts';

/** An event as someone who writes SQL by hand would hold it: its times, tags and metadata as the driver gives them. */
export interface RawEvent<Time = string, Tags = string, Metadata = string> {
  readonly position: number;
  readonly id: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly aggregateType: string;
  readonly aggregateId: string;
  readonly version: number;
  readonly occurredAt: Time;
  readonly recordedAt: Time;
  readonly correlationId: string;
  readonly causationId: string;
  readonly actorId: string | null;
  readonly tenantId: string | null;
  readonly traceparent: string | null;
  readonly tracestate: string | null;
  readonly tags: Tags | null;
  readonly metadata: Metadata | null;
  readonly data: Line;
}

/** A UUID of version 7 in the shortest way: the time in front keeps new ids together in the index, as the store's own do. */
export const timeOrderedId = (): string => {
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
};
