-- Confirmations are counted by mailbox: anna+news@ and anna+more@ arrive in one and the same (RFC 5233). And by domain, which is one server's.
ALTER TABLE sign_up
    ADD COLUMN mailbox text GENERATED ALWAYS AS (regexp_replace(email_key, '^([^+@]+)\+[^@]*@', '\1@')) STORED,
    ADD COLUMN domain  text GENERATED ALWAYS AS (split_part(email_key, '@', 2)) STORED,
    DROP CONSTRAINT sign_up_verdict_check,
    ADD CONSTRAINT sign_up_verdict_check CHECK (verdict IN ('mailed', 'too_soon', 'too_many', 'suppressed'));
CREATE INDEX sign_up_mailbox ON sign_up (mailbox, decided_at) WHERE verdict = 'mailed';
CREATE INDEX sign_up_domain ON sign_up (domain, decided_at) WHERE verdict = 'mailed';
