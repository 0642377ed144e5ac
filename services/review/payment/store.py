"""Fees that came in."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.review.cases.store import Row


class FeePayment(Row):
    """A fee that came in. A foreign key holds the amount to the fee of the decision."""

    __tablename__ = "fee_payments"
    __table_args__ = (ForeignKeyConstraint(["case_id", "amount_yen"], ["cases.id", "cases.fee_yen"]),)

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    amount_yen: Mapped[int]
    paid_on: Mapped[date]
    reference: Mapped[str]
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime]
