-- Who often stands in the letter: chair, secretary, contact. An issue holds a copy of what was picked, and follows no change of these rows.
CREATE TABLE person (
    id                  integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name                text NOT NULL CHECK (name <> ''),
    role                text,
    email               text,
    phone               text,
    portrait            text REFERENCES media,
    portrait_alt        text NOT NULL DEFAULT '',
    portrait_decorative boolean NOT NULL DEFAULT false
);
