CREATE TABLE journal (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    aggregate text NOT NULL,
    aggregate_id uuid NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    action text NOT NULL,
    actor_kind text NOT NULL,
    actor_id uuid,
    actor_organisation_id uuid,
    actor_name text,
    at timestamptz NOT NULL,
    request_id text NOT NULL,
    cause_event_id uuid,
    idempotency_scope text,
    idempotency_key text,
    fingerprint bytea,
    answer jsonb,
    detail jsonb NOT NULL,
    changes jsonb NOT NULL,
    previous_hash bytea NOT NULL CHECK (octet_length(previous_hash) = 32),
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    -- The transaction that wrote the row: lets the sealing job take exactly the rows that can no longer change.
    xid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    CONSTRAINT uq_journal_aggregate_id_version UNIQUE (aggregate_id, version)
);
CREATE UNIQUE INDEX uq_journal_idempotency ON journal (idempotency_scope, idempotency_key)
    WHERE idempotency_key IS NOT NULL;
CREATE INDEX ix_journal_xid ON journal (xid, position);
CREATE INDEX ix_journal_actor_id_at ON journal (actor_id, at);

CREATE TABLE journal_seals (
    number integer PRIMARY KEY CHECK (number > 0),
    xid_from bigint NOT NULL,
    xid_to bigint NOT NULL CHECK (xid_to > xid_from),
    row_count integer NOT NULL CHECK (row_count > 0),
    root bytea NOT NULL,
    previous_hash bytea NOT NULL,
    hash bytea NOT NULL,
    sealed_at timestamptz NOT NULL
);

CREATE TABLE journal_timestamps (
    seal_number integer PRIMARY KEY REFERENCES journal_seals (number),
    token bytea NOT NULL,
    obtained_at timestamptz NOT NULL
);

GRANT SELECT, INSERT ON journal, journal_seals, journal_timestamps TO {role};
