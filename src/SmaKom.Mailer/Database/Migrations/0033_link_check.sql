-- What came of asking whether the addresses in drafts answer. Rows are made and forgotten by the job CheckLinks; pages only read them.
CREATE TABLE link_check (
    url_hash   bytea PRIMARY KEY,                  -- SHA-256 of the address, which may be longer than an index takes
    url        text NOT NULL,
    asked_at   timestamptz NOT NULL,
    outcome    text NOT NULL CHECK (outcome IN ('answers', 'missing', 'failing', 'no_host', 'no_answer', 'no_trust', 'private')),
    status     smallint                            -- of HTTP; null: there was no answer
);
