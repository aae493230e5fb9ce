-- Worlds as they stood: every row of one world, packed (src/sqlite/snapshot/pack.rs). `schema` is
-- the one they were taken under: no other release unpacks them.
CREATE TABLE snapshot (
    world   INTEGER NOT NULL,
    name    TEXT NOT NULL,
    created INTEGER NOT NULL,
    schema  INTEGER NOT NULL,
    rows    INTEGER NOT NULL,
    bytes   BLOB NOT NULL,
    PRIMARY KEY (world, name)
) STRICT;
