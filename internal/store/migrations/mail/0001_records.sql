-- What can be read again from the mailbox. Times are seconds since 1970.
CREATE TABLE account (
  id    INTEGER PRIMARY KEY,
  name  TEXT NOT NULL UNIQUE,
  token INTEGER NOT NULL -- drawn when the row is made: a reading that outlives its account must not bring it back
);
CREATE TABLE place (
  id      INTEGER PRIMARY KEY,
  account INTEGER NOT NULL,
  name    TEXT NOT NULL, -- a folder on IMAP, else a path
  UNIQUE (account, name)
);
CREATE TABLE record (
  place    INTEGER NOT NULL,
  validity INTEGER NOT NULL, -- UIDVALIDITY; 0 for files
  uid      INTEGER NOT NULL, -- 0 for files
  key      TEXT NOT NULL,    -- what tells a message in files from others; '' on IMAP
  source   TEXT NOT NULL,    -- where it lies, for files; '' on IMAP
  kind     INTEGER NOT NULL,
  at       INTEGER NOT NULL, -- when it was sent or arrived
  ident    INTEGER NOT NULL, -- the same for the same message wherever it lies
  data     BLOB NOT NULL,
  UNIQUE (place, validity, uid, key)
);
CREATE INDEX record_age ON record (kind, at);
CREATE TABLE mark (
  place    INTEGER PRIMARY KEY,
  validity INTEGER NOT NULL,
  data     BLOB
);
-- What the last complete reading of an account covered.
CREATE TABLE reading (
  account INTEGER PRIMARY KEY,
  since   INTEGER, -- NULL: from the beginning
  at      INTEGER NOT NULL
);
CREATE TABLE cover (
  account INTEGER NOT NULL,
  role    TEXT NOT NULL,
  PRIMARY KEY (account, role)
) WITHOUT ROWID;
CREATE TABLE unread (
  account INTEGER NOT NULL,
  source  TEXT NOT NULL,
  why     TEXT NOT NULL,
  folder  INTEGER NOT NULL, -- a whole folder was missed
  PRIMARY KEY (account, source)
) WITHOUT ROWID;
CREATE TABLE own (
  account INTEGER NOT NULL,
  address TEXT NOT NULL,
  PRIMARY KEY (account, address)
) WITHOUT ROWID;
-- Up to when records of an account were dropped for want of room.
CREATE TABLE dropped (
  account INTEGER PRIMARY KEY,
  before  INTEGER NOT NULL
);
