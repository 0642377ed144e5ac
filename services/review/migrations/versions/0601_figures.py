"""Figures of each month, and what is open; indexes by which a month is counted."""

from alembic import op

revision = "0601"
down_revision = "0600"
branch_labels = None
depends_on = None

ROLE = "zairyu_review"
INDEXES = (
    ("ix_cases_decided_at", "cases (decided_at) WHERE decided_at IS NOT NULL"),
    ("ix_case_states_until", "case_states (until)"),
)
TABLES = (
    """
    CREATE TABLE figure_months (
        month date CONSTRAINT pk_figure_months PRIMARY KEY,
        counted_at timestamptz NOT NULL,
        final boolean NOT NULL
    )
    """,
    """
    CREATE TABLE figure_counts (
        month date NOT NULL,
        office text NOT NULL,
        procedure text NOT NULL,
        status_of_residence text NOT NULL,
        received integer NOT NULL,
        granted integer NOT NULL,
        refused integer NOT NULL,
        not_accepted integer NOT NULL,
        withdrawn integer NOT NULL,
        terminated integer NOT NULL,
        CONSTRAINT pk_figure_counts PRIMARY KEY (month, office, procedure, status_of_residence)
    )
    """,
    """
    CREATE TABLE figure_durations (
        measure text NOT NULL,
        month date NOT NULL,
        office text NOT NULL,
        procedure text NOT NULL,
        status_of_residence text NOT NULL,
        days integer NOT NULL,
        cases integer NOT NULL,
        CONSTRAINT pk_figure_durations PRIMARY KEY (measure, month, office, procedure, status_of_residence, days)
    )
    """,
    """
    CREATE TABLE figure_steps (
        month date NOT NULL,
        office text NOT NULL,
        procedure text NOT NULL,
        state text NOT NULL,
        days integer NOT NULL,
        cases integer NOT NULL,
        CONSTRAINT pk_figure_steps PRIMARY KEY (month, office, procedure, state, days)
    )
    """,
    """
    CREATE TABLE figure_queues (
        office text NOT NULL,
        procedure text NOT NULL,
        open integer NOT NULL,
        with_applicant integer NOT NULL,
        oldest timestamptz NOT NULL,
        ages integer[] NOT NULL,
        counted_at timestamptz NOT NULL,
        CONSTRAINT pk_figure_queues PRIMARY KEY (office, procedure)
    )
    """,
)
NAMES = ("figure_queues", "figure_steps", "figure_durations", "figure_counts", "figure_months")


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for name, columns in INDEXES:
            op.execute(f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {columns}")
    for statement in TABLES:
        op.execute(statement)
    op.execute(f"GRANT SELECT, INSERT, DELETE ON {', '.join(NAMES)} TO {ROLE}")


def downgrade() -> None:
    for name in NAMES:
        op.execute(f"DROP TABLE {name}")
    for name, _ in INDEXES:
        op.execute(f"DROP INDEX {name}")
