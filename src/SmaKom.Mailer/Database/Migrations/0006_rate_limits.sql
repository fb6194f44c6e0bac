-- So many letters in any span of this length, over one relay or all, to one group of destinations or all.
CREATE TABLE rate_limit (
    id                smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    relay_id          smallint REFERENCES relay ON DELETE CASCADE,   -- null: all relays together
    destination_group text,                                          -- null: all destinations together
    count             integer NOT NULL CHECK (count > 0),
    -- Never changed: the slots in rate_use are counted in it.
    per               interval NOT NULL CHECK (per IN ('1 second', '1 minute', '1 hour', '1 day')),
    doubles_from      date,                                          -- warm-up: count on this day, twice as many on each day after
    UNIQUE NULLS NOT DISTINCT (relay_id, destination_group, per),
    CHECK (doubles_from IS NULL OR per = '1 day')
);

-- Permits given in each sixtieth of a rule's span.
CREATE TABLE rate_use (
    rate_limit_id smallint NOT NULL REFERENCES rate_limit ON DELETE CASCADE,
    slot          bigint NOT NULL,
    used          integer NOT NULL,
    PRIMARY KEY (rate_limit_id, slot)
) WITH (fillfactor = 50);

-- Domains that one receiver serves; a domain that is not here is a group of its own.
CREATE TABLE destination_group (
    pattern text PRIMARY KEY,                      -- a domain, or *.domain for all below it
    name    text NOT NULL
);
INSERT INTO destination_group (pattern, name) VALUES
    ('gmail.com', 'google'), ('googlemail.com', 'google'),
    ('outlook.com', 'microsoft'), ('hotmail.com', 'microsoft'), ('hotmail.se', 'microsoft'), ('live.com', 'microsoft'),
    ('live.se', 'microsoft'), ('msn.com', 'microsoft'),
    ('yahoo.com', 'yahoo'), ('yahoo.se', 'yahoo'), ('aol.com', 'yahoo'),
    ('icloud.com', 'apple'), ('me.com', 'apple'), ('mac.com', 'apple');

-- A group that asked us to slow down. Gone when it has recovered.
CREATE TABLE destination_state (
    relay_id          smallint NOT NULL REFERENCES relay ON DELETE CASCADE,
    destination_group text NOT NULL,
    paused_until      timestamptz NOT NULL,
    max_connections   integer NOT NULL DEFAULT 1,  -- of all workers together, after the pause
    raise_at          timestamptz,                 -- a letter that is accepted after it allows one connection more; null: none was accepted yet
    reply             text NOT NULL,               -- the server's words
    PRIMARY KEY (relay_id, destination_group)
);

ALTER TABLE relay ADD COLUMN weight integer CHECK (weight > 0);   -- share of the connections among relays of one priority; null: as many as it allows

-- A letter that is on its way to a group that recovers; of all workers together there are no more than max_connections.
CREATE TABLE destination_flight (
    id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    relay_id          smallint NOT NULL,
    destination_group text NOT NULL,
    leased_until      timestamptz NOT NULL,        -- a worker that was killed gives nothing back
    FOREIGN KEY (relay_id, destination_group) REFERENCES destination_state ON DELETE CASCADE
);
CREATE INDEX destination_flight_group ON destination_flight (relay_id, destination_group);

-- Permits are dated by this clock while the rules are locked, so all workers agree on their order.
-- A rule looks at the present sixtieth and the sixty before: never less than its span, whatever the moment.
-- The receiver counts a letter at some moment between the permit and its reply. Until the reply the permit therefore stands in a
-- sixtieth ahead of now (its lease); p_ended, the moments at which permits were given whose letters have been seen to, moves it into the
-- present one. Nothing that the receiver may have counted within a span is thus ever left out.
CREATE FUNCTION take_permits(
    p_relay smallint, p_group text, p_wanted integer, p_ended timestamptz[] DEFAULT '{}', OUT granted integer, OUT wait interval, OUT at timestamptz)
LANGUAGE plpgsql AS $$
DECLARE
    lease   CONSTANT interval := interval '1 minute';
    -- Always in the order of their ids, so that two callers never wait for each other.
    rules   rate_limit[] := ARRAY(
                SELECT r
                FROM rate_limit AS r
                WHERE (relay_id IS NULL OR relay_id = p_relay) AND (destination_group IS NULL OR destination_group = p_group)
                ORDER BY id
                FOR NO KEY UPDATE);
    rule    rate_limit;
    current bigint;
    most    bigint;
    taken   bigint;
    frees   bigint;
