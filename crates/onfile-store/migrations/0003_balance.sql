-- What an account has: the net of its movements by the moment from which it can be paid out, 0 for
-- what never had to wait. Added to as movements come in, so that a balance is read without them.
CREATE TABLE balance (
    world        INTEGER NOT NULL,
    currency     TEXT NOT NULL,
    available_on INTEGER NOT NULL,
    amount       INTEGER NOT NULL,
    PRIMARY KEY (world, currency, available_on)
) STRICT, WITHOUT ROWID;

INSERT INTO balance (world, currency, available_on, amount)
SELECT id >> 43, body ->> '$.amount[1]', body ->> '$.available_on',
    sum((body ->> '$.amount[0]') - (body ->> '$.fee'))
FROM object WHERE id >> 38 & 31 = 7 GROUP BY 1, 2, 3;

-- Charges count what is on its way back, of which there was none.
UPDATE object SET body = json_set(body, '$.result.captured.refunding', 0)
WHERE id >> 38 & 31 = 6 AND body ->> '$.result.captured' IS NOT NULL;
