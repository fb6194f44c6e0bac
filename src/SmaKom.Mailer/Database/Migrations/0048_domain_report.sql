-- What DNS said of the sender's domains when it was asked last: one row, which the job CheckDomains writes anew. Pages only read it.
CREATE TABLE domain_report (
    one       boolean PRIMARY KEY DEFAULT true CHECK (one),
    asked_at  timestamptz NOT NULL,
    setup     bytea NOT NULL,                      -- SHA-256 of what was asked for: under other settings it says nothing
    problems  integer NOT NULL,
    verdicts  jsonb NOT NULL
);
