-- What the person did. A word is a line of ticks.json as it stands there.
CREATE TABLE word (
  key  TEXT PRIMARY KEY,
  line TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE form (
  version INTEGER NOT NULL -- of the lines in word
);
-- What was told: nothing is told twice.
CREATE TABLE told (
  key TEXT PRIMARY KEY,
  at  INTEGER NOT NULL
) WITHOUT ROWID;
