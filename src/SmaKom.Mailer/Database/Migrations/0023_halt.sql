-- Who this database is, so that a restored copy is told from the one that was left. One row.
CREATE TABLE database_identity (
    only_row          boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    system_identifier bigint,                      -- another: restored on another server
    timeline          text,                        -- another: restored to a point in time, or a standby has taken over
    database_oid      oid,                         -- another: restored beside the old one or in its place
    table_oid         oid,                         -- of this table; another: restored over the old one
    met_at            timestamptz,                 -- when the service first met this identity; null: it has not yet
    active_before     timestamptz,                 -- the last sign of life under the identity before; null: this is the first
    last_active_at    timestamptz,                 -- the last sign of life of any worker
    longest_sleep     interval NOT NULL DEFAULT '6 hours',
    beats             bigint NOT NULL DEFAULT 0    -- signs of life; a worker that has seen more of them finds the database set back
);
INSERT INTO database_identity DEFAULT VALUES;

-- What this database is now. What a server does not tell, or not to this role, is null.
CREATE FUNCTION present_database(OUT system_identifier bigint, OUT timeline text, OUT database_oid oid) LANGUAGE plpgsql STABLE AS $$
BEGIN
    database_oid := (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database());
    BEGIN
        system_identifier := (SELECT c.system_identifier FROM pg_control_system() AS c);
    EXCEPTION WHEN insufficient_privilege OR undefined_function OR feature_not_supported THEN
        NULL;
    END;
    -- The control file has a new timeline only after a checkpoint; the log is written on it at once.
    BEGIN
        timeline := left(pg_walfile_name(pg_current_wal_lsn()), 8);
    EXCEPTION WHEN insufficient_privilege OR undefined_function OR feature_not_supported OR object_not_in_prerequisite_state THEN
        NULL;
    END;
END $$;

CREATE FUNCTION database_is_known() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT i.met_at IS NULL
        OR (i.system_identifier, i.timeline, i.database_oid, i.table_oid) IS NOT DISTINCT FROM (p.system_identifier, p.timeline, p.database_oid, i.tableoid)
    FROM database_identity AS i, present_database() AS p
$$;

-- Asked at each claim: this is the database that the workers left, and one of them has lived all the while.
CREATE FUNCTION may_send() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT i.met_at IS NULL OR i.last_active_at > now() - i.longest_sleep AND database_is_known()
    FROM database_identity AS i
$$;

-- Nothing of an issue (or of single mails) goes out until somebody has decided: some of it may have gone out already.
CREATE TABLE halt (
    id             integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    issue_id       integer REFERENCES issue,       -- null: single mails
    cause          text NOT NULL CHECK (cause IN ('restored', 'slept')),
    state_before   issue_state,                    -- queued, sending or paused
    at             timestamptz NOT NULL DEFAULT now(),
    last_active_at timestamptz NOT NULL,           -- the last that this database knows of
    accepted       integer NOT NULL DEFAULT 0,     -- until then
    waiting        integer NOT NULL,               -- may have been sent since, at most
    per_minute     double precision,               -- accepted in the last minutes until then; null: too few
    decided_at     timestamptz,
    decision       text CHECK (decision IN ('go_on', 'unknown', 'stop')),
    decided_by     text,                           -- as in admin_action
    CHECK ((decided_at IS NULL) = (decision IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL))
);
CREATE UNIQUE INDEX halt_undecided ON halt (COALESCE(issue_id, 0)) WHERE decided_at IS NULL;

ALTER TABLE notice ADD COLUMN halt_id integer REFERENCES halt;
CREATE INDEX notice_halt ON notice (halt_id) WHERE halt_id IS NOT NULL;

ALTER TABLE delivery_decision
    DROP CONSTRAINT delivery_decision_kind_check,
    ADD CONSTRAINT delivery_decision_kind_check CHECK (kind IN ('retry', 'send_again', 'leave', 'unknown'));
