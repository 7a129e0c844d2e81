/** The columns of an event as a caller gives them, each with its type; its stream, version, position and time of recording come from elsewhere. */
export const EVENT_PARAMETERS = [
  ['id', 'text'],
  ['type', 'text'],
  ['schema_version', 'bigint'],
  ['occurred_at', 'timestamptz'],
  ['correlation_id', 'text'],
  ['causation_id', 'text'],
  ['tenant_id', 'text'],
  ['actor_id', 'text'],
  ['traceparent', 'text'],
  ['tracestate', 'text'],
  ['tags', 'text'],
  ['metadata', 'text'],
] as const;
