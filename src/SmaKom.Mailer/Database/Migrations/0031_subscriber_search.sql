-- Any part of an address, a name or a municipality, as people search: without this each search reads everybody. pg_trgm comes with Debian's and
-- Docker's PostgreSQL, and a database's owner may switch it on; where it is missing, searching works and takes longer.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm') THEN
        CREATE EXTENSION IF NOT EXISTS pg_trgm;
        CREATE INDEX subscriber_search ON subscriber USING gin (email gin_trgm_ops, name gin_trgm_ops, municipality gin_trgm_ops);
    END IF;
END $$;
