-- What a person has decided about letters: sent again, or left as they are. Rows are only ever added.
CREATE TABLE delivery_decision (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    issue_id integer NOT NULL REFERENCES issue,
    at       timestamptz NOT NULL,
    kind     text NOT NULL CHECK (kind IN ('retry', 'send_again', 'leave')),
    made_by  text NOT NULL,                        -- a member of staff by user name, or command_line, or setting
    letters  integer NOT NULL
);
CREATE INDEX delivery_decision_issue ON delivery_decision (issue_id, id);

CREATE TABLE delivery_decision_letter (
    delivery_id  bigint NOT NULL REFERENCES delivery,
    decision_id  bigint NOT NULL REFERENCES delivery_decision,
    state_before delivery_state NOT NULL,
    PRIMARY KEY (delivery_id, decision_id)
);

CREATE TRIGGER delivery_decision_append_only BEFORE UPDATE OR DELETE ON delivery_decision
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER delivery_decision_letter_append_only BEFORE UPDATE OR DELETE ON delivery_decision_letter
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- One person's confirmation mails are looked up by address: they were written before there was a subscriber.
CREATE INDEX notice_email ON notice (lower(email));
