-- A login is a row: the cookie holds a random text, and this its SHA-256, so that whoever reads the table can log in as nobody.
CREATE TABLE staff_session (
    id         bytea PRIMARY KEY CHECK (octet_length(id) = 32),
    staff_id   integer NOT NULL REFERENCES staff_member ON DELETE CASCADE,   -- whoever is removed is logged out
    created_at timestamptz NOT NULL DEFAULT now(),
    seen_at    timestamptz NOT NULL DEFAULT now(),                            -- the last request; behind by a minute at most
    ended_at   timestamptz
);
CREATE INDEX staff_session_staff ON staff_session (staff_id);
CREATE INDEX staff_session_created ON staff_session (created_at);

-- Another password or role ends a person's sessions, whoever changes it. The person's row is locked first: a login that comes at the same
-- time locks it, too, and so stands wholly before the change, and is ended, or wholly after it.
CREATE FUNCTION end_staff_sessions(p_staff integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM staff_member WHERE id = p_staff FOR UPDATE;
    UPDATE staff_session SET ended_at = now() WHERE staff_id = p_staff AND ended_at IS NULL;
END $$;

CREATE FUNCTION staff_password_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM end_staff_sessions(NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER staff_member_password AFTER UPDATE OF password_hash ON staff_member FOR EACH ROW
    WHEN (OLD.password_hash IS DISTINCT FROM NEW.password_hash) EXECUTE FUNCTION staff_password_changed();

CREATE FUNCTION staff_role_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM end_staff_sessions(CASE WHEN TG_OP = 'DELETE' THEN OLD.user_id ELSE NEW.user_id END);
    RETURN NULL;
END $$;
CREATE TRIGGER staff_member_role_changed AFTER INSERT OR UPDATE OR DELETE ON staff_member_role FOR EACH ROW EXECUTE FUNCTION staff_role_changed();

-- Attempts to log in, by a keyed hash of the network address. Forgotten when they no longer count.
CREATE TABLE login_attempt (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    network bytea NOT NULL,
    at      timestamptz NOT NULL
);
CREATE INDEX login_attempt_network ON login_attempt (network, at);
CREATE INDEX login_attempt_at ON login_attempt (at);

-- Counts an attempt before its password is looked at, so that those which come at the same moment count each other. Each counts as a
-- failure until it has succeeded. p_staff: null where nobody has the address that was typed.
-- Returns 'try', 'wait' (nobody, or an account that waits) or 'too_many' (from this network).
CREATE FUNCTION count_login(p_network bytea, p_staff integer, p_most_network integer, p_most_account integer, p_wait interval) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('login attempt'), hashtext(encode(p_network, 'hex')));
    DELETE FROM login_attempt
    WHERE id IN (SELECT id FROM login_attempt WHERE at <= clock_timestamp() - p_wait FOR UPDATE SKIP LOCKED);
    IF (SELECT count(*) FROM login_attempt WHERE network = p_network AND at > clock_timestamp() - p_wait) >= p_most_network THEN
        RETURN 'too_many';
    END IF;
    INSERT INTO login_attempt (network, at) VALUES (p_network, clock_timestamp());

    UPDATE staff_member
    SET access_failed_count = (access_failed_count + 1) % p_most_account,
        lockout_end = CASE WHEN access_failed_count + 1 >= p_most_account THEN clock_timestamp() + p_wait ELSE lockout_end END
    WHERE id = p_staff AND COALESCE(lockout_end <= clock_timestamp(), true);
    RETURN CASE WHEN FOUND THEN 'try' ELSE 'wait' END;
END $$;
