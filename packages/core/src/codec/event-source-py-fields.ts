/** The fields that every eventsource-py event has; all others are the event's own. */
export const envelopeFields: ReadonlySet<string> = new Set([
  'event_id',
  'event_type',
  'event_version',
  'occurred_at',
  'aggregate_id',
  'aggregate_type',
  'aggregate_version',
  'tenant_id',
  'actor_id',
  'correlation_id',
  'causation_id',
  'metadata',
]);

/** Key in `metadata` under which travels what that envelope has no field for: tags and the stored trace context. */
export const extrasKey = 'es_envelope';

const uuid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

/** Tells whether a text is a UUID as Python writes it, of whatever version. */
export function isUuid(text: string): boolean {
  return uuid.test(text);
}

/** Tells whether a value is a JSON object. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
