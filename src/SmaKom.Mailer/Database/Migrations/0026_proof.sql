-- What proves something is only ever added to, also where one login does everything: neither UPDATE nor DELETE nor TRUNCATE. Until now
-- TRUNCATE emptied these tables, and attempts and the suppression list were guarded by nothing but the grants of a second login.
-- (A backup is restored before its triggers are made. An owner can still switch a trigger off, but not by mistake.)
CREATE TRIGGER subscriber_event_kept BEFORE TRUNCATE ON subscriber_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER admin_action_kept BEFORE TRUNCATE ON admin_action FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER delivery_decision_kept BEFORE TRUNCATE ON delivery_decision FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER delivery_decision_letter_kept BEFORE TRUNCATE ON delivery_decision_letter FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER delivery_attempt_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON delivery_attempt
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER suppression_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON suppression
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
