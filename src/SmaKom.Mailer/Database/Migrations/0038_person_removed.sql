-- Somebody who was removed by mistake comes back with one button; after 30 days the row is gone.
ALTER TABLE person ADD COLUMN removed_at timestamptz;
