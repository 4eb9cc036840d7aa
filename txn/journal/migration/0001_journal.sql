-- The journal. `entry` is append-only and hash-chained: it is the truth.
-- The other tables are what its records amount to, and are re-derived by `journal verify`.

CREATE TABLE entry (
  seq     INTEGER PRIMARY KEY,    -- one row a commit
  version INTEGER NOT NULL,       -- of the machine that decided it (txn/fold)
  print   INTEGER NOT NULL,       -- the highest print number so far
  attempt INTEGER NOT NULL,       -- the highest number of an attempt that is used up so far
  body    TEXT    NOT NULL,       -- who acted, and the commit's records (fold.Body); a sale's id is the seq of its entry
  hash    BLOB    NOT NULL        -- SHA-256 over the row before and this one (txn/chain)
) STRICT;

CREATE TABLE identity (
  id   INTEGER PRIMARY KEY CHECK (id = 1), -- one row: whose books these are
  body TEXT NOT NULL
) STRICT;

CREATE TABLE attempt (
  id           INTEGER PRIMARY KEY, -- 1, 2, 3 …, with gaps; its STAN follows from it
  owed         INTEGER NOT NULL,    -- 1 while money or its paper is unfinished
  state        TEXT    NOT NULL,
  paper        TEXT    NOT NULL,
  kind         TEXT    NOT NULL,
  tender       TEXT    NOT NULL,
  amount_minor INTEGER NOT NULL,
  cashier      TEXT    NOT NULL,
  opened_ms    INTEGER NOT NULL,
  body         TEXT    NOT NULL,
  sealed       BLOB                 -- the encrypted PAN, only while the attempt is open
) STRICT;

CREATE INDEX attempt_owed ON attempt (id) WHERE owed = 1;
CREATE INDEX attempt_kept ON attempt (id) WHERE state = 'kept';

CREATE TABLE answer (
  name    TEXT    NOT NULL,         -- what an attempt can be told by (txn.Attempt.ToldBy)
  attempt INTEGER NOT NULL,
  PRIMARY KEY (name, attempt)
) STRICT, WITHOUT ROWID;

CREATE TABLE bill (
  sale    INTEGER PRIMARY KEY,      -- the sale's number
  owed    INTEGER NOT NULL,         -- 1 while it is neither finished nor dropped, or its paper is unfinished
  batch   INTEGER NOT NULL,         -- of the day in which it was paid, or else opened
  body    TEXT    NOT NULL
) STRICT;

CREATE INDEX bill_owed ON bill (sale) WHERE owed = 1;
CREATE INDEX bill_batch ON bill (batch);

CREATE TABLE report (
  print   INTEGER PRIMARY KEY,      -- the print's number
  open    INTEGER NOT NULL,         -- 1 until it ended
  body    TEXT    NOT NULL
) STRICT;

CREATE INDEX report_open ON report (print) WHERE open = 1;

CREATE TABLE day (
  batch     INTEGER PRIMARY KEY,
  currency  TEXT    NOT NULL,
  first     INTEGER NOT NULL,       -- its attempts have this number and higher ones, up to the next day's
  opened_ms INTEGER NOT NULL,
  z         INTEGER UNIQUE,         -- NULL while the day is open
  closed_ms INTEGER,
  totals    BLOB
) STRICT;

CREATE TABLE filed (
  id   INTEGER PRIMARY KEY,         -- 1, 2, 3 …: files of the clearing that were taken in, and what was done about differences
  word TEXT NOT NULL,               -- of the record
  body TEXT NOT NULL
) STRICT;

CREATE TABLE slip (
  print INTEGER PRIMARY KEY,        -- whose merchant's slips: what was printed lies beside the journal under its hash
  body  TEXT NOT NULL
) STRICT;

CREATE TABLE settlement (
  batch INTEGER NOT NULL,
  line  TEXT    NOT NULL,           -- a line settles a batch once
  owed  INTEGER NOT NULL,           -- 1 while it is carried over from day to day
  body  TEXT    NOT NULL,
  PRIMARY KEY (batch, line)
) STRICT, WITHOUT ROWID;

CREATE INDEX settlement_owed ON settlement (batch) WHERE owed = 1;

CREATE TABLE numbers (
  id   INTEGER PRIMARY KEY CHECK (id = 1), -- one row, where the numbers of attempts moved ahead: why, and whether somebody has seen it
  body TEXT NOT NULL
) STRICT;
