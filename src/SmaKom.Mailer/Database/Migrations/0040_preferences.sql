-- Letters wait until then, and come again by themselves.
ALTER TABLE subscriber ADD COLUMN paused_until timestamptz;

-- A person's wish to be written to at another address: a mail to the new one carries the token, one to the old one tells of it.
CREATE TABLE address_change (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subscriber_id bigint NOT NULL REFERENCES subscriber,
    email         text NOT NULL,                   -- the new one
    email_key     text NOT NULL,
    token_hash    bytea NOT NULL UNIQUE,           -- SHA-256 of the token in the mail to the new address
    stop_hash     bytea NOT NULL UNIQUE,           -- the same of the mail to the old one
    requested_at  timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL,
    confirmed_at  timestamptz,
    status_before subscriber_status,               -- of the old row: what stopping goes back to
    became        bigint REFERENCES subscriber,    -- the row that has the new address
    stopped_at    timestamptz
);
CREATE INDEX address_change_subscriber ON address_change (subscriber_id, requested_at);

ALTER TABLE notice
    DROP CONSTRAINT notice_kind_check,
    ADD CONSTRAINT notice_kind_check
        CHECK (kind IN ('confirmation', 'unsubscribe_receipt', 'test_letter', 'address_confirmation', 'address_notice'));
