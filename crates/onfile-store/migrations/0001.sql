-- What a world's API shows and what its rules remember. The key is world << 43 | kind << 38 | seq,
-- so that one tree serves every look-up and newest-first lists are a walk backwards; the virtual
-- columns are for people. `kind` numbers: src/sqlite/key.rs. Bodies: src/body/.
CREATE TABLE object (
    id       INTEGER PRIMARY KEY,
    version  INTEGER NOT NULL,
    created  INTEGER NOT NULL,
    customer INTEGER,
    parent   INTEGER,
    mark     INTEGER,
    body     TEXT NOT NULL,
    world    INTEGER GENERATED ALWAYS AS (id >> 43) VIRTUAL,
    kind     INTEGER GENERATED ALWAYS AS (id >> 38 & 31) VIRTUAL,
    seq      INTEGER GENERATED ALWAYS AS (id & 274877906943) VIRTUAL
) STRICT;

CREATE INDEX object_of_customer ON object (id >> 38, customer, id) WHERE customer IS NOT NULL;
CREATE INDEX object_below ON object (id >> 38, parent, id) WHERE parent IS NOT NULL;
-- mark 1: an attempt that isn't over; mark 2: a deleted customer, which lists leave out.
CREATE INDEX object_unfinished ON object (id) WHERE mark = 1;

-- One account in one mode.
CREATE TABLE world (
    id           INTEGER PRIMARY KEY,
    key          BLOB NOT NULL UNIQUE,
    account      TEXT NOT NULL,
    created      INTEGER NOT NULL,
    country      TEXT NOT NULL,
    currency     TEXT NOT NULL,
    mode         TEXT NOT NULL,
    clock_offset INTEGER NOT NULL,
    next_seq     INTEGER NOT NULL,
    next_event   INTEGER NOT NULL,
    rows         INTEGER NOT NULL
) STRICT;

-- The key is world << 43 | number; numbers follow the order of commits without a gap.
CREATE TABLE event (
    id      INTEGER PRIMARY KEY,
    created INTEGER NOT NULL,
    type    TEXT NOT NULL,
    tail    TEXT NOT NULL,
    body    TEXT NOT NULL,
    world   INTEGER GENERATED ALWAYS AS (id >> 43) VIRTUAL,
    number  INTEGER GENERATED ALWAYS AS (id & 8796093022207) VIRTUAL
) STRICT;

-- What is due: `due_wall` is `due_at` less the world's clock offset, moved when the clock is.
CREATE TABLE timer (
    due_wall INTEGER NOT NULL,
    world    INTEGER NOT NULL,
    kind     TEXT NOT NULL,
    subject  INTEGER NOT NULL,
    due_at   INTEGER NOT NULL,
    PRIMARY KEY (due_wall, world, kind, subject)
) STRICT, WITHOUT ROWID;

-- Names that only one row of a world may hold.
CREATE TABLE claim (
    world INTEGER NOT NULL,
    name  TEXT NOT NULL,
    PRIMARY KEY (world, name)
) STRICT, WITHOUT ROWID;

-- Numbers are given in the order of first use, which is the order of purging. Without a status
-- the call runs; then `attempt` is what it has on the wire, and the answer is owed in this version,
-- for this audience, by this base. `body` is packed: src/kept.rs.
CREATE TABLE idempotency (
    id       INTEGER PRIMARY KEY,
    world    INTEGER NOT NULL,
    key      TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    params   BLOB NOT NULL,
    request  TEXT NOT NULL,
    at       INTEGER NOT NULL,
    status   INTEGER,
    version  TEXT,
    body     BLOB,
    attempt  INTEGER,
    audience TEXT,
    base     TEXT
) STRICT;

CREATE UNIQUE INDEX idempotency_key ON idempotency (world, key);
CREATE INDEX idempotency_running ON idempotency (id) WHERE status IS NULL;

-- Card numbers as the vault sealed them. The key is world << 43 | the method's seq.
CREATE TABLE sealed (
    id    INTEGER PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT;

CREATE TABLE vault_key (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    wrapped BLOB NOT NULL
) STRICT;

-- What the network must still be told.
CREATE TABLE followup (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    world  INTEGER NOT NULL,
    body   TEXT NOT NULL
) STRICT;

-- The simulated banks' memory: sums are in hundredths of a euro.
CREATE TABLE bank_account (
    world           INTEGER NOT NULL,
    par             TEXT NOT NULL,
    spent           INTEGER NOT NULL DEFAULT 0,
    count_since_sca INTEGER NOT NULL DEFAULT 0,
    sum_since_sca   INTEGER NOT NULL DEFAULT 0,
    profile         TEXT,
    PRIMARY KEY (world, par)
) STRICT, WITHOUT ROWID;

CREATE TABLE bank_credential (
    world INTEGER NOT NULL,
    nti   TEXT NOT NULL,
    body  TEXT NOT NULL,
    PRIMARY KEY (world, nti)
) STRICT, WITHOUT ROWID;

CREATE TABLE bank_value (
    world       INTEGER NOT NULL,
    value       TEXT NOT NULL,
    ds_trans_id TEXT NOT NULL,
    used        INTEGER NOT NULL,
    body        TEXT NOT NULL,
    PRIMARY KEY (world, value)
) STRICT, WITHOUT ROWID;

CREATE INDEX bank_value_of_authentication ON bank_value (world, ds_trans_id);
