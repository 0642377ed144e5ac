"""Fees that were paid, by slip or online."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.review.cases.store import Row


class FeePayment(Row):
    """The payment of a case's fee, one for each case. A foreign key holds the amount to the fee of the decision.

    Either an officer recorded it from a slip, or it is money that came in online (`receipt_id`).
    """

    __tablename__ = "fee_payments"
    __table_args__ = (
        ForeignKeyConstraint(["case_id", "amount_yen"], ["cases.id", "cases.fee_yen"]),
        CheckConstraint("(recorded_by IS NULL) = (receipt_id IS NOT NULL)", name="one_way"),
    )

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    amount_yen: Mapped[int]
    paid_on: Mapped[date]
    reference: Mapped[str]
    recorded_by: Mapped[UUID | None]
    receipt_id: Mapped[UUID | None] = mapped_column(ForeignKey("payment_receipts.id"), unique=True)
    recorded_at: Mapped[datetime]
