-- What auditors search by when they do not ask for one actor or one aggregate.
CREATE INDEX CONCURRENTLY ix_journal_action_at ON journal (action, at, position);
CREATE INDEX CONCURRENTLY ix_journal_at ON journal (at, position);
