-- Letters in doubt are few among millions, and each has left an attempt: they are found by those, not by reading whole issues. On delivery itself
-- such an index would cost every letter: none there may name the state.
CREATE INDEX delivery_attempt_unknown ON delivery_attempt (delivery_id) WHERE outcome = 'unknown';
-- Those of a halted issue were not tried: the decision about it leads to them.
CREATE INDEX delivery_decision_letter_decision ON delivery_decision_letter (decision_id);
