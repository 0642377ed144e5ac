"""Archives: a ZIP of photos and PDFs, and its files on their way to documents."""

from alembic import op

revision = "0400"
down_revision = "0112"
branch_labels = None
depends_on = None

ROLE = "zairyu_document"

UPGRADE = (
    """
    CREATE TABLE archives (
        id uuid CONSTRAINT pk_archives PRIMARY KEY,
        owner_id uuid NOT NULL,
        roles text[] NOT NULL,
        acts jsonb NOT NULL,
        name text NOT NULL,
        size bigint NOT NULL,
        sha256 text NOT NULL,
        state text NOT NULL CONSTRAINT ck_archives_state CHECK (state IN ('checking', 'checked', 'refused')),
        problem text,
        created_at timestamptz NOT NULL,
        changed_at timestamptz NOT NULL,
        CONSTRAINT ck_archives_refused_says_why CHECK ((state = 'refused') = (problem IS NOT NULL))
    )
    """,
    "CREATE INDEX ix_archives_owner_id_id ON archives (owner_id, id)",
    "CREATE INDEX ix_archives_created_at ON archives (created_at)",
    """
    CREATE TABLE archive_entries (
        archive_id uuid NOT NULL
            CONSTRAINT fk_archive_entries_archive_id_archives REFERENCES archives (id) ON DELETE CASCADE,
        position integer NOT NULL,
        path text NOT NULL,
        key text,
        kind text,
        codes text[] NOT NULL,
        size bigint NOT NULL,
        sha256 text NOT NULL,
        object_key text,
        state text NOT NULL
            CONSTRAINT ck_archive_entries_state CHECK (state IN ('waiting', 'accepted', 'rejected', 'skipped')),
        problems text[] NOT NULL,
        document_id uuid,
        CONSTRAINT pk_archive_entries PRIMARY KEY (archive_id, position),
        CONSTRAINT ck_archive_entries_waiting_is_stored CHECK ((state = 'waiting') = (object_key IS NOT NULL))
    )
    """,
    "CREATE UNIQUE INDEX uq_archive_entries_object_key ON archive_entries (object_key)",
    "CREATE INDEX ix_archive_entries_waiting ON archive_entries (archive_id, position) WHERE state = 'waiting'",
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON archives, archive_entries TO {ROLE}",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE archive_entries")
    op.execute("DROP TABLE archives")
