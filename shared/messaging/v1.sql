-- The columns of the outbox mean what Debezium's outbox event router expects.
CREATE TABLE outbox (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id uuid NOT NULL,
    aggregatetype text NOT NULL,
    aggregateid text NOT NULL,
    type text NOT NULL,
    payload bytea NOT NULL,
    headers jsonb NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now()
);
-- Rows live for milliseconds: vacuum by number of dead rows, not by share of a table that is nearly empty.
ALTER TABLE outbox SET (
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0
);

CREATE TABLE inbox (
    consumer_group text NOT NULL,
    event_id uuid NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_inbox PRIMARY KEY (consumer_group, event_id)
);
CREATE INDEX ix_inbox_received_at ON inbox USING brin (received_at);

CREATE TABLE dead_letters (
    id uuid PRIMARY KEY,
    position bigint GENERATED ALWAYS AS IDENTITY,
    consumer_group text NOT NULL,
    topic text NOT NULL,
    partition integer NOT NULL,
    log_offset bigint NOT NULL,
    key text NOT NULL,
    value bytea NOT NULL,
    headers jsonb NOT NULL,
    event_id uuid,
    event_type text,
    status text NOT NULL CONSTRAINT ck_dead_letters_status CHECK (status IN ('parked', 'deferred', 'waiting')),
    waiting_for uuid,
    error_type text,
    error text,
    attempts integer NOT NULL CONSTRAINT ck_dead_letters_attempts CHECK (attempts >= 0),
    first_failed_at timestamptz NOT NULL,
    retry_at timestamptz,
    CONSTRAINT ck_dead_letters_waiting CHECK ((status = 'waiting') = (waiting_for IS NOT NULL)),
    CONSTRAINT ck_dead_letters_deferred CHECK ((status = 'deferred') = (retry_at IS NOT NULL)),
    CONSTRAINT uq_dead_letters_place UNIQUE (consumer_group, topic, partition, log_offset)
);
CREATE UNIQUE INDEX uq_dead_letters_event ON dead_letters (consumer_group, event_id) WHERE event_id IS NOT NULL;
CREATE INDEX ix_dead_letters_key ON dead_letters (consumer_group, key, position);
CREATE INDEX ix_dead_letters_retry_at ON dead_letters (consumer_group, retry_at) WHERE status = 'deferred';

CREATE TABLE dead_letter_decisions (
    id uuid PRIMARY KEY,
    letter_id uuid NOT NULL,
    consumer_group text NOT NULL,
    topic text NOT NULL,
    partition integer NOT NULL,
    log_offset bigint NOT NULL,
    key text NOT NULL,
    event_id uuid,
    event_type text,
    error_type text,
    action text NOT NULL CONSTRAINT ck_dead_letter_decisions_action CHECK (action IN ('replayed', 'dropped')),
    decided_by text NOT NULL CONSTRAINT ck_dead_letter_decisions_by CHECK (decided_by <> ''),
    reason text NOT NULL CONSTRAINT ck_dead_letter_decisions_reason CHECK (action <> 'dropped' OR reason <> ''),
    decided_at timestamptz NOT NULL
);

GRANT SELECT, INSERT, DELETE ON outbox TO {role};
GRANT SELECT, INSERT, DELETE ON inbox TO {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON dead_letters TO {role};
GRANT SELECT, INSERT ON dead_letter_decisions TO {role};
