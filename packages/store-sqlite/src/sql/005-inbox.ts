/** Which events were handled by whom. */
export const CREATE_INBOX = `
CREATE TABLE es_inbox (
  event_id   TEXT NOT NULL,
  handler    TEXT NOT NULL,
  handled_at TEXT NOT NULL,
  PRIMARY KEY (event_id, handler)
) STRICT, WITHOUT ROWID;
CREATE INDEX es_inbox_handled_at ON es_inbox (handled_at);
`;
