"""Files on their way in parts."""

from alembic import op

revision = "0441"
down_revision = "0430"
branch_labels = None
depends_on = None

ROLE = "zairyu_document"

UPGRADE = (
    """
    CREATE TABLE incoming_files (
        id uuid NOT NULL CONSTRAINT pk_incoming_files PRIMARY KEY,
        owner_id uuid NOT NULL,
        roles text[] NOT NULL,
        file_name text NOT NULL,
        size integer NOT NULL CONSTRAINT ck_incoming_files_size CHECK (size > 0),
        sha256 text NOT NULL,
        created_at timestamptz NOT NULL,
        ends_at timestamptz NOT NULL,
        document_id uuid CONSTRAINT fk_incoming_files_document_id_documents REFERENCES documents (id)
    )
    """,
    "CREATE INDEX ix_incoming_files_owner_id ON incoming_files (owner_id, created_at)",
    "CREATE INDEX ix_incoming_files_ends_at ON incoming_files (ends_at)",
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON incoming_files TO {ROLE}",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE incoming_files")