BEGIN
    at := clock_timestamp();
    granted := p_wanted;
    wait := interval '0';
    FOREACH rule IN ARRAY rules LOOP
        current := rate_slot(rule.per, at);
        IF cardinality(p_ended) > 0 THEN
            UPDATE rate_use AS u
            SET used = GREATEST(0, u.used - e.n)
            FROM (SELECT rate_slot(rule.per, given + lease) AS slot, count(*) AS n FROM unnest(p_ended) AS given GROUP BY 1) AS e
            WHERE u.rate_limit_id = rule.id AND u.slot = e.slot;
            INSERT INTO rate_use VALUES (rule.id, current, cardinality(p_ended))
            ON CONFLICT (rate_limit_id, slot) DO UPDATE SET used = rate_use.used + EXCLUDED.used;
        END IF;
        SELECT COALESCE(sum(used), 0) INTO taken FROM rate_use WHERE rate_limit_id = rule.id AND slot >= current - 60;
        granted := GREATEST(0, LEAST(granted, permits_at(rule, at) - taken));
    END LOOP;

    FOREACH rule IN ARRAY rules LOOP
        current := rate_slot(rule.per, at);
        IF granted > 0 THEN
            INSERT INTO rate_use VALUES (rule.id, rate_slot(rule.per, at + lease), granted)
            ON CONFLICT (rate_limit_id, slot) DO UPDATE SET used = rate_use.used + EXCLUDED.used;
        END IF;
        IF granted > 0 OR cardinality(p_ended) > 0 THEN
            DELETE FROM rate_use WHERE rate_limit_id = rule.id AND (slot < current - 60 OR used = 0);
        END IF;
        IF granted < p_wanted THEN
            -- The first slot without which there is room again, and when it is past; letters on their way are taken to end now.
            most := permits_at(rule, at);
            SELECT max(LEAST(slot, current)) INTO frees
            FROM (SELECT slot, sum(used) OVER (ORDER BY slot DESC) AS since FROM rate_use WHERE rate_limit_id = rule.id AND slot >= current - 60) AS u
            WHERE since >= most;
            IF frees IS NOT NULL THEN
                wait := GREATEST(wait, to_timestamp((frees + 61) * extract(epoch FROM rule.per) / 60) - at + interval '1 microsecond');
            END IF;
        END IF;
    END LOOP;
END $$;

-- Sixtieths of the span since 1970; exact, since both are whole microseconds.
CREATE FUNCTION rate_slot(per interval, at timestamptz) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT (extract(epoch FROM at) * 1000000)::bigint * 60 / (extract(epoch FROM per) * 1000000)::bigint
$$;

-- Null when the group has as many letters on their way as it takes, or has been forgotten meanwhile.
CREATE FUNCTION enter_destination(p_relay smallint, p_group text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    most   integer;
    flight bigint;
BEGIN
    SELECT max_connections INTO most
    FROM destination_state
    WHERE relay_id = p_relay AND destination_group = p_group AND paused_until <= now()
    FOR NO KEY UPDATE;
    DELETE FROM destination_flight WHERE relay_id = p_relay AND destination_group = p_group AND leased_until < now();
    INSERT INTO destination_flight (relay_id, destination_group, leased_until)
    SELECT p_relay, p_group, now() + interval '1 minute'
    WHERE (SELECT count(*) FROM destination_flight WHERE relay_id = p_relay AND destination_group = p_group) < most
    RETURNING id INTO flight;
    RETURN flight;
END $$;

-- Doubling ends where nobody has so many subscribers.
CREATE FUNCTION permits_at(rule rate_limit, at timestamptz) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT rule.count::bigint << GREATEST(0, LEAST(20, COALESCE((at AT TIME ZONE 'UTC')::date - rule.doubles_from, 0)))
$$;

-- What rests for a limit's sake is looked at again when the limit changes.
CREATE FUNCTION wake_for_limits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE slice
    SET due_at = now()
    WHERE id IN (SELECT id FROM slice WHERE claim_id IS NULL AND due_at > now() FOR UPDATE SKIP LOCKED);
    NOTIFY mailer;
    RETURN NULL;
END $$;
CREATE TRIGGER rate_limit_changed AFTER INSERT OR UPDATE OR DELETE ON rate_limit FOR EACH STATEMENT EXECUTE FUNCTION wake_for_limits();
CREATE TRIGGER destination_state_changed AFTER DELETE ON destination_state FOR EACH STATEMENT EXECUTE FUNCTION wake_for_limits();
