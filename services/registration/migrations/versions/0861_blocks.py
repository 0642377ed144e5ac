"""Blocks that operators set, with a reason and an end: of networks, of accounts' sign-in, of API clients."""

from alembic import op

revision = "0861"
down_revision = "0860"
branch_labels = None
depends_on = None

ROLE = "zairyu_registration"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE blocks (
            id uuid NOT NULL,
            kind text NOT NULL,
            network text,
            subject_id uuid,
            reason text NOT NULL,
            set_by uuid NOT NULL,
            set_at timestamptz NOT NULL,
            ends_at timestamptz NOT NULL,
            lifted_by uuid,
            lifted_at timestamptz,
            lift_reason text,
            CONSTRAINT pk_blocks PRIMARY KEY (id),
            CONSTRAINT fk_blocks_set_by_accounts FOREIGN KEY (set_by) REFERENCES accounts (id),
            CONSTRAINT fk_blocks_lifted_by_accounts FOREIGN KEY (lifted_by) REFERENCES accounts (id),
            CONSTRAINT ck_blocks_kind CHECK (kind IN ('network', 'account', 'client')),
            CONSTRAINT ck_blocks_subject
                CHECK ((kind = 'network') = (network IS NOT NULL) AND (kind = 'network') = (subject_id IS NULL)),
            CONSTRAINT ck_blocks_period CHECK (ends_at > set_at),
            CONSTRAINT ck_blocks_lifted
                CHECK ((lifted_at IS NULL) = (lifted_by IS NULL) AND (lifted_at IS NULL) = (lift_reason IS NULL))
        )
        """
    )
    op.execute("CREATE INDEX ix_blocks_subject ON blocks (subject_id, ends_at) WHERE subject_id IS NOT NULL")
    op.execute("CREATE INDEX ix_blocks_ends_at ON blocks (ends_at)")
    op.execute(f"GRANT SELECT, INSERT ON blocks TO {ROLE}")
    op.execute(f"GRANT UPDATE (lifted_by, lifted_at, lift_reason) ON blocks TO {ROLE}")


def downgrade() -> None:
    op.execute("DROP TABLE blocks")
