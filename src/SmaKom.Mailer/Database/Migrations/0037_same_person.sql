-- One person, two rows: an address was taken once with characters that nobody sees, and once without. The row that was joined to the other
-- names it, so that the links in letters to it speak for the person.
ALTER TABLE subscriber ADD COLUMN same_as bigint REFERENCES subscriber;

-- Few addresses are not ASCII alone, and only those can hold such characters.
CREATE INDEX subscriber_not_ascii ON subscriber (id) WHERE octet_length(email) <> length(email);
