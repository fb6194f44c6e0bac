-- Somebody asked for the links of their letters (/lank). A worker decides, so that neither the answer nor its timing tells who is a subscriber.
CREATE TABLE link_request (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subscriber_id bigint,                          -- null: nobody has the address that was typed. No foreign key: looking it up would take time
    requested_at  timestamptz NOT NULL,
    decided_at    timestamptz,
    verdict       text CHECK (verdict IN ('mailed', 'too_soon', 'nobody'))
);
CREATE INDEX link_request_undecided ON link_request (id) WHERE decided_at IS NULL;
CREATE INDEX link_request_subscriber ON link_request (subscriber_id, decided_at) WHERE verdict = 'mailed';

-- Rows that were joined to a person's are looked for with it.
CREATE INDEX subscriber_same_as ON subscriber (same_as) WHERE same_as IS NOT NULL;

-- Posts of public forms that make us send mail, for their limits; forgotten after a day.
CREATE TABLE form_post (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    form    text NOT NULL CHECK (form IN ('links', 'fault')),
    network bytea NOT NULL,                        -- keyed hash of the sender's network
    at      timestamptz NOT NULL
);
CREATE INDEX form_post_form ON form_post (form, at);
CREATE INDEX form_post_network ON form_post (form, network, at);

-- Single mails are found by the address as the program compares addresses, however it was written. Which kinds there are is the program's to know.
ALTER TABLE notice
    DROP CONSTRAINT notice_kind_check,
    ADD CONSTRAINT notice_kind_check CHECK (kind ~ '^[a-z_]+$'),
    ADD COLUMN email_key text;
UPDATE notice AS n SET email_key = s.email_key FROM sign_up AS s WHERE s.email = n.email;
UPDATE notice AS n SET email_key = s.email_key FROM subscriber AS s WHERE s.id = n.subscriber_id AND s.email = n.email;
CREATE INDEX notice_email_key ON notice (email_key) WHERE email_key IS NOT NULL;

-- A server's words may name a recipient: from now on they are kept here without addresses.
UPDATE relay SET last_failure = NULL WHERE last_failure LIKE '%@%';
UPDATE destination_state SET reply = '' WHERE reply LIKE '%@%';

-- Erased is the end: whatever was on its way to such a row brings nothing back to it.
CREATE FUNCTION refuse_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'subscriber % is erased', OLD.id USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER subscriber_erased BEFORE UPDATE ON subscriber FOR EACH ROW
    WHEN (OLD.status = 'erased' AND (NEW.status, NEW.email, NEW.email_key, NEW.domain, NEW.name, NEW.municipality)
        IS DISTINCT FROM (OLD.status, OLD.email, OLD.email_key, OLD.domain, OLD.name, OLD.municipality))
    EXECUTE FUNCTION refuse_erased();

-- The only change that rows of proof allow: of somebody who is erased, words may go. What happened, and when, stays.
CREATE FUNCTION refuse_change_but_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'subscriber_event' THEN
        IF to_jsonb(NEW) - 'detail' = to_jsonb(OLD) - 'detail' AND OLD.detail @> NEW.detail
            AND EXISTS (SELECT FROM subscriber WHERE id = OLD.subscriber_id AND status = 'erased') THEN
            RETURN NEW;
        END IF;
    ELSIF to_jsonb(NEW) - 'reply_text' = to_jsonb(OLD) - 'reply_text' AND NEW.reply_text IS NULL
        AND EXISTS (SELECT FROM delivery AS d
                    JOIN subscriber AS s ON s.id = d.subscriber_id AND s.status = 'erased'
                    WHERE d.id = OLD.delivery_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;

DROP TRIGGER subscriber_event_append_only ON subscriber_event;
CREATE TRIGGER subscriber_event_append_only BEFORE DELETE ON subscriber_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER subscriber_event_erasure BEFORE UPDATE ON subscriber_event FOR EACH ROW EXECUTE FUNCTION refuse_change_but_erasure();
DROP TRIGGER delivery_attempt_append_only ON delivery_attempt;
CREATE TRIGGER delivery_attempt_append_only BEFORE DELETE OR TRUNCATE ON delivery_attempt FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER delivery_attempt_erasure BEFORE UPDATE ON delivery_attempt FOR EACH ROW EXECUTE FUNCTION refuse_change_but_erasure();

-- The service may change no row of proof (Grants.sql). This takes the words from those of people who are erased, and from nobody else's. Of an
-- event stays what cannot name anybody; what is not in the list goes, also what a later version adds.
CREATE FUNCTION forget_words_of_erased(p_people bigint[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    UPDATE public.subscriber_event AS e
    SET detail = (
        SELECT COALESCE(jsonb_object_agg(f.key, f.value), '{}')
        FROM jsonb_each(e.detail) AS f
        WHERE f.key IN ('version', 'language', 'by', 'issue', 'before', 'reason', 'fields', 'legalBasis', 'list', 'lists'))
    FROM public.subscriber AS s
    WHERE s.id = e.subscriber_id AND s.status = 'erased' AND s.id = ANY(p_people) AND e.detail <> '{}';

    UPDATE public.delivery_attempt AS a
    SET reply_text = NULL
    FROM public.delivery AS d
    JOIN public.subscriber AS s ON s.id = d.subscriber_id AND s.status = 'erased'
    WHERE a.delivery_id = d.id AND d.subscriber_id = ANY(p_people) AND a.reply_text IS NOT NULL;
$$;
