-- What a stranger typed into the sign-up form. Nobody becomes a subscriber before the address has confirmed, so an unconfirmed
-- sign-up can be forgotten whole, and typing somebody's address changes nothing about them.
CREATE TABLE sign_up (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email        text NOT NULL,
    email_key    text NOT NULL,
    name         text,
    municipality text,
    language     text NOT NULL,
    consent      jsonb NOT NULL,                   -- version, exact words, language, address of the form
    network      bytea,                            -- keyed hash of the sender's network, for the limits; forgotten after a day
    requested_at timestamptz NOT NULL,
    decided_at   timestamptz,                      -- when a worker looked at it
    verdict      text CHECK (verdict IN ('mailed', 'too_soon', 'suppressed')),
    token_hash   bytea UNIQUE,                     -- SHA-256 of the token in the confirmation mail
    expires_at   timestamptz,
    confirmed_at timestamptz
);
CREATE INDEX sign_up_undecided ON sign_up (id) WHERE decided_at IS NULL;
CREATE INDEX sign_up_email ON sign_up (email_key, requested_at);
CREATE INDEX sign_up_requested ON sign_up (requested_at);
CREATE INDEX sign_up_network ON sign_up (network, requested_at) WHERE network IS NOT NULL;

-- Single mails outside of an issue: written with the change that they tell of, sent by a worker afterwards.
CREATE TABLE notice (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind            text NOT NULL CHECK (kind IN ('confirmation', 'unsubscribe_receipt')),
    subscriber_id   bigint REFERENCES subscriber,
    email           text NOT NULL,
    language        text NOT NULL,
    payload         text,                          -- the link, encrypted with the key ring; null when the mail is done with
    message_key     uuid NOT NULL DEFAULT gen_random_uuid(),
    state           text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sending', 'accepted', 'refused', 'unknown')),
    attempts        integer NOT NULL DEFAULT 0,
    created_at      timestamptz NOT NULL,
    next_attempt_at timestamptz NOT NULL,
    lease_until     timestamptz,
    finished_at     timestamptz,
    reply_code      smallint,
    reply_enhanced  text,
    reply_text      text
);
CREATE INDEX notice_due ON notice (next_attempt_at) WHERE state IN ('waiting', 'sending');
CREATE INDEX notice_subscriber ON notice (subscriber_id, kind, created_at) WHERE subscriber_id IS NOT NULL;
