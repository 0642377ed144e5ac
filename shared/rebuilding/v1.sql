-- Of an owner: its facts on their way to those who keep them, once more.
CREATE TABLE snapshots (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    reason text NOT NULL CONSTRAINT ck_snapshots_reason CHECK (btrim(reason) <> ''),
    ordered_by text NOT NULL,
    started_at timestamptz NOT NULL,
    state text NOT NULL CONSTRAINT ck_snapshots_state CHECK (state IN ('running', 'done', 'stopped')),
    expected bigint NOT NULL,
    reached uuid,
    sent bigint NOT NULL DEFAULT 0,
    finished_at timestamptz,
    CONSTRAINT ck_snapshots_finished CHECK ((state = 'running') = (finished_at IS NULL))
);
CREATE UNIQUE INDEX uq_snapshots_running ON snapshots (kind) WHERE state = 'running';

GRANT SELECT, INSERT ON snapshots TO {role};
GRANT UPDATE (state, reached, sent, finished_at) ON snapshots TO {role};

-- Of those who keep others' facts: a projection that is rebuilt beside the running one.
CREATE TABLE rebuilds (
    id uuid PRIMARY KEY,
    projection text NOT NULL,
    started_at timestamptz NOT NULL,
    state text NOT NULL CONSTRAINT ck_rebuilds_state
        CHECK (state IN ('filling', 'comparing', 'held', 'switching', 'done', 'stopped')),
    expected bigint NOT NULL,
    is_complete boolean NOT NULL DEFAULT false,
    received bigint NOT NULL DEFAULT 0,
    measured_at timestamptz NOT NULL,
    reached uuid,
    compared bigint NOT NULL DEFAULT 0,
    different bigint NOT NULL DEFAULT 0,
    missing bigint NOT NULL DEFAULT 0,
    unknown bigint NOT NULL DEFAULT 0,
    repaired bigint NOT NULL DEFAULT 0,
    finished_at timestamptz,
    CONSTRAINT ck_rebuilds_finished CHECK ((state IN ('done', 'stopped')) = (finished_at IS NOT NULL))
);
CREATE UNIQUE INDEX uq_rebuilds_running ON rebuilds (projection) WHERE finished_at IS NULL;
GRANT SELECT, INSERT, UPDATE ON rebuilds TO {role};

CREATE TABLE rebuild_rows (
    subject uuid,
    rebuild_id uuid,
    facts jsonb NOT NULL,
    finding text CONSTRAINT ck_rebuild_rows_finding CHECK (finding IN ('different', 'missing')),
    PRIMARY KEY (subject, rebuild_id)
);
CREATE INDEX ix_rebuild_rows_finding ON rebuild_rows (rebuild_id) WHERE finding IS NOT NULL;
GRANT SELECT, INSERT, UPDATE, DELETE ON rebuild_rows TO {role};
