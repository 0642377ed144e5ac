"""Notices of processes, which their watches found, and reports of the gateway's processes, which have no database."""

from alembic import op

from shared.db import baseline

revision = "0905"
down_revision = "0885"
branch_labels = None
depends_on = None

ROLE = "zairyu_registration"


def upgrade() -> None:
    baseline.process_notices(op)
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
    baseline.drop_process_notices(op)
