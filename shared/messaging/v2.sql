ALTER TABLE dead_letters DROP CONSTRAINT ck_dead_letters_status;
ALTER TABLE dead_letters ADD CONSTRAINT ck_dead_letters_status
    CHECK (status IN ('parked', 'deferred', 'waiting', 'refused'));
-- A refused message claims an id that is another's.
ALTER TABLE dead_letters ADD CONSTRAINT ck_dead_letters_refused CHECK (status <> 'refused' OR event_id IS NULL);
