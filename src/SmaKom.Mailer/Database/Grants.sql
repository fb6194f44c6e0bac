-- What the running service (@runtime) may do: read and write rows, as little as its work takes. It owns nothing, so it can neither
-- change a table nor switch a trigger off. Run by the owner after each migration; may be run again at any time.
DO $$
DECLARE
    runtime text := current_setting('smakom.runtime');
    reader  text := NULLIF(current_setting('smakom.reader'), '');
    reports text := NULLIF(current_setting('smakom.reports'), '');
    -- What opens something, or could be guessed back to what does: not for reports. A table's name alone means all of it.
    secrets CONSTANT text[] := '{link_key, data_protection_key, staff_token, staff_login, login_attempt, inbox_message,
        staff_member.password_hash, staff_member.security_stamp, staff_member.concurrency_stamp, staff_role.concurrency_stamp, staff_session.id,
        relay.password_protected, incoming_mail.bytes, incoming_mail.sent_to,
        notice.payload, notice.message_key, notice.content_hash, link_check.url_hash,
        sign_up.token_hash, sign_up.network, form_post.network,
        address_change.token_hash, address_change.stop_hash, suppression.address_hash, incoming_mail.bytes, incoming_mail.sent_to}';
    t       record;
BEGIN
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), runtime);
    EXECUTE format('REVOKE CREATE ON SCHEMA public FROM PUBLIC');
    EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', runtime);
    EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA public FROM %I', runtime);
    EXECUTE format('GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO %I', runtime);

    FOR t IN SELECT c.oid, c.relname,
                    -- Written through, a view would have its owner's rights.
                    c.relkind IN ('v', 'm') AS is_view,
                    -- Whoever guards a table against changes means the grants too.
                    EXISTS (SELECT FROM pg_trigger AS g JOIN pg_proc AS p ON p.oid = g.tgfoid WHERE g.tgrelid = c.oid AND p.proname = 'refuse_change')
                        -- Keys that links and forms of years ago are checked with: added, never altered.
                        OR c.relname IN ('link_key', 'data_protection_key') AS append_only,
                    -- Who got what, and who said no to mail: erasing a person empties the row and keeps it. What keeps a letter from going out twice.
                    c.relname IN ('subscriber', 'subscription', 'mailing_list',
                        'issue', 'delivery', 'frozen_letter', 'halt', 'database_identity') AS kept
             FROM pg_class AS c
             WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
    LOOP
        EXECUTE format('GRANT %s ON public.%I TO %I', CASE
            WHEN t.relname IN ('migration', 'forgotten_letters') OR t.is_view THEN 'SELECT'
            WHEN t.append_only THEN 'SELECT, INSERT'
            WHEN t.kept THEN 'SELECT, INSERT, UPDATE'
            ELSE 'SELECT, INSERT, UPDATE, DELETE' END, t.relname, runtime);
    END LOOP;

    -- What does with its owner's rights what the service may not do itself, and nobody else may have done.
    FOR t IN SELECT p.oid::regprocedure AS function FROM pg_proc AS p WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef
    LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', t.function);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', t.function, runtime);
    END LOOP;

    -- The job engine's tables.
    IF to_regnamespace('hangfire') IS NOT NULL THEN
        EXECUTE format('GRANT USAGE ON SCHEMA hangfire TO %I', runtime);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA hangfire TO %I', runtime);
        EXECUTE format('GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA hangfire TO %I', runtime);
    END IF;

    IF reader IS NOT NULL THEN
        EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), reader);
        EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', reader);
        EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA public TO %I', reader);
        EXECUTE format('GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO %I', reader);
        -- A backup is of the whole database.
        IF to_regnamespace('hangfire') IS NOT NULL THEN
            EXECUTE format('GRANT USAGE ON SCHEMA hangfire TO %I', reader);
            EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA hangfire TO %I', reader);
            EXECUTE format('GRANT SELECT ON ALL SEQUENCES IN SCHEMA hangfire TO %I', reader);
        END IF;
    END IF;

    IF reports IS NOT NULL THEN
        EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), reports);
        EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', reports);
        EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA public FROM %I', reports);
        FOR t IN SELECT c.relname, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) AS columns
                 FROM pg_class AS c
                 JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
                     AND c.relname <> ALL (secrets) AND c.relname || '.' || a.attname <> ALL (secrets)
                 GROUP BY c.relname
        LOOP
            EXECUTE format('GRANT SELECT (%s) ON public.%I TO %I', t.columns, t.relname, reports);
        END LOOP;
    END IF;
END $$;
