import type { SqlNames } from '../sql-names.ts';

/** The log of events. Never edited after a release: what changes later is a step of its own. */
export function createEvents({ schema }: SqlNames): string {
  return `
CREATE SEQUENCE ${schema}.positions AS bigint CACHE 1;

CREATE TABLE ${schema}.events (
  position       bigint NOT NULL,
  occurred_at    timestamptz(3) NOT NULL,
  recorded_at    timestamptz(3) NOT NULL,
  version        integer NOT NULL,
  schema_version bigint NOT NULL,
  id             text COLLATE "C" NOT NULL,
  aggregate_type text COLLATE "C" NOT NULL,
  aggregate_id   text COLLATE "C" NOT NULL,
  type           text COLLATE "C" NOT NULL,
  tenant_id      text COLLATE "C",
  actor_id       text,
  correlation_id text COLLATE "C" NOT NULL,
  causation_id   text COLLATE "C" NOT NULL,
  traceparent    text,
  tracestate     text,
  tags           text[],
  metadata       json,
  data           json NOT NULL,
  CONSTRAINT events_position PRIMARY KEY (position),
  CONSTRAINT events_id UNIQUE (id),
  CONSTRAINT events_stream UNIQUE (aggregate_id, aggregate_type, version)
);
CREATE INDEX events_type ON ${schema}.events (type, position);
CREATE INDEX events_aggregate_type ON ${schema}.events (aggregate_type, position);
CREATE INDEX events_tenant ON ${schema}.events (tenant_id, position) WHERE tenant_id IS NOT NULL;
CREATE INDEX events_correlation ON ${schema}.events (correlation_id, position) WHERE correlation_id <> id;

CREATE TABLE ${schema}.event_tags (
  tag      text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  CONSTRAINT event_tags_position PRIMARY KEY (tag, position)
);

CREATE UNLOGGED TABLE ${schema}.pending_events (LIKE ${schema}.events);
ALTER TABLE ${schema}.pending_events RENAME COLUMN position TO ordinal;
ALTER TABLE ${schema}.pending_events ADD COLUMN transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id();
ALTER TABLE ${schema}.pending_events ADD CONSTRAINT pending_events_ordinal PRIMARY KEY (transaction_id, ordinal);

COMMENT ON TABLE ${schema}.events IS 'The log: position order is commit order. Written by append_events() and number_pending_events() alone.';
COMMENT ON TABLE ${schema}.event_tags IS 'Which events carry a tag.';
COMMENT ON TABLE ${schema}.pending_events IS 'Events appended in transactions that are still open; empty between transactions, hence unlogged.';
COMMENT ON SEQUENCE ${schema}.positions IS 'Taken only by who holds the advisory lock of the log, so that positions become visible in order.';
`;
}
