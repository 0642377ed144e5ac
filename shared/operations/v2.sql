-- What each process of the service says about itself every few seconds.
CREATE TABLE process_states (
    id uuid PRIMARY KEY,
    host text NOT NULL,
    pid integer NOT NULL,
    version text NOT NULL,
    parts jsonb NOT NULL,
    checks jsonb NOT NULL,
    relay jsonb,
    consumer jsonb,
    memory_bytes bigint,
    open_files integer,
    started_at timestamptz NOT NULL,
    at timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON process_states TO {role};
