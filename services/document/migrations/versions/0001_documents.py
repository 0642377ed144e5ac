"""Documents, objects to be removed, and facts of other services."""

from alembic import op

from shared.db import baseline

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROLE = "zairyu_document"

CREATE = (
    """
    CREATE TABLE documents (
        id uuid NOT NULL CONSTRAINT pk_documents PRIMARY KEY,
        owner_id uuid NOT NULL,
        account_id uuid NOT NULL,
        application_id uuid,
        kind text NOT NULL,
        status text NOT NULL,
        codes text[] NOT NULL,
        file_name text,
        original_size integer NOT NULL CHECK (original_size >= 0),
        original_sha256 text NOT NULL,
        object_key text,
        content_type text,
        size integer,
        sha256 text,
        pages integer,
        width integer,
        height integer,
        problems text[] NOT NULL,
        advice text[] NOT NULL,
        created_at timestamptz NOT NULL,
        filed_at timestamptz,
        filed_with uuid,
        deleted_at timestamptz,
        delete_reason text,
        CONSTRAINT ck_documents_kind CHECK (kind IN ('photo', 'pdf')),
        CONSTRAINT ck_documents_status CHECK (status IN ('accepted', 'rejected', 'deleted')),
        CONSTRAINT ck_documents_accepted_is_stored CHECK (
            status <> 'accepted' OR (object_key IS NOT NULL AND size > 0 AND sha256 IS NOT NULL
                AND content_type IS NOT NULL AND cardinality(problems) = 0)),
        CONSTRAINT ck_documents_rejected_is_not_stored CHECK (
            status <> 'rejected' OR (object_key IS NULL AND cardinality(problems) > 0)),
        CONSTRAINT ck_documents_deleted_says_why CHECK (
            (status = 'deleted') = (deleted_at IS NOT NULL AND delete_reason IS NOT NULL)),
        CONSTRAINT ck_documents_filed_with CHECK ((filed_at IS NULL) = (filed_with IS NULL))
    )
    """,
    "CREATE INDEX ix_documents_owner_id ON documents (owner_id, created_at, id)",
    "CREATE INDEX ix_documents_filed_with ON documents (filed_with) WHERE filed_with IS NOT NULL",
    "CREATE INDEX ix_documents_unfiled ON documents (owner_id, size) WHERE status = 'accepted' AND filed_at IS NULL",
    "CREATE INDEX ix_documents_created_at ON documents (created_at) WHERE status = 'accepted'",
    "CREATE UNIQUE INDEX uq_documents_object_key ON documents (object_key)",
    """
    CREATE TABLE leftover_objects (
        object_key text NOT NULL CONSTRAINT pk_leftover_objects PRIMARY KEY,
        since timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE swept_days (
        day date NOT NULL CONSTRAINT pk_swept_days PRIMARY KEY,
        swept_at timestamptz NOT NULL,
        removed integer NOT NULL
    )
    """,
    """
    CREATE TABLE closed_applications (
        application_id uuid NOT NULL CONSTRAINT pk_closed_applications PRIMARY KEY,
        closed_at timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE stopped_accounts (
        account_id uuid NOT NULL CONSTRAINT pk_stopped_accounts PRIMARY KEY,
        stopped_at timestamptz NOT NULL
    )
    """,
    # A document is never deleted, only marked: what happened to it stays known.
    f"GRANT SELECT, INSERT, UPDATE ON documents TO {ROLE}",
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON leftover_objects, stopped_accounts TO {ROLE}",
    f"GRANT SELECT, INSERT ON swept_days TO {ROLE}",
    f"GRANT SELECT, INSERT ON closed_applications TO {ROLE}",
)
TABLES = ("documents", "leftover_objects", "swept_days", "closed_applications", "stopped_accounts")


def upgrade() -> None:
    baseline.v1(op, ROLE)
    for statement in CREATE:
        op.execute(statement)


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"DROP TABLE {table}")
    baseline.drop_v1(op)
