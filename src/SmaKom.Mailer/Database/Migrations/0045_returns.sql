-- What came back, as it came: stored once by whoever collects, read in a second step. Bytes go when they are over their time.
CREATE TABLE incoming_mail (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source        text NOT NULL,                   -- imap:…, pop3:…, smtp, or a provider's name
    key           text NOT NULL,                   -- the source's own name for it: never stored twice
    format        text NOT NULL DEFAULT 'mail' CHECK (format IN ('mail', 'ses', 'mailgun', 'postmark', 'sendgrid', 'brevo')),
    received_at   timestamptz NOT NULL,
    sent_to       text,                            -- the envelope's recipient, where the source tells it
    octets        integer NOT NULL,                -- of all of it; bytes may hold the beginning only
    bytes         bytea,                           -- null: forgotten
    state         text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'read', 'unclear', 'poison')),
    tries         smallint NOT NULL DEFAULT 0,
    kind          text,                            -- what it was, once read
    problem       text,                            -- why it is unclear or poison; names nobody
    read_at       timestamptz,
    subscriber_id bigint REFERENCES subscriber,    -- whose letter it was
    issue_id      integer REFERENCES issue,        -- null: a single mail's, or not known
    UNIQUE (source, key)
);
CREATE INDEX incoming_mail_waiting ON incoming_mail (id) WHERE state = 'waiting';
CREATE INDEX incoming_mail_aside ON incoming_mail (id) WHERE state IN ('unclear', 'poison');
CREATE INDEX incoming_mail_subscriber ON incoming_mail (subscriber_id) WHERE subscriber_id IS NOT NULL;

-- A recipient that the relay refused while it was being sent to is a signal like a report that comes later.
CREATE TABLE refusal_to_read (
    attempt_id bigint PRIMARY KEY                  -- of delivery_attempt
);
CREATE FUNCTION note_refusal_to_read() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO refusal_to_read VALUES (NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER delivery_attempt_refusal AFTER INSERT ON delivery_attempt
    FOR EACH ROW WHEN (NEW.outcome = 'refused') EXECUTE FUNCTION note_refusal_to_read();

-- What was understood of one person's letter. Rows are only ever added; an erasure takes the words.
CREATE TABLE return_signal (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subscriber_id    bigint NOT NULL REFERENCES subscriber,
    issue_id         integer REFERENCES issue,     -- null: a single mail
    at               timestamptz NOT NULL,
    class            text NOT NULL CHECK (class IN ('hard', 'ambiguous', 'soft', 'ours', 'complaint')),
    whole_domain     boolean NOT NULL DEFAULT false, -- says by itself that the domain, not the person, takes no mail
    status           text,                         -- enhanced status code (RFC 3463)
    code             smallint,                     -- reply code (RFC 5321)
    words            text,
    incoming_mail_id bigint REFERENCES incoming_mail,
    attempt_id       bigint,                       -- of delivery_attempt, which may be forgotten
    CHECK ((incoming_mail_id IS NULL) <> (attempt_id IS NULL))
);
CREATE UNIQUE INDEX return_signal_mail ON return_signal (incoming_mail_id, subscriber_id, class) WHERE incoming_mail_id IS NOT NULL;
CREATE UNIQUE INDEX return_signal_attempt ON return_signal (attempt_id) WHERE attempt_id IS NOT NULL;
CREATE INDEX return_signal_subscriber ON return_signal (subscriber_id, at);
CREATE INDEX return_signal_issue ON return_signal (issue_id) WHERE issue_id IS NOT NULL;

-- What somebody of the staff is asked to do, in the order that it came.
CREATE TABLE staff_task (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind          text NOT NULL CHECK (kind IN ('address_gone', 'mailbox_troubled', 'has_left', 'domain_away', 'old_list')),
    subscriber_id bigint REFERENCES subscriber,
    domain        text,                            -- of a task about all of a domain
    issue_id      integer REFERENCES issue,
    at            timestamptz NOT NULL,
    done_at       timestamptz,
    done_by       text                             -- as in admin_action
);
CREATE UNIQUE INDEX staff_task_open ON staff_task (kind, COALESCE(subscriber_id, 0), COALESCE(domain, ''), COALESCE(issue_id, 0)) WHERE done_at IS NULL;
CREATE INDEX staff_task_subscriber ON staff_task (subscriber_id) WHERE subscriber_id IS NOT NULL;

-- Signals are proof: an erasure takes the words, nothing else changes.
CREATE FUNCTION refuse_change_of_signal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'words' = to_jsonb(OLD) - 'words' AND NEW.words IS NULL
        AND EXISTS (SELECT FROM subscriber WHERE id = OLD.subscriber_id AND status = 'erased') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'return_signal is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER return_signal_append_only BEFORE DELETE OR TRUNCATE ON return_signal FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER return_signal_erasure BEFORE UPDATE ON return_signal FOR EACH ROW EXECUTE FUNCTION refuse_change_of_signal();

CREATE FUNCTION forget_returns_of_erased(p_people bigint[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    UPDATE public.return_signal AS r
    SET words = NULL
    FROM public.subscriber AS s
    WHERE s.id = r.subscriber_id AND s.status = 'erased' AND s.id = ANY(p_people) AND r.words IS NOT NULL;
$$;

-- An address may be on the list for more than one reason: whoever was erased may come back, whoever complained may not.
ALTER TABLE suppression DROP CONSTRAINT suppression_pkey, ADD PRIMARY KEY (address_hash, reason);

-- An issue is also paused for what its readers, not a relay, say.
ALTER TABLE issue_brake
    ALTER COLUMN relay_id DROP NOT NULL,
    DROP CONSTRAINT issue_brake_cause_check,
    ADD CONSTRAINT issue_brake_cause_check CHECK (cause IN ('policy', 'size', 'content', 'protocol', 'complaints', 'addresses'));
