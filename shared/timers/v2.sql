-- The last run of each recurring job.
CREATE TABLE job_runs (
    kind text PRIMARY KEY,
    started_at timestamptz NOT NULL,
    milliseconds bigint NOT NULL CONSTRAINT ck_job_runs_milliseconds CHECK (milliseconds >= 0),
    error text,
    succeeded_at timestamptz
);
GRANT SELECT, INSERT, UPDATE, DELETE ON job_runs TO {role};
