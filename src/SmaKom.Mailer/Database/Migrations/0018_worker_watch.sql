-- What a worker says of itself beyond that it lives: when it last committed something of a letter, how far its machine's clock is from
-- this one's, and, at its end, which of its loops ended it.
ALTER TABLE worker
    ADD COLUMN committed_at timestamptz,  -- by this clock
    ADD COLUMN clock_ahead  interval,     -- the machine's clock less this one's
    ADD COLUMN ended_loop   text;
