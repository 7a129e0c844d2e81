/** The log of events. Never edited after a release: what changes later is a step of its own. */
export const CREATE_EVENTS = `
CREATE TABLE es_events (
  position       INTEGER PRIMARY KEY AUTOINCREMENT,
  id             TEXT NOT NULL,
  aggregate_type TEXT NOT NULL,
  aggregate_id   TEXT NOT NULL,
  version        INTEGER NOT NULL,
  type           TEXT NOT NULL,
  schema_version INTEGER NOT NULL,
  tenant_id      TEXT,
  actor_id       TEXT,
  occurred_at    TEXT NOT NULL,
  recorded_at    TEXT NOT NULL,
  correlation_id TEXT NOT NULL,
  causation_id   TEXT NOT NULL,
  traceparent    TEXT,
  tracestate     TEXT,
  tags           TEXT,
  metadata       TEXT,
  data           TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX es_events_stream ON es_events (aggregate_type, aggregate_id, version);
CREATE UNIQUE INDEX es_events_id ON es_events (id);
CREATE INDEX es_events_type ON es_events (type);
CREATE INDEX es_events_aggregate_type ON es_events (aggregate_type);
CREATE INDEX es_events_tenant ON es_events (tenant_id) WHERE tenant_id IS NOT NULL;

CREATE TABLE es_event_tags (
  tag      TEXT NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (tag, position)
) STRICT, WITHOUT ROWID;
`;
