-- The words of the domain are types, so that SQL reads as the design does.
CREATE TYPE subscriber_status AS ENUM ('pending', 'active', 'unsubscribed', 'bounced', 'complained', 'erased');
CREATE TYPE legal_basis       AS ENUM ('member', 'consent');
CREATE TYPE letter_format     AS ENUM ('html', 'text');
CREATE TYPE issue_state       AS ENUM ('draft', 'queued', 'sending', 'paused', 'sent', 'cancelled');
CREATE TYPE delivery_state    AS ENUM ('waiting', 'deferred', 'sending', 'accepted', 'refused', 'unknown', 'excluded');
CREATE TYPE tls_mode          AS ENUM ('none', 'start_tls', 'start_tls_when_offered', 'implicit');

-- One row per address, for ever: whoever leaves keeps the row (without the address after erasure).
CREATE TABLE subscriber (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email        text NOT NULL,                    -- as written; what letters are sent to
    email_key    text NOT NULL UNIQUE,             -- lower case, domain as A-label: one person, one row
    domain       text NOT NULL,
    name         text,
    municipality text,
    language     text NOT NULL DEFAULT 'sv',
    format       letter_format NOT NULL DEFAULT 'html',
    status       subscriber_status NOT NULL,
    legal_basis  legal_basis NOT NULL,
    created_at   timestamptz NOT NULL,
    confirmed_at timestamptz,
    left_at      timestamptz
);
CREATE INDEX subscriber_domain ON subscriber (domain);

-- What happened to a person's subscription, and the proof of consent. Rows are only ever added.
CREATE TABLE subscriber_event (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subscriber_id bigint NOT NULL REFERENCES subscriber,
    at            timestamptz NOT NULL,
    kind          text NOT NULL,
    detail        jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX subscriber_event_subscriber ON subscriber_event (subscriber_id, id);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER subscriber_event_append_only BEFORE UPDATE OR DELETE ON subscriber_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Addresses that must never get mail again, as keyed hashes: outlives deletion and import.
CREATE TABLE suppression (
    address_hash bytea PRIMARY KEY,
    reason       text NOT NULL,
    since        timestamptz NOT NULL
);

CREATE TABLE media (
    id           text PRIMARY KEY,                 -- hash of the bytes
    content_type text NOT NULL CHECK (content_type IN ('image/png', 'image/jpeg', 'image/gif')),
    width        integer NOT NULL,
    height       integer NOT NULL,
    bytes        bytea NOT NULL,
    created_at   timestamptz NOT NULL
);

CREATE TABLE issue (
    id           integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slug         text NOT NULL UNIQUE CHECK (slug ~ '^[0-9]{4}-[0-9]{2}(-[a-z0-9-]+)?$'),
    year         integer NOT NULL,
    month        integer NOT NULL CHECK (month BETWEEN 1 AND 12),
    subject      text NOT NULL,
    content      jsonb NOT NULL,
    state        issue_state NOT NULL DEFAULT 'draft',
    version      integer NOT NULL DEFAULT 1,
    scheduled_at timestamptz,                      -- queued for
    started_at   timestamptz,                      -- content and audience frozen
    finished_at  timestamptz,
    audience     integer,                          -- rows in delivery, set when frozen
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL
);

-- The issue rendered and MIME-encoded once per variant, with slots for what is personal.
CREATE TABLE frozen_letter (
    issue_id    integer NOT NULL REFERENCES issue,
    variant     smallint NOT NULL,
    language    text NOT NULL,
    legal_basis legal_basis NOT NULL,
    format      letter_format NOT NULL,
    template    bytea NOT NULL,
    PRIMARY KEY (issue_id, variant)
);

CREATE TABLE relay (
    id                          smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name                        text NOT NULL UNIQUE,
    host                        text NOT NULL,
    port                        integer NOT NULL CHECK (port BETWEEN 1 AND 65535),
    tls                         tls_mode NOT NULL,
    username                    text,
    password_protected          text,              -- encrypted with the key ring, never plain
    priority                    integer NOT NULL DEFAULT 10,
    max_connections             integer NOT NULL DEFAULT 4 CHECK (max_connections > 0),
    max_messages_per_connection integer NOT NULL DEFAULT 1000 CHECK (max_messages_per_connection > 0),
    enabled                     boolean NOT NULL DEFAULT true,
    failures                    integer NOT NULL DEFAULT 0,   -- in a row
    available_at                timestamptz,       -- backing off until
    last_failure                text,
    last_failure_at             timestamptz
);

-- One row per person per issue, frozen when the issue starts. No index names a column that changes per letter,
-- so that intent and outcome are heap-only updates; the free space lets them stay on their page.
CREATE TABLE delivery (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    issue_id         integer NOT NULL REFERENCES issue,
    subscriber_id    bigint NOT NULL REFERENCES subscriber,
    variant          smallint NOT NULL,
    state            delivery_state NOT NULL DEFAULT 'waiting',
    attempts         smallint NOT NULL DEFAULT 0,
    relay_id         smallint,
    reply_code       smallint,
    claim_id         bigint,
    first_attempt_at timestamptz,
    last_attempt_at  timestamptz,
    next_attempt_at  timestamptz,
    finished_at      timestamptz,
    email            text NOT NULL,                -- frozen: a second try has the same bytes
    name             text,
    domain           text NOT NULL,
    reason           text,                         -- why excluded, or what the relay's failure was
    reply_enhanced   text,
    reply_text       text,
    UNIQUE (issue_id, subscriber_id)
) WITH (fillfactor = 60);
CREATE INDEX delivery_subscriber ON delivery (subscriber_id);

-- Every try that did not end in acceptance at once; the accepting one stands in delivery.
CREATE TABLE delivery_attempt (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    delivery_id    bigint NOT NULL REFERENCES delivery,
    at             timestamptz NOT NULL,
    outcome        delivery_state NOT NULL,
    relay_id       smallint,
    stage          text,
    reply_code     smallint,
    reply_enhanced text,
    reply_text     text
);
CREATE INDEX delivery_attempt_delivery ON delivery_attempt (delivery_id);

-- What a worker claims: a run of deliveries. Gone when all in it are final; due again when some were deferred.
CREATE SEQUENCE claim_id;
CREATE TABLE slice (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    issue_id    integer NOT NULL REFERENCES issue,
    first_id    bigint NOT NULL,
    last_id     bigint NOT NULL,
    due_at      timestamptz NOT NULL,
    claim_id    bigint,
    worker_id   uuid,
    lease_until timestamptz,
    CHECK ((claim_id IS NULL) = (lease_until IS NULL))
);
CREATE INDEX slice_due ON slice (due_at) WHERE claim_id IS NULL;
CREATE INDEX slice_lease ON slice (lease_until) WHERE claim_id IS NOT NULL;

CREATE TABLE worker (
    id           uuid PRIMARY KEY,
    name         text NOT NULL,
    started_at   timestamptz NOT NULL,
    heartbeat_at timestamptz NOT NULL,
    connections  integer NOT NULL DEFAULT 0
);

-- Keys that sign the links in letters; old ones stay, so that links work for years.
CREATE TABLE link_key (
    id         smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    secret     bytea NOT NULL,
    created_at timestamptz NOT NULL
);

-- ASP.NET Core's Data Protection key ring, shared by all processes.
CREATE TABLE data_protection_key (
    id            integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    friendly_name text NOT NULL,
    xml           text NOT NULL
);
