"""Texts that officers have begun to write."""

from alembic import op

revision = "0611"
down_revision = "0610"
branch_labels = None
depends_on = None

ROLE = "zairyu_registration"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE begun_texts (
            account_id uuid NOT NULL,
            place bytea NOT NULL,
            sealed text NOT NULL,
            saved_at timestamptz NOT NULL,
            CONSTRAINT pk_begun_texts PRIMARY KEY (account_id, place),
            CONSTRAINT fk_begun_texts_account_id_accounts FOREIGN KEY (account_id) REFERENCES accounts (id),
            CONSTRAINT ck_begun_texts_place CHECK (octet_length(place) = 32)
        )
        """
    )
    op.execute("CREATE INDEX ix_begun_texts_saved_at ON begun_texts (saved_at)")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON begun_texts TO {ROLE}")


def downgrade() -> None:
    op.execute("DROP TABLE begun_texts")
