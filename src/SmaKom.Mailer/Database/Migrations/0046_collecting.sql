-- When a mailbox was asked last, and how that went. Any worker asks it, one at a time.
CREATE TABLE mail_source (
    source       text PRIMARY KEY,                 -- as in incoming_mail
    asked_at     timestamptz NOT NULL,
    next_at      timestamptz NOT NULL,
    worked_at    timestamptz,                      -- null: never yet
    failures     integer NOT NULL DEFAULT 0,       -- in a row
    failed_since timestamptz,
    failure_kind text                              -- what is wrong with the server, as for a relay
);

CREATE INDEX incoming_mail_bytes ON incoming_mail (received_at) WHERE bytes IS NOT NULL AND state <> 'waiting';
