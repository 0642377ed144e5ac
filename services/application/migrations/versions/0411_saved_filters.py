"""Saved filters of lists."""

from alembic import op

revision = "0411"
down_revision = "0410"
branch_labels = None
depends_on = None

ROLE = "zairyu_application"

UPGRADE = (
    """
    CREATE TABLE saved_filters (
        id uuid CONSTRAINT pk_saved_filters PRIMARY KEY,
        owner_id uuid NOT NULL,
        account_id uuid NOT NULL,
        role text NOT NULL,
        name text NOT NULL,
        query text NOT NULL,
        shared boolean NOT NULL,
        revision integer NOT NULL CONSTRAINT ck_saved_filters_revision_positive CHECK (revision > 0),
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX ix_saved_filters_owner_id ON saved_filters (owner_id)",
    "CREATE INDEX ix_saved_filters_account_id ON saved_filters (account_id)",
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON saved_filters TO {ROLE}",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE saved_filters")
