"""A grant that ends before its card is handed over: the case keeps its fee, for the money that paid it."""

from alembic import op

revision = "0742"
down_revision = "0741"
branch_labels = None
depends_on = None

GRANTED = """'DECIDED_GRANT', 'AWAITING_FEE', 'CARD_PRODUCTION', 'CARD_ISSUED', 'COUNTER_VISIT', 'DISPATCHED',
    'RETURNED', 'DELIVERED', 'CERTIFICATE_ISSUED'"""


def _replace(more: str) -> None:
    op.execute("ALTER TABLE cases DROP CONSTRAINT ck_cases_fee_known")
    op.execute(
        f"ALTER TABLE cases ADD CONSTRAINT ck_cases_fee_known CHECK ((fee_yen IS NOT NULL) = (state IN ({GRANTED}))"
        f" {more}) NOT VALID"
    )


def upgrade() -> None:
    _replace("OR state = 'TERMINATED'")


def downgrade() -> None:
    _replace("")
