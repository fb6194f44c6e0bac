-- How many connections a relay was seen to allow, where that is fewer than it is set to; one more is tried from then on.
ALTER TABLE relay
    ADD COLUMN working_connections integer CHECK (working_connections > 0),
    ADD COLUMN more_connections_at timestamptz;
