"""Scans of files for malware. Files of before wait for theirs."""

from alembic import op

revision = "0440"
down_revision = "0420"
branch_labels = None
depends_on = None

ROLE = "zairyu_document"

UPGRADE = (
    """
    CREATE TABLE file_scans (
        document_id uuid NOT NULL CONSTRAINT pk_file_scans PRIMARY KEY
            CONSTRAINT fk_file_scans_document_id_documents REFERENCES documents (id),
        state text NOT NULL
            CONSTRAINT ck_file_scans_state CHECK (state IN ('waiting', 'clean', 'infected', 'not-scannable')),
        finding text,
        version text,
        since timestamptz NOT NULL,
        scanned_at timestamptz,
        attempts integer NOT NULL,
        CONSTRAINT ck_file_scans_scanned CHECK (
            (state = 'waiting') = (scanned_at IS NULL) AND (scanned_at IS NULL) = (version IS NULL)),
        CONSTRAINT ck_file_scans_finding CHECK (
            (finding IS NOT NULL) = (state IN ('infected', 'not-scannable')))
    )
    """,
    "CREATE INDEX ix_file_scans_waiting ON file_scans (attempts, since) WHERE state = 'waiting'",
    "CREATE INDEX ix_file_scans_scanned_at ON file_scans (scanned_at) WHERE scanned_at IS NOT NULL",
    """
    INSERT INTO file_scans (document_id, state, since, attempts)
    SELECT id, 'waiting', created_at, 0 FROM documents WHERE status = 'accepted'
    """,
    f"GRANT SELECT, INSERT, UPDATE ON file_scans TO {ROLE}",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE file_scans")
