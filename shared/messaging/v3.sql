-- The events of a service that the broker has, for as long as inboxes remember: an outbox forgets them.
CREATE TABLE sent_events (
    event_id uuid PRIMARY KEY,
    type text NOT NULL,
    key text NOT NULL,
    recorded_at timestamptz NOT NULL,
    sent_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ix_sent_events_key ON sent_events (key);
GRANT SELECT, INSERT, DELETE ON sent_events TO {role};
