"""Imports: files with many applications, their rows, and the key by which a row finds its application again."""

from alembic import op

revision = "0400"
down_revision = "0322"
branch_labels = None
depends_on = None

ROLE = "zairyu_application"

# Made without blocking those who write, which cannot be part of a transaction; an interrupted one is made again.
INDEXES = {
    "uq_applications_owner_id_import_key": (
        "UNIQUE",
        "(owner_id, import_key) WHERE import_key IS NOT NULL AND state IN ('draft','received')",
    ),
    "ix_applications_owner_id_person_key": (
        "",
        "(owner_id, person_key) WHERE person_key IS NOT NULL AND state <> 'draft'",
    ),
}

UPGRADE = (
    """
    CREATE TABLE imports (
        id uuid CONSTRAINT pk_imports PRIMARY KEY,
        owner_id uuid NOT NULL,
        account_id uuid NOT NULL,
        organisation_id uuid,
        roles text[] NOT NULL,
        acts jsonb NOT NULL,
        name text NOT NULL,
        size bigint NOT NULL,
        sha256 text NOT NULL,
        dry_run boolean NOT NULL,
        state text NOT NULL CONSTRAINT ck_imports_state
            CHECK (state IN ('reading','refused','checking','checked','filing','finished')),
        kind text,
        problems jsonb NOT NULL,
        notices jsonb NOT NULL,
        rows integer NOT NULL,
        done integer NOT NULL,
        created_at timestamptz NOT NULL,
        changed_at timestamptz NOT NULL,
        declared jsonb,
        pressed_at timestamptz,
        CONSTRAINT ck_imports_dry_run_files_nothing CHECK (NOT dry_run OR pressed_at IS NULL),
        CONSTRAINT ck_imports_filing_was_declared CHECK (state <> 'filing' OR pressed_at IS NOT NULL)
    )
    """,
    "CREATE INDEX ix_imports_owner_id_id ON imports (owner_id, id)",
    "CREATE INDEX ix_imports_created_at ON imports (created_at)",
    """
    CREATE TABLE import_files (
        import_id uuid CONSTRAINT pk_import_files PRIMARY KEY
            CONSTRAINT fk_import_files_import_id_imports REFERENCES imports (id) ON DELETE CASCADE,
        content bytea NOT NULL
    )
    """,
    # A workbook is compressed already.
    "ALTER TABLE import_files ALTER COLUMN content SET STORAGE EXTERNAL",
    """
    CREATE TABLE import_rows (
        import_id uuid NOT NULL
            CONSTRAINT fk_import_rows_import_id_imports REFERENCES imports (id) ON DELETE CASCADE,
        position integer NOT NULL,
        sheet text NOT NULL,
        number integer NOT NULL,
        key text NOT NULL,
        state text NOT NULL CONSTRAINT ck_import_rows_state
            CHECK (state IN ('read','wrong','files-missing','ready','filed')),
        content text NOT NULL,
        problems jsonb NOT NULL,
        application_id uuid,
        revision integer,
        receipt_number text,
        CONSTRAINT pk_import_rows PRIMARY KEY (import_id, position)
    )
    """,
    "CREATE INDEX ix_import_rows_import_id_state_position ON import_rows (import_id, state, position)",
    "CREATE INDEX ix_import_rows_application_id ON import_rows (application_id) WHERE application_id IS NOT NULL",
    "CREATE INDEX ix_import_rows_import_id_key ON import_rows (import_id, key)",
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON imports, import_files, import_rows TO {ROLE}",
    "ALTER TABLE applications ADD COLUMN import_key text",
    # Many numbers with one call.
    """
    CREATE FUNCTION next_serials(office text, year integer, wanted integer) RETURNS SETOF bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        SELECT public.next_serial(office, year) FROM generate_series(1, wanted)
    $$
    """,
    "REVOKE ALL ON FUNCTION next_serials(text, integer, integer) FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION next_serials(text, integer, integer) TO {ROLE}",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)
    with op.get_context().autocommit_block():
        for index, (kind, columns) in INDEXES.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {index}")
            op.execute(f"CREATE {kind} INDEX CONCURRENTLY {index} ON applications {columns}")


def downgrade() -> None:
    op.execute("DROP FUNCTION next_serials(text, integer, integer)")
    for index in INDEXES:
        op.execute(f"DROP INDEX IF EXISTS {index}")
    op.execute("ALTER TABLE applications DROP COLUMN import_key")
    for table in ("import_rows", "import_files", "imports"):
        op.execute(f"DROP TABLE {table}")
