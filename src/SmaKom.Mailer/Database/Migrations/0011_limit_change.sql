-- Which limits a slice was left for: one that was held while they changed does not rest for them when it is given back.
CREATE TABLE limit_change (
    version bigint NOT NULL
);
INSERT INTO limit_change (version) VALUES (0);

-- The version first: whoever gives a slice back locks it, and so comes wholly before or wholly after a change.
CREATE OR REPLACE FUNCTION wake_for_limits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE limit_change SET version = version + 1;
    UPDATE slice
    SET due_at = now()
    WHERE id IN (SELECT id FROM slice WHERE claim_id IS NULL AND due_at > now() FOR UPDATE SKIP LOCKED);
    NOTIFY mailer;
    RETURN NULL;
END $$;
