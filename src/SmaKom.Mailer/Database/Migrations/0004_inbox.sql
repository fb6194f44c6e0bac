-- The built-in inbox of a sample run: what its SMTP receiver has taken, byte for byte. Empty in earnest use.
CREATE TABLE inbox_message (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    received_at timestamptz NOT NULL,
    return_path text NOT NULL,
    recipient   text NOT NULL,
    sender      text NOT NULL,                     -- From, as shown
    subject     text NOT NULL,
    bytes       bytea NOT NULL
);
CREATE INDEX inbox_message_recipient ON inbox_message (lower(recipient));
