"""The cost of an owner's checks in an hour, and how far stored files were compared with their hashes."""

from alembic import op

revision = "0090"
down_revision = "0080"
branch_labels = None
depends_on = None

ROLE = "zairyu_document"

UPGRADE = (
    """
    CREATE TABLE check_spending (
        spender text NOT NULL,
        hour timestamptz NOT NULL,
        seconds double precision NOT NULL,
        refused integer NOT NULL,
        CONSTRAINT pk_check_spending PRIMARY KEY (spender, hour)
    )
    """,
    """
    CREATE TABLE hash_rounds (
        id integer NOT NULL CONSTRAINT pk_hash_rounds PRIMARY KEY CONSTRAINT ck_hash_rounds_one CHECK (id = 1),
        after uuid,
        since timestamptz NOT NULL
    )
    """,
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON check_spending TO {ROLE}",
    f"GRANT SELECT, INSERT, UPDATE ON hash_rounds TO {ROLE}",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE hash_rounds")
    op.execute("DROP TABLE check_spending")
