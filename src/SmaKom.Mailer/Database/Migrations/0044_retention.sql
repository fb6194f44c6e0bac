-- Letters whose details are over their time, as numbers: a receipt counts the rows that are there and these, so that it adds up at every moment.
CREATE TABLE forgotten_letters (
    issue_id integer NOT NULL REFERENCES issue,
    state    delivery_state NOT NULL,
    letters  integer NOT NULL,
    PRIMARY KEY (issue_id, state)
);

-- What each job that forgets has done.
CREATE TABLE retention (
    job       text PRIMARY KEY,
    ran_at    timestamptz NOT NULL,
    gone      bigint NOT NULL DEFAULT 0,           -- the last time that there was something
    gone_at   timestamptz,
    gone_ever bigint NOT NULL DEFAULT 0
);

-- Rows of proof go when they are over their time, which is never soon, and only then.
CREATE FUNCTION refuse_change_of_the_recent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'admin_action' THEN
        IF OLD.at < now() - interval '1 year' THEN
            RETURN OLD;
        END IF;
    ELSIF EXISTS (SELECT FROM delivery AS d
                  JOIN issue AS i ON i.id = d.issue_id AND i.finished_at < now() - interval '90 days'
                  WHERE d.id = OLD.delivery_id) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;

DROP TRIGGER delivery_attempt_append_only ON delivery_attempt;
CREATE TRIGGER delivery_attempt_append_only BEFORE TRUNCATE ON delivery_attempt FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER delivery_attempt_retention BEFORE DELETE ON delivery_attempt FOR EACH ROW EXECUTE FUNCTION refuse_change_of_the_recent();
DROP TRIGGER delivery_decision_letter_append_only ON delivery_decision_letter;
CREATE TRIGGER delivery_decision_letter_append_only BEFORE UPDATE ON delivery_decision_letter FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER delivery_decision_letter_retention BEFORE DELETE ON delivery_decision_letter
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_the_recent();
DROP TRIGGER admin_action_append_only ON admin_action;
CREATE TRIGGER admin_action_append_only BEFORE UPDATE ON admin_action FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER admin_action_retention BEFORE DELETE ON admin_action FOR EACH ROW EXECUTE FUNCTION refuse_change_of_the_recent();

-- The service may delete neither letters nor proof (Grants.sql). This turns so many letters of the oldest issue that ended before p_before into
-- numbers; called until it returns 0. Nothing younger than 90 days is touched, whoever calls it.
CREATE FUNCTION forget_letters(p_before timestamptz, p_most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    oldest  integer;
    letters bigint[];
BEGIN
    SELECT i.id INTO oldest
    FROM public.issue AS i
    WHERE i.state IN ('sent', 'cancelled') AND i.finished_at < LEAST(p_before, now() - interval '90 days')
        AND EXISTS (SELECT FROM public.delivery WHERE issue_id = i.id) AND NOT EXISTS (SELECT FROM public.slice WHERE issue_id = i.id)
    ORDER BY i.finished_at
    LIMIT 1
    FOR NO KEY UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;

    -- In the order of an index, and the rows before what belongs to them, as an erasure takes them.
    WITH oldest_letters AS (SELECT id FROM public.delivery WHERE issue_id = oldest ORDER BY subscriber_id LIMIT p_most FOR UPDATE)
    SELECT COALESCE(array_agg(id), '{}') INTO letters FROM oldest_letters;
    DELETE FROM public.delivery_decision_letter WHERE delivery_id = ANY(letters);
    DELETE FROM public.delivery_attempt WHERE delivery_id = ANY(letters);
    DELETE FROM public.brake_refusal WHERE issue_id = oldest AND delivery_id = ANY(letters);
    WITH gone AS (DELETE FROM public.delivery WHERE id = ANY(letters) RETURNING state)
    INSERT INTO public.forgotten_letters AS f (issue_id, state, letters)
    SELECT oldest, state, count(*) FROM gone GROUP BY state
    ON CONFLICT (issue_id, state) DO UPDATE SET letters = f.letters + EXCLUDED.letters;
    RETURN cardinality(letters);
END $$;

-- Who did what, older than p_before and than a year.
CREATE FUNCTION forget_actions(p_before timestamptz, p_most integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH gone AS (
        DELETE FROM public.admin_action
        WHERE id IN (
            SELECT id
            FROM public.admin_action
            WHERE at < LEAST(p_before, now() - interval '1 year')
            ORDER BY id
            LIMIT p_most)
        RETURNING id)
    SELECT count(*) FROM gone
$$;
