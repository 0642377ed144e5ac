-- Rounds in which the whole journal is verified, seal by seal.
CREATE TABLE journal_rounds (
    id uuid PRIMARY KEY,
    begun_at timestamptz NOT NULL,
    ordered_by uuid,
    reached integer NOT NULL CONSTRAINT ck_journal_rounds_reached CHECK (reached >= 0),
    rows bigint NOT NULL,
    contradictions integer NOT NULL,
    found jsonb NOT NULL,
    ended_at timestamptz
);
CREATE UNIQUE INDEX uq_journal_rounds_running ON journal_rounds ((ended_at IS NULL)) WHERE ended_at IS NULL;
GRANT SELECT, INSERT, UPDATE, DELETE ON journal_rounds TO {role};
