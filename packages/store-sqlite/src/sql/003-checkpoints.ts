/** How far each subscription has read. Positions are text: they may be another store's, and of any size. */
export const CREATE_CHECKPOINTS = `
CREATE TABLE es_checkpoints (
  subscription TEXT NOT NULL PRIMARY KEY,
  position     TEXT NOT NULL,
  saved_at     TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;
