import type { SqlNames } from '../sql-names.ts';

/** Which events were handled by whom. Rows come in the order of their time, so the smallest of indexes finds the old ones. */
export function createInbox({ schema }: SqlNames): string {
  return `
CREATE TABLE ${schema}.inbox (
  event_id   text COLLATE "C" NOT NULL,
  handler    text COLLATE "C" NOT NULL,
  handled_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (event_id, handler)
);
CREATE INDEX inbox_handled_at ON ${schema}.inbox USING brin (handled_at);
`;
}
