"""Indexes from which the queue is counted alone: given back cases, and deadlines with the state beside them."""

from alembic import op

revision = "0711"
down_revision = "0710"
branch_labels = None
depends_on = None

_OPEN = "state NOT IN ('CERTIFICATE_ISSUED', 'DECIDED_REFUSE', 'DELIVERED', 'NOT_ACCEPTED', 'TERMINATED', 'WITHDRAWN')"
_TAKEN = "'DOCS_REQUESTED', 'DOCS_SUBMITTED', 'ON_HOLD_INTERVIEW', 'UNDER_REVIEW'"
_GIVEN_BACK = "ix_cases_given_back"
_DEADLINES = ("standard_end", "special_period_end")


def _make(index: str, columns: str) -> None:
    op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {index}")
    op.execute(f"CREATE INDEX CONCURRENTLY {index} ON cases {columns}")


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for end in _DEADLINES:
            _make(f"ix_cases_open_office_{end}", f"(office, {end}) INCLUDE (state) WHERE {_OPEN}")
        _make(_GIVEN_BACK, f"(office, examiner_since) WHERE examiner_id IS NULL AND state IN ({_TAKEN})")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        for end in _DEADLINES:
            _make(f"ix_cases_open_office_{end}", f"(office, {end}) WHERE {_OPEN}")
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {_GIVEN_BACK}")
