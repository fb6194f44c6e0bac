-- What a test letter was made of, as a hash: an issue may be queued only as it was tested.
ALTER TABLE notice
    ADD COLUMN content_hash text;
