-- What the person said of messages. A word is a line of ticks.json as it stands there.
CREATE TABLE word (
  key  TEXT PRIMARY KEY,
  line TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE form (
  version INTEGER NOT NULL -- of the lines in word
);
