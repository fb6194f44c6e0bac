-- Room on each page for the intents and outcomes of the letters under way, so that every update stays heap-only.
ALTER TABLE delivery SET (fillfactor = 45);
