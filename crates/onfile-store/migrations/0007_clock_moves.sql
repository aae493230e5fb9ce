-- Where a running call is taking its world's clock: a restart takes it there, and answers the call
-- in the version that stands beside it.
ALTER TABLE idempotency ADD COLUMN clock_to INTEGER;
