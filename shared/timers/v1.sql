CREATE TABLE timers (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    subject_id uuid NOT NULL,
    due_at timestamptz NOT NULL,
    data jsonb NOT NULL,
    attempts integer NOT NULL,
    last_error text,
    CONSTRAINT uq_timers_kind_subject_id UNIQUE (kind, subject_id)
);
CREATE INDEX ix_timers_due_at ON timers (due_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON timers TO {role};
