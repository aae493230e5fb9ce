-- What a charge of a customer writes stands in one place of the index, and not in one for each kind.
DROP INDEX object_of_customer;
CREATE INDEX object_of_customer ON object (id >> 43, customer, id) WHERE customer IS NOT NULL;

-- Nothing lists the uses of an agreement: they hang below nothing.
UPDATE object SET parent = NULL WHERE id >> 38 & 31 = 9;
