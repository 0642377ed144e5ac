"""Lists of applications and reminders of stays: words to search for, ends of stays, and indexes."""

from alembic import op

revision = "0321"
down_revision = "0320"
branch_labels = None
depends_on = None

# The words of the name and the receipt number, as `search_key` of progress writes them; the next change of a draft
# writes them again.
_WORDS = """
UPDATE applications SET search_key = ' ' || btrim(regexp_replace(lower(normalize(
    coalesce(form::json ->> 'name_roman', '') || ' ' || coalesce(receipt_number, '') || ' '
    || coalesce(substring(receipt_number from '[0-9]+$'), ''), NFKC)), '[^[:alnum:]]+', ' ', 'g'))
"""
INDEXES = {
    "ix_applications_owner_id_state_updated_at": "(owner_id, state, updated_at, id)",
    "ix_applications_draft_stays": "(stay_expiry) WHERE state = 'draft'",
    "ix_applications_owner_id_stay_until": "(owner_id, stay_until) WHERE stay_until IS NOT NULL",
}


def upgrade() -> None:
    op.execute("ALTER TABLE applications ADD COLUMN search_key text NOT NULL DEFAULT ''")
    op.execute("ALTER TABLE applications ADD COLUMN stay_until date")
    op.execute("ALTER TABLE applications ADD COLUMN stay_reminder integer")
    op.execute(_WORDS)
    with op.get_context().autocommit_block():
        for index, columns in INDEXES.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {index}")
            op.execute(f"CREATE INDEX CONCURRENTLY {index} ON applications {columns}")


def downgrade() -> None:
    for index in INDEXES:
        op.execute(f"DROP INDEX IF EXISTS {index}")
    op.execute("ALTER TABLE applications DROP COLUMN stay_reminder")
    op.execute("ALTER TABLE applications DROP COLUMN stay_until")
    op.execute("ALTER TABLE applications DROP COLUMN search_key")
