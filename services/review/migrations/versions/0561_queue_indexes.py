"""Indexes of open cases: the queue however many are closed, the next case, and what the clock asks for."""

from alembic import op

revision = "0561"
down_revision = "0560"
branch_labels = None
depends_on = None

_OPEN = "state NOT IN ('CERTIFICATE_ISSUED', 'DECIDED_REFUSE', 'DELIVERED', 'NOT_ACCEPTED', 'TERMINATED', 'WITHDRAWN')"
_EXAMINED = "'DOCS_REQUESTED', 'DOCS_SUBMITTED', 'ON_HOLD_INTERVIEW', 'RECEIVED', 'UNDER_REVIEW'"
INDEXES = {
    "ix_cases_open_submitted_at_id": f"(submitted_at, id) WHERE {_OPEN}",
    "ix_cases_open_office_submitted_at_id": f"(office, submitted_at, id) WHERE {_OPEN}",
    "ix_cases_open_examiner_id_submitted_at_id": f"(examiner_id, submitted_at, id) WHERE {_OPEN}",
    "ix_cases_unassigned": (
        f"(office, priority, act_by, submitted_at, id) WHERE examiner_id IS NULL AND state IN ({_EXAMINED})"
    ),
    "ix_cases_open_office_state_state_since": (
        f"(office, state, state_since) INCLUDE (documents_due, fee_paid, materials_received, procedure) WHERE {_OPEN}"
    ),
    "ix_cases_open_office_standard_end": f"(office, standard_end) WHERE {_OPEN}",
    "ix_cases_open_office_special_period_end": f"(office, special_period_end) WHERE {_OPEN}",
}


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for index, columns in INDEXES.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {index}")
            op.execute(f"CREATE INDEX CONCURRENTLY {index} ON cases {columns}")


def downgrade() -> None:
    for index in INDEXES:
        op.execute(f"DROP INDEX IF EXISTS {index}")
