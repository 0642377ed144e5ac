"""Versions of the texts that were agreed to, and forms that wait for another session."""

from alembic import op

revision = "0111"
down_revision = "0110"
branch_labels = None
depends_on = None

ROLE = "zairyu_registration"


def upgrade() -> None:
    op.execute("ALTER TABLE usage_registrations ADD COLUMN agreements jsonb")
    op.execute("ALTER TABLE periodic_reports ADD COLUMN agreements jsonb")
    op.execute(
        """
        CREATE TABLE kept_forms (
            digest bytea NOT NULL,
            sealed text NOT NULL,
            expires_at timestamptz NOT NULL,
            CONSTRAINT pk_kept_forms PRIMARY KEY (digest),
            CONSTRAINT ck_kept_forms_digest CHECK (octet_length(digest) = 32)
        )
        """
    )
    op.execute("CREATE INDEX ix_kept_forms_expires_at ON kept_forms (expires_at)")
    op.execute(f"GRANT SELECT, INSERT, DELETE ON kept_forms TO {ROLE}")


def downgrade() -> None:
    op.execute("DROP TABLE kept_forms")
    op.execute("ALTER TABLE periodic_reports DROP COLUMN agreements")
    op.execute("ALTER TABLE usage_registrations DROP COLUMN agreements")
