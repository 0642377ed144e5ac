"""Files filed with usage registrations and periodic reports too, and with several records."""

from alembic import op

revision = "0060"
down_revision = "0040"
branch_labels = None
depends_on = None

ROLE = "zairyu_document"

UPGRADE = (
    """
    CREATE TABLE filings (
        document_id uuid NOT NULL,
        record_id uuid NOT NULL,
        kind text NOT NULL,
        CONSTRAINT pk_filings PRIMARY KEY (document_id, record_id),
        CONSTRAINT ck_filings_kind CHECK (kind IN ('application', 'usage_registration', 'periodic_report')),
        CONSTRAINT fk_filings_document_id_documents FOREIGN KEY(document_id) REFERENCES documents (id)
    )
    """,
    "CREATE INDEX ix_filings_record_id ON filings (record_id)",
    """
    INSERT INTO filings (document_id, record_id, kind)
    SELECT id, filed_with, 'application' FROM documents WHERE filed_with IS NOT NULL
    """,
    """
    CREATE TABLE registration_terms (
        record_id uuid NOT NULL CONSTRAINT pk_registration_terms PRIMARY KEY,
        ends_at timestamptz NOT NULL
    )
    """,
    f"GRANT SELECT, INSERT ON filings TO {ROLE}",
    f"GRANT SELECT, INSERT, UPDATE ON registration_terms TO {ROLE}",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE registration_terms")
    op.execute("DROP TABLE filings")
