-- What the last run of a job found.
ALTER TABLE job_runs ADD COLUMN found jsonb;
