-- SHA-256 of the certificate that the secret is encrypted with, in hex; null: the secret is plain.
ALTER TABLE link_key ADD COLUMN certificate text;
