-- A draft that was removed can be brought back for 30 days; then forget_drafts() takes it.
ALTER TABLE issue
    ADD COLUMN deleted_at timestamptz,
    ADD COLUMN deleted_by text,
    ADD CONSTRAINT issue_deleted_is_draft CHECK (deleted_at IS NULL OR state = 'draft');

-- How often each part of an issue's content was changed, when last and by whom: a save that comes with an older version is a conflict.
CREATE TABLE issue_part (
    issue_id   integer NOT NULL REFERENCES issue ON DELETE CASCADE,
    part       text NOT NULL,                      -- the id in the content
    version    integer NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL,
    PRIMARY KEY (issue_id, part)
);

-- The content as it was after each change. What one person types within a quarter of an hour is one row.
CREATE TABLE issue_revision (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    issue_id integer NOT NULL REFERENCES issue ON DELETE CASCADE,
    began_at timestamptz NOT NULL DEFAULT now(),
    at       timestamptz NOT NULL DEFAULT now(),
    who      text,                                 -- null: as it was before anybody changed it here
    typed    boolean NOT NULL,                     -- text alone was changed
    content  jsonb NOT NULL
);
CREATE INDEX issue_revision_issue ON issue_revision (issue_id, id DESC);

-- Test letters: single mails that hold an issue.
ALTER TABLE notice
    DROP CONSTRAINT notice_kind_check,
    ADD CONSTRAINT notice_kind_check CHECK (kind IN ('confirmation', 'unsubscribe_receipt', 'test_letter')),
    ADD COLUMN issue_id integer REFERENCES issue ON DELETE SET NULL,
    ADD COLUMN requested_by text;
CREATE INDEX notice_issue ON notice (issue_id, id DESC) WHERE issue_id IS NOT NULL;

-- The service may delete no issue (Grants.sql). This takes drafts whose 30 days are over, and nothing else, whoever calls it.
CREATE FUNCTION forget_drafts() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH gone AS (
        DELETE FROM public.issue
        WHERE state = 'draft' AND deleted_at < now() - interval '30 days'
        RETURNING id)
    SELECT count(*) FROM gone
$$;
