-- What the public sees: archive, search, feeds, calendar and site map read this view and nothing else, so that who may see what is said once.
-- Issues are in it from the moment they began to be sent; drafts, queued and cancelled ones never.
ALTER TABLE issue
    ADD COLUMN imported_at  timestamptz,           -- brought in from a file: it was sent elsewhere, before
    ADD COLUMN source_hash  bytea UNIQUE,          -- SHA-256 of that file
    ADD COLUMN corrected_at timestamptz,
    ADD COLUMN correction   text,                  -- what was wrong, in a sentence to the reader
    ADD CONSTRAINT issue_imported_is_never_mailed
        CHECK (imported_at IS NULL OR (state = 'sent' AND audience = 0 AND scheduled_at IS NULL AND job_id IS NULL)),
    ADD CONSTRAINT issue_imported_has_source CHECK ((imported_at IS NULL) = (source_hash IS NULL)),
    ADD CONSTRAINT issue_correction_is_whole CHECK ((corrected_at IS NULL) = (correction IS NULL));

CREATE VIEW public_issue AS
SELECT id, slug, year, month, subject, content, COALESCE(started_at, finished_at, created_at) AS published_at,
       corrected_at, correction, imported_at, updated_at
FROM issue
WHERE state IN ('sending', 'paused', 'sent') AND deleted_at IS NULL
    AND EXISTS (SELECT FROM mailing_list AS l WHERE l.is_open AND l.id = ANY(issue.lists));

-- Words as they are searched for: stems in the issue's language, and whole words for what somebody has not typed to its end; å as a, ä as a and
-- ö as o, in the text as in the question. unaccent comes with Debian's and Docker's PostgreSQL, and a database's owner may switch it on; where it
-- is missing, letters are found as they are typed.
CREATE TEXT SEARCH DICTIONARY archive_swedish_stop (TEMPLATE = pg_catalog.simple, STOPWORDS = swedish, ACCEPT = false);
CREATE TEXT SEARCH CONFIGURATION archive_sv (COPY = pg_catalog.swedish);
CREATE TEXT SEARCH CONFIGURATION archive_en (COPY = pg_catalog.english);
CREATE TEXT SEARCH CONFIGURATION archive_words (COPY = pg_catalog.simple);
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'unaccent') THEN
        CREATE EXTENSION IF NOT EXISTS unaccent;
        ALTER TEXT SEARCH CONFIGURATION archive_sv ALTER MAPPING FOR hword, hword_part, word WITH archive_swedish_stop, unaccent, swedish_stem;
        ALTER TEXT SEARCH CONFIGURATION archive_en ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem;
        ALTER TEXT SEARCH CONFIGURATION archive_words ALTER MAPPING FOR hword, hword_part, word WITH unaccent, simple;
    END IF;
END $$;

-- The words of an issue's parts: its head, each section, the contact. Written when it begins to be sent, whoever may see it then.
CREATE TABLE issue_text (
    issue_id integer NOT NULL REFERENCES issue ON DELETE CASCADE,
    place    integer NOT NULL,                     -- in reading order; 0 is the head
    anchor   text,                                 -- id of its heading on the issue's page
    heading  text,
    language text NOT NULL,
    words    text NOT NULL,
    lexemes  tsvector NOT NULL,
    PRIMARY KEY (issue_id, place)
);
CREATE INDEX issue_text_lexemes ON issue_text USING gin (lexemes);

-- A link is its words; signs of Markdown are none.
CREATE FUNCTION markdown_words(markdown text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT regexp_replace(regexp_replace(regexp_replace(markdown,
        '!?\[([^\]]*)\]\([^()]*\)', '\1', 'g'),
        '^[ ]{0,3}(#{1,6} |> ?|[-*+] |\d+[.)] )+', '', 'gn'),
        '\*+|\\([[:punct:]])', '\1', 'g')
$$;

CREATE FUNCTION block_words(block jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT concat_ws(E'\n', block ->> 'kicker', COALESCE(block ->> 'heading', block ->> 'name'), block ->> 'place',
        markdown_words(block ->> 'body'),
        (SELECT string_agg(concat_ws(E'\n', p ->> 'caption', p ->> 'credit'), E'\n')
         FROM (SELECT jsonb_path_query(block, 'lax $.pictures[*]') UNION ALL SELECT block -> 'picture') AS pictures (p)),
        NULLIF(concat_ws(', ', block #>> '{signature,name}', block #>> '{signature,role}'), ''),
        (SELECT string_agg(c ->> 'text', E'\n') FROM jsonb_path_query(block, 'lax $.callsToAction[*]') AS c),
        block ->> 'linkText')
$$;

CREATE FUNCTION write_issue_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.content = NEW.content AND EXISTS (SELECT FROM issue_text WHERE issue_id = NEW.id) THEN
            RETURN NULL;
        END IF;
    END IF;
    DELETE FROM issue_text WHERE issue_id = NEW.id;
    INSERT INTO issue_text (issue_id, place, anchor, heading, language, words, lexemes)
    SELECT NEW.id, place, anchor, NULLIF(btrim(heading), ''), language, words,
           -- Far more than a section holds, and less than a tsvector may: nothing about a search may keep an issue from going out.
           to_tsvector((CASE language WHEN 'en' THEN 'archive_en' ELSE 'archive_sv' END)::regconfig, left(concat_ws(E'\n', heading, words), 100000))
               || to_tsvector('archive_words', left(concat_ws(E'\n', heading, words), 100000))
    FROM (
        SELECT 0 AS place, NULL AS anchor, NULL AS heading,
               concat_ws(E'\n', NEW.subject, NEW.content ->> 'headline', NEW.content ->> 'preheader', NEW.content #>> '{leadPicture,caption}',
                   NEW.content #>> '{leadPicture,credit}') AS words
        UNION ALL
        -- Numbered as on the page, where an empty section has no number.
        SELECT n, CASE WHEN btrim(COALESCE(section ->> 'heading', '')) <> '' THEN 'avdelning-' || n END, section ->> 'heading',
               (SELECT COALESCE(string_agg(concat_ws(E'\n\n', NULLIF(block_words(block), ''), NULLIF(block_words(block -> 'left'), ''),
                    NULLIF(block_words(block -> 'right'), '')), E'\n\n' ORDER BY at), '')
                FROM jsonb_path_query(section, 'lax $.blocks[*]') WITH ORDINALITY AS b (block, at))
        FROM (SELECT row_number() OVER (ORDER BY at) AS n, section
              FROM jsonb_path_query(NEW.content, 'lax $.sections[*]') WITH ORDINALITY AS s (section, at)
              WHERE jsonb_path_exists(section, 'lax $.blocks[0]')) AS numbered
        UNION ALL
        SELECT 1000000, 'kontakt', NULL,
               concat_ws(E'\n', NEW.content #>> '{contact,name}', NEW.content #>> '{contact,role}', NEW.content #>> '{contact,text}')
        WHERE NEW.content ? 'contact'
    ) AS parts
    CROSS JOIN (SELECT COALESCE(NEW.content ->> 'language', 'sv') AS language) AS written;
    RETURN NULL;
END $$;

-- A draft is written to the database every few seconds: it is none of this.
CREATE TRIGGER issue_text AFTER INSERT OR UPDATE OF content, state ON issue
    FOR EACH ROW WHEN (NEW.state IN ('sending', 'paused', 'sent')) EXECUTE FUNCTION write_issue_text();

-- Those that are out already: the trigger writes what is not written yet.
UPDATE issue SET content = content WHERE state IN ('sending', 'paused', 'sent');
