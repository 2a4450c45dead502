-- What the watcher saw and told. Times are nanoseconds since 1970, hours are hours since then.
CREATE TABLE endpoint (
  id        INTEGER PRIMARY KEY,
  operator  TEXT NOT NULL,
  account   TEXT NOT NULL,
  name      TEXT NOT NULL,
  direction TEXT NOT NULL,
  UNIQUE (account, operator, name, direction)
);
CREATE TABLE look (
  at       INTEGER NOT NULL,
  endpoint INTEGER NOT NULL,
  look     TEXT NOT NULL,
  ending   TEXT NOT NULL,
  took     INTEGER NOT NULL,
  line     TEXT NOT NULL
);
CREATE INDEX look_at ON look (at);
CREATE TABLE hour (
  hour     INTEGER NOT NULL,
  endpoint INTEGER NOT NULL,
  pass     INTEGER NOT NULL,
  busy     INTEGER NOT NULL,
  refusal  INTEGER NOT NULL,
  failure  INTEGER NOT NULL,
  took     INTEGER NOT NULL,
  PRIMARY KEY (hour, endpoint)
) WITHOUT ROWID;
CREATE TABLE incident (
  id     TEXT PRIMARY KEY,
  begins INTEGER NOT NULL,
  ends   INTEGER, -- NULL while it goes on
  data   TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE knock (
  day   TEXT NOT NULL,
  host  TEXT NOT NULL,
  why   TEXT NOT NULL,
  times INTEGER NOT NULL,
  last  INTEGER NOT NULL,
  PRIMARY KEY (day, host, why)
) WITHOUT ROWID;
CREATE TABLE claim (
  key TEXT PRIMARY KEY,
  at  INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE told (
  id    TEXT PRIMARY KEY,
  kind  TEXT NOT NULL,
  at    INTEGER NOT NULL,
  shown INTEGER NOT NULL,
  keys  TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE value (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;
