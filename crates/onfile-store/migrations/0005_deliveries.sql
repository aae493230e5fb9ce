-- One event to one endpoint. `id` is the event's key. `state`: 0 due, 1 due though it was
-- acknowledged before, 2 waiting, 3 delivered, 4 given up, 5 canceled. `bytes` are there once a try
-- has failed: a later one sends the very same.
CREATE TABLE delivery (
    id       INTEGER NOT NULL,
    endpoint INTEGER NOT NULL,
    version  INTEGER NOT NULL,
    state    INTEGER NOT NULL,
    body     TEXT NOT NULL,
    bytes    BLOB,
    PRIMARY KEY (id, endpoint)
) STRICT, WITHOUT ROWID;

CREATE INDEX delivery_due ON delivery (id >> 43, endpoint, id) WHERE state < 2;

-- Endpoints that have answered nothing with 2xx since then.
CREATE TABLE failing (
    world    INTEGER NOT NULL,
    endpoint INTEGER NOT NULL,
    since    INTEGER NOT NULL,
    PRIMARY KEY (world, endpoint)
) STRICT, WITHOUT ROWID;
