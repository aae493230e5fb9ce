-- The number of the last event that was forgotten: those before it are gone too.
ALTER TABLE world ADD COLUMN forgotten INTEGER NOT NULL DEFAULT 0;
