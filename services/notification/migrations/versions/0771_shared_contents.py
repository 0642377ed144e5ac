"""A content that many messages share stands once, and what may wait is claimed behind everything else."""

from alembic import op

revision = "0771"
down_revision = "0770"
branch_labels = None
depends_on = None

ROLE = "zairyu_notification"
INDEXES = {
    "ix_deliveries_channel_priority": "deliveries (channel, priority, next_try_at) WHERE state = 'waiting'",
    "ix_deliveries_content_id": (
        "deliveries (content_id) WHERE state IN ('waiting', 'sending') AND content_id IS NOT NULL"
    ),
}
BEFORE = {"ix_deliveries_channel_due": "deliveries (channel, next_try_at) WHERE state = 'waiting'"}


def upgrade() -> None:
    op.execute(
        "CREATE TABLE contents (id uuid NOT NULL, sealed_content text NOT NULL, created_at timestamptz NOT NULL,"
        " CONSTRAINT pk_contents PRIMARY KEY (id))"
    )
    op.execute(f"GRANT SELECT, INSERT ON contents TO {ROLE}")
    op.execute(
        "ALTER TABLE deliveries ADD COLUMN content_id uuid, ADD COLUMN priority smallint NOT NULL DEFAULT 0,"
        " ALTER COLUMN sealed_content DROP NOT NULL"
    )
    op.execute(
        "ALTER TABLE deliveries ADD CONSTRAINT ck_deliveries_one_content"
        " CHECK ((sealed_content IS NULL) = (content_id IS NOT NULL)) NOT VALID"
    )
    op.execute(
        "ALTER TABLE deliveries ADD CONSTRAINT fk_deliveries_content_id_contents"
        " FOREIGN KEY (content_id) REFERENCES contents (id) NOT VALID"
    )
    _replace_indexes(BEFORE, INDEXES)


def downgrade() -> None:
    op.execute("DELETE FROM deliveries WHERE sealed_content IS NULL")
    op.execute("ALTER TABLE deliveries DROP CONSTRAINT fk_deliveries_content_id_contents")
    op.execute("ALTER TABLE deliveries DROP CONSTRAINT ck_deliveries_one_content")
    _replace_indexes(INDEXES, BEFORE)
    op.execute(
        "ALTER TABLE deliveries DROP COLUMN priority, DROP COLUMN content_id, ALTER COLUMN sealed_content SET NOT NULL"
    )
    op.execute("DROP TABLE contents")


def _replace_indexes(old: dict[str, str], new: dict[str, str]) -> None:
    with op.get_context().autocommit_block():
        for name, what in new.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            op.execute(f"CREATE INDEX CONCURRENTLY {name} ON {what}")
        for name in old:
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
