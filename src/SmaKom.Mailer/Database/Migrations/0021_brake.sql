-- Refusals that are our fault and nobody's, of an issue that goes out. Forgotten when it is resumed or has ended.
CREATE TABLE brake_refusal (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    issue_id    integer NOT NULL REFERENCES issue,
    relay_id    smallint NOT NULL,
    delivery_id bigint NOT NULL,
    cause       text NOT NULL CHECK (cause IN ('policy', 'size', 'content', 'protocol')),
    others      integer NOT NULL,                  -- letters that its worker had another answer to, over this relay, since its last refusal here
    UNIQUE (issue_id, relay_id, delivery_id)
);
CREATE INDEX brake_refusal_latest ON brake_refusal (issue_id, relay_id, id DESC);

-- Why the service has paused an issue by itself.
CREATE TABLE issue_brake (
    id          integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    issue_id    integer NOT NULL REFERENCES issue,
    relay_id    smallint NOT NULL,
    cause       text NOT NULL CHECK (cause IN ('policy', 'size', 'content', 'protocol')),
    refused     integer NOT NULL,                  -- of the last letters over that relay
    reply       text NOT NULL,                     -- the server's words, without addresses
    pulled_at   timestamptz NOT NULL DEFAULT now(),
    released_at timestamptz                        -- resumed or cancelled
);
CREATE UNIQUE INDEX issue_brake_pulled ON issue_brake (issue_id) WHERE released_at IS NULL;

-- Notes a refusal of ours, and pauses the issue when there are too many of one cause: p_first where the relay has taken no letter of the
-- issue yet, or p_share of the last p_window. p_again: this letter was held before. p_at_once: one is enough, where none was taken.
-- Workers come here one at a time for each issue. Returns whether letters of the issue may still be sent.
CREATE FUNCTION note_refusal(
    p_issue integer, p_relay smallint, p_delivery bigint, p_cause text, p_reply text, p_others integer, p_again boolean, p_at_once boolean,
    p_first integer, p_share double precision, p_window integer) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    present     issue_state;
    all_of_it   integer;
    in_window   integer;
    is_too_many boolean;
BEGIN
    SELECT state INTO present FROM issue WHERE id = p_issue FOR NO KEY UPDATE;
    IF NOT p_again THEN
        INSERT INTO brake_refusal (issue_id, relay_id, delivery_id, cause, others)
        VALUES (p_issue, p_relay, p_delivery, p_cause, p_others)
        ON CONFLICT DO NOTHING;
    END IF;
    IF present <> 'sending' THEN
        RETURN false;
    END IF;

    SELECT count(*), count(*) FILTER (WHERE place <= p_window)
    INTO all_of_it, in_window
    FROM (SELECT cause, sum(1 + others) OVER (ORDER BY id DESC) - others AS place
          FROM (SELECT id, cause, others
                FROM brake_refusal
                WHERE issue_id = p_issue AND relay_id = p_relay
                ORDER BY id DESC
                LIMIT p_window) AS latest) AS placed
    WHERE cause = p_cause;

    is_too_many := in_window >= p_share * p_window;
    IF NOT is_too_many AND (p_again OR p_at_once
        OR all_of_it >= (SELECT count(*) FROM (SELECT FROM delivery WHERE issue_id = p_issue AND state <> 'excluded' LIMIT p_first) AS letters)) THEN
        is_too_many := NOT EXISTS (SELECT FROM delivery WHERE issue_id = p_issue AND relay_id = p_relay AND state = 'accepted');
    END IF;
    IF NOT is_too_many THEN
        RETURN true;
    END IF;

    UPDATE issue SET state = 'paused', updated_at = now() WHERE id = p_issue;
    INSERT INTO issue_brake (issue_id, relay_id, cause, refused, reply)
    VALUES (p_issue, p_relay, p_cause, GREATEST(all_of_it, 1), p_reply);
    NOTIFY mailer;
    RETURN false;
END $$;

-- Resumed: whoever was refused for our sake is due now, and counts as not refused before.
CREATE FUNCTION release_brake() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE issue_brake SET released_at = now() WHERE issue_id = NEW.id AND released_at IS NULL;
    DELETE FROM brake_refusal WHERE issue_id = NEW.id;
    IF NEW.state = 'sending' AND FOUND THEN
        UPDATE delivery
        SET next_attempt_at = now(), reason = NULL
        WHERE issue_id = NEW.id AND state = 'deferred' AND reason = 'ours';
        UPDATE slice
        SET due_at = now()
        WHERE id IN (SELECT id FROM slice WHERE issue_id = NEW.id AND claim_id IS NULL AND due_at > now() FOR UPDATE SKIP LOCKED);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER issue_released AFTER UPDATE OF state ON issue FOR EACH ROW
    WHEN (OLD.state <> NEW.state AND (OLD.state = 'paused' OR NEW.state IN ('sent', 'cancelled')))
    EXECUTE FUNCTION release_brake();
