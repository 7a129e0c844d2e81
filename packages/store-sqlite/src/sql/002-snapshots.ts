/** One snapshot a stream. */
export const CREATE_SNAPSHOTS = `
CREATE TABLE es_snapshots (
  aggregate_type       TEXT NOT NULL,
  aggregate_id         TEXT NOT NULL,
  version              INTEGER NOT NULL,
  state_schema_version INTEGER NOT NULL,
  created_at           TEXT NOT NULL,
  state                TEXT NOT NULL,
  PRIMARY KEY (aggregate_type, aggregate_id)
) STRICT;
`;
