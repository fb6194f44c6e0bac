-- What the jobs did, on whichever engine rang: one row per run. A run whose worker died is "lost".
CREATE TYPE job_run_state AS ENUM ('running', 'succeeded', 'failed', 'lost');
CREATE TYPE alarm_kind    AS ENUM ('recurring', 'once', 'now');

CREATE TABLE job_run (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    job        text NOT NULL,
    key        text,                               -- what the alarm was set for, as an issue's id; never an address
    kind       alarm_kind NOT NULL,
    worker_id  uuid NOT NULL,
    node       text NOT NULL,
    planned_at timestamptz,                        -- when the alarm was to ring
    started_at timestamptz NOT NULL,
    ended_at   timestamptz,
    state      job_run_state NOT NULL DEFAULT 'running',
    cause      text,                               -- of a failure, without what differs from time to time: groups runs
    exception  text,
    log        text[] NOT NULL DEFAULT '{}',
    retry      boolean NOT NULL DEFAULT false,     -- somebody wants this to run again, and it has not been passed on yet
    CHECK ((state = 'running') = (ended_at IS NULL))
);
CREATE INDEX job_run_job ON job_run (job, id);
CREATE INDEX job_run_state ON job_run (state, id);
CREATE INDEX job_run_started ON job_run (started_at);
CREATE INDEX job_run_cause ON job_run (cause, id) WHERE cause IS NOT NULL;
CREATE INDEX job_run_failed ON job_run (started_at) WHERE cause IS NOT NULL;
CREATE INDEX job_run_retry ON job_run (id) WHERE retry;

-- Counters for the graphs: they outlive the rows of frequent jobs, and cost nothing to read.
CREATE TABLE job_hour (
    job       text NOT NULL,
    hour      timestamptz NOT NULL,
    succeeded integer NOT NULL DEFAULT 0,
    failed    integer NOT NULL DEFAULT 0,
    lost      integer NOT NULL DEFAULT 0,
    PRIMARY KEY (job, hour)
);
CREATE INDEX job_hour_hour ON job_hour (hour);

-- A recurring job that is paused: its alarm rings on, and its runs are left out.
CREATE TABLE job_pause (
    job       text PRIMARY KEY,
    since     timestamptz NOT NULL,
    paused_by text NOT NULL
);

-- Who did what in the admin's pages. Rows are only ever added.
CREATE TABLE admin_action (
    id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at     timestamptz NOT NULL,
    who    text NOT NULL,
    what   text NOT NULL,
    target text
);
CREATE TRIGGER admin_action_append_only BEFORE UPDATE OR DELETE ON admin_action
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Every worker says more about itself, by the database's clock.
ALTER TABLE worker
    ADD COLUMN version    text NOT NULL DEFAULT '',
    ADD COLUMN roles      text NOT NULL DEFAULT 'worker',
    ADD COLUMN slots      integer NOT NULL DEFAULT 0,       -- connections to relays that it may have at once
    ADD COLUMN stopped_at timestamptz;                      -- ended in order; one that fell silent has none
