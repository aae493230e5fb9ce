-- A hold says what can still be taken of it, and what was taken so far: nothing, for no hold could
-- be taken in parts.
UPDATE object SET body = json_set(body,
    '$.state.requires_capture.capturable', body -> '$.amount',
    '$.state.requires_capture.received', json_array(0, body ->> '$.amount[1]'))
WHERE id >> 38 & 31 = 3 AND body ->> '$.state.requires_capture' IS NOT NULL;

-- What the network is told names the charge's total: nothing was taken beyond it, and what was let
-- go was the rest.
UPDATE followup SET body = json_set(body, '$.capture.total', body -> '$.capture.amount')
WHERE body ->> '$.capture' IS NOT NULL;
UPDATE followup SET body = json_set(body,
    '$.reverse.total', json_array(0, body ->> '$.reverse.amount[1]'))
WHERE body ->> '$.reverse' IS NOT NULL;
