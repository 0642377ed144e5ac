"""Resets of second factors that one administrator asks for and another confirms."""

from alembic import op

revision = "0610"
down_revision = "0580"
branch_labels = None
depends_on = None

ROLE = "zairyu_registration"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE factor_resets (
            id uuid NOT NULL,
            account_id uuid NOT NULL,
            asked_by uuid NOT NULL,
            asked_at timestamptz NOT NULL,
            done_by uuid,
            done_at timestamptz,
            CONSTRAINT pk_factor_resets PRIMARY KEY (id),
            CONSTRAINT fk_factor_resets_account_id_accounts FOREIGN KEY (account_id) REFERENCES accounts (id),
            CONSTRAINT fk_factor_resets_asked_by_accounts FOREIGN KEY (asked_by) REFERENCES accounts (id),
            CONSTRAINT fk_factor_resets_done_by_accounts FOREIGN KEY (done_by) REFERENCES accounts (id),
            CONSTRAINT ck_factor_resets_done CHECK ((done_at IS NULL) = (done_by IS NULL)),
            CONSTRAINT ck_factor_resets_four_eyes
                CHECK (done_by <> asked_by AND account_id NOT IN (asked_by, done_by))
        )
        """
    )
    op.execute("CREATE INDEX ix_factor_resets_open ON factor_resets (account_id, asked_at) WHERE done_at IS NULL")
    op.execute(f"GRANT SELECT, INSERT ON factor_resets TO {ROLE}")
    op.execute(f"GRANT UPDATE (done_by, done_at) ON factor_resets TO {ROLE}")


def downgrade() -> None:
    op.execute("DROP TABLE factor_resets")
