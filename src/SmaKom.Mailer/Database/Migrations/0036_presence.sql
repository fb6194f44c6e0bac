-- Who has a draft open. A page says so every twenty seconds and when it goes; what falls silent is gone. Nothing that outlives a crash.
CREATE UNLOGGED TABLE issue_presence (
    issue_id integer NOT NULL REFERENCES issue ON DELETE CASCADE,
    who      text NOT NULL,
    view     text NOT NULL,                        -- one page in one tab, at random; empty: loaded, perhaps without script
    part     text,                                 -- whose form is open
    began_at timestamptz NOT NULL DEFAULT now(),
    seen_at  timestamptz NOT NULL DEFAULT now(),
    left_at  timestamptz,
    PRIMARY KEY (issue_id, who, view)
);
