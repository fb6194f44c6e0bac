-- Which SMTP client speaks with a relay.
CREATE TYPE smtp_client_kind AS ENUM ('mail_kit', 'pipelined');
ALTER TABLE relay ADD COLUMN client smtp_client_kind NOT NULL DEFAULT 'mail_kit';
