"""What the processes of the gateway say about themselves every few seconds: the gateway has no database."""

from alembic import op

revision = "0905"
down_revision = "0885"
branch_labels = None
depends_on = None

ROLE = "zairyu_registration"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE gateway_processes (
            id uuid NOT NULL,
            report jsonb NOT NULL,
            started_at timestamptz NOT NULL,
            at timestamptz NOT NULL,
            CONSTRAINT pk_gateway_processes PRIMARY KEY (id)
        )
        """
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON gateway_processes TO {ROLE}")


def downgrade() -> None:
    op.execute("DROP TABLE gateway_processes")
