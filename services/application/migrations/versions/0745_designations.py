"""Designation papers (指定書), which go with a card."""

from alembic import op

revision = "0745"
down_revision = "0700"
branch_labels = None
depends_on = None

ROLE = "zairyu_application"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE designations (
            application_id uuid CONSTRAINT pk_designations PRIMARY KEY
                CONSTRAINT fk_designations_application_id_applications REFERENCES applications (id),
            status_of_residence text NOT NULL,
            conditions jsonb NOT NULL,
            made_at timestamptz NOT NULL
        )
        """
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON designations TO {ROLE}")


def downgrade() -> None:
    op.execute("DROP TABLE designations")
