import type { SqlNames } from '../sql-names.ts';

/** Snapshots, one a stream; checkpoints, one a subscription; dead letters. */
export function createCompanions({ schema }: SqlNames): string {
  return `
CREATE TABLE ${schema}.snapshots (
  aggregate_type       text COLLATE "C" NOT NULL,
  aggregate_id         text COLLATE "C" NOT NULL,
  version              bigint NOT NULL,
  state_schema_version bigint NOT NULL,
  created_at           text NOT NULL,
  state                text NOT NULL,
  PRIMARY KEY (aggregate_id, aggregate_type)
);

CREATE TABLE ${schema}.checkpoints (
  subscription text COLLATE "C" NOT NULL PRIMARY KEY,
  position     numeric NOT NULL,
  saved_at     timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE ${schema}.dead_letters (
  id      text COLLATE "C" NOT NULL PRIMARY KEY,
  source  text COLLATE "C" NOT NULL,
  handler text COLLATE "C",
  letter  json NOT NULL
);
CREATE INDEX dead_letters_source ON ${schema}.dead_letters (source, id);
`;
}
