-- Hangfire's id of the job that sends the issue. What was queued before gets its job within a minute of a worker's start: the row is
-- what counts, so the tables of the job engine that rang before (Quartz) go without losing an issue.
ALTER TABLE issue ADD COLUMN job_id text;

DO $$
DECLARE t text;
BEGIN
    FOR t IN SELECT c.relname FROM pg_class AS c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname LIKE 'qrtz\_%' LOOP
        EXECUTE format('DROP TABLE public.%I CASCADE', t);
    END LOOP;

    -- Alarms that a build with Hangfire had set: this version reads its jobs in another form, and finds the queued issues by itself.
    IF to_regclass('hangfire.job') IS NOT NULL THEN
        DELETE FROM hangfire.set WHERE key = 'schedule';
        DELETE FROM hangfire.job WHERE invocationdata::text LIKE '%SmaKom.Mailer.Hangfire.%' AND statename IN ('Scheduled', 'Enqueued');
        DELETE FROM hangfire.hash WHERE key LIKE 'smakom-alarm:%';
    END IF;
END $$;
