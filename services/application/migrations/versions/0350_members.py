"""The accounts that act for an organisation, and their roles: to them a draft can be handed over.

Events before this are not read again. An account that has begun or filed something for an organisation is taken as a
member of it, and the next event of the account says more.
"""

from alembic import op

revision = "0350"
down_revision = "0411"
branch_labels = None
depends_on = None

ROLE = "zairyu_application"

UPGRADE = (
    """
    CREATE TABLE members (
        organisation_id uuid NOT NULL,
        account_id uuid NOT NULL,
        roles text[] NOT NULL,
        reported_at timestamptz NOT NULL,
        CONSTRAINT pk_members PRIMARY KEY (organisation_id, account_id)
    )
    """,
    """
    INSERT INTO members (organisation_id, account_id, roles, reported_at)
        SELECT organisation_id, account_id, array_agg(DISTINCT role), max(updated_at) FROM applications
        WHERE organisation_id IS NOT NULL GROUP BY organisation_id, account_id
    """,
    f"GRANT SELECT, INSERT, UPDATE ON members TO {ROLE}",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE members")
