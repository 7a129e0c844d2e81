CREATE TABLE es_checkpoints (
  subscription TEXT NOT NULL PRIMARY KEY,
  position     TEXT NOT NULL,
  saved_at     TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE es_dead_letters (
  id      TEXT NOT NULL PRIMARY KEY,
  source  TEXT NOT NULL,
  handler TEXT,
  letter  TEXT NOT NULL
) STRICT;

CREATE INDEX es_dead_letters_source ON es_dead_letters (source, id);

CREATE TABLE es_event_tags (
  tag      TEXT NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (tag, position)
) STRICT, WITHOUT ROWID;

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

CREATE INDEX es_events_aggregate_type ON es_events (aggregate_type);

CREATE UNIQUE INDEX es_events_id ON es_events (id);

CREATE UNIQUE INDEX es_events_stream ON es_events (aggregate_type, aggregate_id, version);

CREATE INDEX es_events_tenant ON es_events (tenant_id) WHERE tenant_id IS NOT NULL;

CREATE INDEX es_events_type ON es_events (type);

CREATE TABLE es_inbox (
  event_id   TEXT NOT NULL,
  handler    TEXT NOT NULL,
  handled_at TEXT NOT NULL,
  PRIMARY KEY (event_id, handler)
) STRICT, WITHOUT ROWID;

CREATE INDEX es_inbox_handled_at ON es_inbox (handled_at);

CREATE TABLE es_schema (
  version     INTEGER PRIMARY KEY,
  migrated_at TEXT NOT NULL
) STRICT;

CREATE TABLE es_snapshots (
  aggregate_type       TEXT NOT NULL,
  aggregate_id         TEXT NOT NULL,
  version              INTEGER NOT NULL,
  state_schema_version INTEGER NOT NULL,
  created_at           TEXT NOT NULL,
  state                TEXT NOT NULL,
  PRIMARY KEY (aggregate_type, aggregate_id)
) STRICT;
