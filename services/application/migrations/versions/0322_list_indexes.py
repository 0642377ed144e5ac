"""Indexes of lists: the words to search for, and the role beside the state."""

from alembic import op

revision = "0322"
down_revision = "0330"
branch_labels = None
depends_on = None

NEW = {"ix_applications_owner_id_search_key": "(owner_id, search_key) INCLUDE (id)"}
BY_STATE = "ix_applications_owner_id_state_updated_at"
WITH_ROLE = "(owner_id, state, updated_at, id) INCLUDE (role)"
WITHOUT_ROLE = "(owner_id, state, updated_at, id)"


def _make(indexes: dict[str, str]) -> None:
    with op.get_context().autocommit_block():
        for index, columns in indexes.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {index}")
            op.execute(f"CREATE INDEX CONCURRENTLY {index} ON applications {columns}")


def upgrade() -> None:
    _make({**NEW, BY_STATE: WITH_ROLE})


def downgrade() -> None:
    for index in NEW:
        op.execute(f"DROP INDEX IF EXISTS {index}")
    _make({BY_STATE: WITHOUT_ROLE})
