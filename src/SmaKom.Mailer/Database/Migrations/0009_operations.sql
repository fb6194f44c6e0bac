-- What kind of failure a relay's last one was, as a word that pages and health checks may repeat: the words beside it are the
-- server's own and can name a recipient.
ALTER TABLE relay ADD COLUMN last_failure_kind text;
