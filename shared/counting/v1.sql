CREATE TABLE event_counts (
    source text NOT NULL,
    hour timestamptz NOT NULL CONSTRAINT ck_event_counts_hour CHECK (date_trunc('hour', hour, 'UTC') = hour),
    counts jsonb NOT NULL,
    CONSTRAINT pk_event_counts PRIMARY KEY (source, hour)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON event_counts TO {role};
