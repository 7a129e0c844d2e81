/** Messages that could not be handled. */
export const CREATE_DEAD_LETTERS = `
CREATE TABLE es_dead_letters (
  id      TEXT NOT NULL PRIMARY KEY,
  source  TEXT NOT NULL,
  handler TEXT,
  letter  TEXT NOT NULL
) STRICT;
CREATE INDEX es_dead_letters_source ON es_dead_letters (source, id);
`;
