"""One row of durations for each cell of the figures, with all of its days, in place of a row for each day."""

from alembic import op

revision = "0710"
down_revision = "0572"
branch_labels = None
depends_on = None

ROLE = "zairyu_review"
TABLES = ("figure_durations", "figure_steps")
UPGRADE = (
    """
    CREATE TABLE figure_durations (
        measure text NOT NULL,
        month date NOT NULL,
        office text NOT NULL,
        procedure text NOT NULL,
        status_of_residence text NOT NULL,
        days integer[] NOT NULL,
        cases integer[] NOT NULL,
        CONSTRAINT pk_figure_durations PRIMARY KEY (measure, month, office, procedure, status_of_residence)
    )
    """,
    """
    INSERT INTO figure_durations
    SELECT measure, month, office, procedure, status_of_residence,
        array_agg(days ORDER BY days), array_agg(cases ORDER BY days)
    FROM figure_durations_before GROUP BY measure, month, office, procedure, status_of_residence
    """,
    """
    CREATE TABLE figure_steps (
        month date NOT NULL,
        office text NOT NULL,
        procedure text NOT NULL,
        state text NOT NULL,
        days integer[] NOT NULL,
        cases integer[] NOT NULL,
        CONSTRAINT pk_figure_steps PRIMARY KEY (month, office, procedure, state)
    )
    """,
    """
    INSERT INTO figure_steps
    SELECT month, office, procedure, state, array_agg(days ORDER BY days), array_agg(cases ORDER BY days)
    FROM figure_steps_before GROUP BY month, office, procedure, state
    """,
)
DOWNGRADE = (
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
    INSERT INTO figure_durations
    SELECT measure, month, office, procedure, status_of_residence, taken.*
    FROM figure_durations_before, unnest(days, cases) AS taken
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
    INSERT INTO figure_steps
    SELECT month, office, procedure, state, taken.* FROM figure_steps_before, unnest(days, cases) AS taken
    """,
)


def _replace(statements: tuple[str, ...]) -> None:
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} RENAME TO {table}_before")
        op.execute(f"ALTER TABLE {table}_before RENAME CONSTRAINT pk_{table} TO pk_{table}_before")
    for statement in statements:
        op.execute(statement)
    for table in TABLES:
        op.execute(f"DROP TABLE {table}_before")
    op.execute(f"GRANT SELECT, INSERT, DELETE ON {', '.join(TABLES)} TO {ROLE}")


def upgrade() -> None:
    _replace(UPGRADE)


def downgrade() -> None:
    _replace(DOWNGRADE)
