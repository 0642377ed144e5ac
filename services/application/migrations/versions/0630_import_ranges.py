"""Ranges of rows of an import, each worked on by itself.

An import that is in the middle of its work has none: its next step divides what is left.
"""

from alembic import op

revision = "0630"
down_revision = "0601"
branch_labels = None
depends_on = None

ROLE = "zairyu_application"

UPGRADE = (
    """
    CREATE TABLE import_ranges (
        id uuid CONSTRAINT pk_import_ranges PRIMARY KEY,
        import_id uuid NOT NULL
            CONSTRAINT fk_import_ranges_import_id_imports REFERENCES imports (id) ON DELETE CASCADE,
        begins_after integer NOT NULL,
        until integer NOT NULL,
        done integer NOT NULL,
        changed_at timestamptz NOT NULL,
        CONSTRAINT ck_import_ranges_done_is_inside CHECK (begins_after <= done AND done <= until)
    )
    """,
    "CREATE INDEX ix_import_ranges_import_id ON import_ranges (import_id)",
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON import_ranges TO {ROLE}",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    # An import in the middle of its work begins that work again: what is filed stays filed.
    op.execute(
        "INSERT INTO timers (id, kind, subject_id, due_at, data, attempts)"
        " SELECT gen_random_uuid(), 'import', import_id, now(), '{}', 0 FROM import_ranges GROUP BY import_id"
    )
    op.execute("DELETE FROM timers WHERE kind = 'import-range'")
    op.execute("DROP TABLE import_ranges")
