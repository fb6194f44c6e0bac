-- One name for one thing: how a run came about.
ALTER TYPE alarm_kind RENAME TO run_kind;
