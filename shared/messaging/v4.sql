-- What was sent within two days, whole: a broker that was lost gets it again. Columns as in the outbox.
CREATE TABLE recent_events (
    position bigint PRIMARY KEY,
    id uuid NOT NULL,
    aggregatetype text NOT NULL,
    aggregateid text NOT NULL,
    type text NOT NULL,
    payload bytea NOT NULL,
    headers jsonb NOT NULL,
    recorded_at timestamptz NOT NULL
);
CREATE INDEX ix_recent_events_recorded_at ON recent_events USING brin (recorded_at);
GRANT SELECT, INSERT, DELETE ON recent_events TO {role};
