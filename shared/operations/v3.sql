-- What the service looked like, minute by minute, for two days: charts of the operators' board.
CREATE TABLE samples (
    at timestamptz NOT NULL,
    name text NOT NULL,
    value double precision NOT NULL,
    PRIMARY KEY (at, name)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON samples TO {role};
-- The requests that each process has answered lately.
ALTER TABLE process_states ADD COLUMN requests jsonb;
