import { createHash } from 'node:crypto';

/** What of an event comes from its log. */
export interface LoggedFacts {
  readonly id: string;
  readonly type: string;
  readonly occurredAt: string;
  readonly data: unknown;
}

/** A digest of what an event says, the same wherever the event comes from: equal fingerprints, equal events. */
export function fingerprintOf({ id, type, occurredAt, data }: LoggedFacts): string {
  return createHash('sha256')
    .update(JSON.stringify([id, type, occurredAt, data], sortKeys))
    .digest('base64url');
}

/** JSON objects have no order, and a store may keep them in another one. */
function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
