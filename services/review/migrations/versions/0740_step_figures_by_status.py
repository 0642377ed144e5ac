"""Times of each step by status of residence as well."""

from alembic import op

revision = "0740"
down_revision = "0700"
branch_labels = None
depends_on = None

ROLE = "zairyu_review"
CREATE = """
    CREATE TABLE figure_steps (
        month date NOT NULL,
        office text NOT NULL,
        procedure text NOT NULL,
        {status} state text NOT NULL,
        days integer[] NOT NULL,
        cases integer[] NOT NULL,
        CONSTRAINT pk_figure_steps PRIMARY KEY (month, office, procedure, {key} state)
    )
"""
# The months that were counted, counted again from the states themselves: no case is ever deleted.
FILL = """
    INSERT INTO figure_steps
    SELECT month, office, procedure, {key} state, array_agg(days ORDER BY days), array_agg(cases ORDER BY days)
    FROM (
        SELECT date_trunc('month', case_states.until AT TIME ZONE 'Asia/Tokyo')::date AS month, office, procedure,
            {key} case_states.state,
            floor(extract(epoch FROM case_states.until - case_states.since) / 86400)::int AS days, count(*) AS cases
        FROM case_states JOIN cases ON cases.id = case_states.case_id
        WHERE case_states.until IS NOT NULL
        GROUP BY 1, office, procedure, {key} case_states.state, days
    ) AS counted JOIN figure_months USING (month)
    GROUP BY month, office, procedure, {key} state
"""


def _replace(status: str, key: str) -> None:
    op.execute("DROP TABLE figure_steps")
    op.execute(CREATE.format(status=status, key=key))
    op.execute(FILL.format(key=key))
    op.execute(f"GRANT SELECT, INSERT, DELETE ON figure_steps TO {ROLE}")


def upgrade() -> None:
    _replace("status_of_residence text NOT NULL,", "status_of_residence,")


def downgrade() -> None:
    _replace("", "")
