-- ASP.NET Core Identity's tables under names of our own. Logins, tokens and claims are there for what comes later
-- (two-factor codes, passkeys); today a member has a password and roles.
CREATE TABLE staff_member (
    id                     integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_name              text,
    normalized_user_name   text UNIQUE,
    email                  text,
    normalized_email       text UNIQUE,
    email_confirmed        boolean NOT NULL,
    password_hash          text,
    security_stamp         text,
    concurrency_stamp      text,
    phone_number           text,
    phone_number_confirmed boolean NOT NULL,
    two_factor_enabled     boolean NOT NULL,
    lockout_end            timestamptz,
    lockout_enabled        boolean NOT NULL,
    access_failed_count    integer NOT NULL,
    sample                 boolean NOT NULL DEFAULT false   -- its password is printed in the README: let in by a sample run only
);

CREATE TABLE staff_role (
    id                integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name              text,
    normalized_name   text UNIQUE,
    concurrency_stamp text
);

CREATE TABLE staff_member_role (
    user_id integer NOT NULL REFERENCES staff_member ON DELETE CASCADE,
    role_id integer NOT NULL REFERENCES staff_role ON DELETE CASCADE,
    PRIMARY KEY (user_id, role_id)
);
CREATE INDEX staff_member_role_role ON staff_member_role (role_id);

CREATE TABLE staff_member_claim (
    id          integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id     integer NOT NULL REFERENCES staff_member ON DELETE CASCADE,
    claim_type  text,
    claim_value text
);
CREATE INDEX staff_member_claim_user ON staff_member_claim (user_id);

CREATE TABLE staff_role_claim (
    id          integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    role_id     integer NOT NULL REFERENCES staff_role ON DELETE CASCADE,
    claim_type  text,
    claim_value text
);
CREATE INDEX staff_role_claim_role ON staff_role_claim (role_id);

CREATE TABLE staff_login (
    login_provider        text NOT NULL,
    provider_key          text NOT NULL,
    provider_display_name text,
    user_id               integer NOT NULL REFERENCES staff_member ON DELETE CASCADE,
    PRIMARY KEY (login_provider, provider_key)
);
CREATE INDEX staff_login_user ON staff_login (user_id);

CREATE TABLE staff_token (
    user_id        integer NOT NULL REFERENCES staff_member ON DELETE CASCADE,
    login_provider text NOT NULL,
    name           text NOT NULL,
    value          text,
    PRIMARY KEY (user_id, login_provider, name)
);

INSERT INTO staff_role (name, normalized_name)
VALUES ('editor', 'EDITOR'), ('approver', 'APPROVER'), ('admin', 'ADMIN');
