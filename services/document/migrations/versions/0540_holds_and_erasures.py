"""Legal holds, erasures on request, one object for the same file, and when an object was gone."""

from alembic import op

revision = "0540"
down_revision = "0530"
branch_labels = None
depends_on = None

ROLE = "zairyu_document"

UPGRADE = (
    "ALTER TABLE documents ADD COLUMN purged_at timestamptz",
    """
    ALTER TABLE documents ADD CONSTRAINT ck_documents_purged_is_deleted
        CHECK (purged_at IS NULL OR status = 'deleted')
    """,
    # The same content of one owner is one object of several rows.
    "CREATE INDEX ix_documents_object_key ON documents (object_key)",
    "DROP INDEX uq_documents_object_key",
    "CREATE INDEX ix_documents_sha256 ON documents (owner_id, sha256) WHERE status = 'accepted'",
    """
    CREATE TABLE holds (
        id uuid NOT NULL CONSTRAINT pk_holds PRIMARY KEY,
        record_id uuid NOT NULL,
        kind text NOT NULL,
        reason text NOT NULL,
        set_by uuid NOT NULL,
        set_at timestamptz NOT NULL,
        lift_reason text,
        lifted_by uuid,
        lifted_at timestamptz,
        CONSTRAINT ck_holds_lifted CHECK (
            (lifted_at IS NULL) = (lifted_by IS NULL) AND (lifted_at IS NULL) = (lift_reason IS NULL))
    )
    """,
    "CREATE INDEX ix_holds_record_id ON holds (record_id)",
    """
    CREATE TABLE erasures (
        id uuid NOT NULL CONSTRAINT pk_erasures PRIMARY KEY,
        owner_id uuid,
        record_id uuid,
        request_number text,
        received_on date,
        erased_by uuid NOT NULL,
        erased_at timestamptz NOT NULL,
        complete boolean NOT NULL,
        CONSTRAINT ck_erasures_of_owner_or_record CHECK (
            (record_id IS NULL) = (request_number IS NULL) AND (record_id IS NULL) = (received_on IS NULL)
            AND (record_id IS NULL) = (owner_id IS NOT NULL))
    )
    """,
    "CREATE INDEX ix_erasures_owner_id ON erasures (owner_id, id)",
    "CREATE INDEX ix_erasures_record_id ON erasures (record_id, id)",
    """
    CREATE TABLE erased_files (
        erasure_id uuid NOT NULL
            CONSTRAINT fk_erased_files_erasure_id_erasures REFERENCES erasures (id),
        document_id uuid NOT NULL
            CONSTRAINT fk_erased_files_document_id_documents REFERENCES documents (id),
        kept text CONSTRAINT ck_erased_files_kept CHECK (kept IN ('legal-hold', 'record-open', 'retention')),
        CONSTRAINT pk_erased_files PRIMARY KEY (erasure_id, document_id)
    )
    """,
    f"GRANT SELECT, INSERT, UPDATE ON holds TO {ROLE}",
    # Proofs: written once.
    f"GRANT SELECT, INSERT ON erasures, erased_files TO {ROLE}",
)
DOWNGRADE = (
    "DROP TABLE erased_files",
    "DROP TABLE erasures",
    "DROP TABLE holds",
    "DROP INDEX ix_documents_sha256",
    # Fails where two rows have one object: an earlier version would delete it with the first of them.
    "CREATE UNIQUE INDEX uq_documents_object_key ON documents (object_key)",
    "DROP INDEX ix_documents_object_key",
    "ALTER TABLE documents DROP CONSTRAINT ck_documents_purged_is_deleted",
    "ALTER TABLE documents DROP COLUMN purged_at",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWNGRADE:
        op.execute(statement)
