"""Orders to pay a fee online, money that came in for them, notices of the provider, and refunds."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, and_, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.review.cases.store import Row
from services.review.payment.domain.online import LIVE
from shared.db import ReadSession


class PaymentOrder(Row):
    """An order of the applicant to pay the fee online. The provider gets its id."""

    __tablename__ = "payment_orders"
    __table_args__ = (
        Index(
            "uq_payment_orders_case_id_live",
            "case_id",
            unique=True,
            postgresql_where=text("state IN ('requested', 'open')"),
        ),
        Index("ix_payment_orders_case_id", "case_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    method: Mapped[str]
    fee_yen: Mapped[int]
    charge_yen: Mapped[int]
    state: Mapped[str]
    reference: Mapped[str | None] = mapped_column(unique=True)
    pay_number: Mapped[str | None]
    pay_url: Mapped[str | None]
    ordered_by: Mapped[UUID | None]
    ordered_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    @property
    def total_yen(self) -> int:
        return self.fee_yen + self.charge_yen


class PaymentReceipt(Row):
    """Money that came in for an order: one transaction of the provider. One receipt at most pays the fee of a case."""

    __tablename__ = "payment_receipts"
    __table_args__ = (
        Index("uq_payment_receipts_case_id_pays", "case_id", unique=True, postgresql_where=text("state = 'pays'")),
        Index("ix_payment_receipts_case_id", "case_id"),
        Index("ix_payment_receipts_day", "day"),
        Index("ix_payment_receipts_surplus", "id", postgresql_where=text("state = 'surplus'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    transaction_id: Mapped[str] = mapped_column(unique=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("payment_orders.id"))
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    amount_yen: Mapped[int]
    # When the provider took the money, and the day of its file in which that stands.
    paid_at: Mapped[datetime]
    day: Mapped[date]
    state: Mapped[str]
    recorded_at: Mapped[datetime]


class PaymentNotice(Row):
    """A notice of the provider with a right signature, and what became of it. Forged ones are in the log alone: a
    stranger could fill a table."""

    __tablename__ = "payment_notices"
    __table_args__ = (
        Index(
            "ix_payment_notices_refused",
            "received_at",
            postgresql_where=text("outcome IN ('wrong_amount', 'unknown_order')"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    order_id: Mapped[UUID]
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id"))
    transaction_id: Mapped[str | None]
    amount_yen: Mapped[int | None]
    outcome: Mapped[str]
    received_at: Mapped[datetime]


class Refund(Row):
    """A refund: proposed by one officer of the card office, decided by another; the database refuses the same one.

    The provider carries it out, or refuses it for good (`refusal`); money that it refused is given back `otherwise`.
    """

    __tablename__ = "refunds"
    __table_args__ = (
        CheckConstraint("decided_by <> proposed_by", name="four_eyes"),
        CheckConstraint(
            "(approved IS NULL) = (decided_by IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL)", name="decided"
        ),
        CheckConstraint("refunded_at IS NULL OR approved", name="approved_first"),
        CheckConstraint("way IN ('provider', 'otherwise')", name="way"),
        CheckConstraint(
            "(refused_at IS NULL) = (refusal IS NULL)"
            " AND (refused_at IS NULL OR (approved AND refunded_at IS NULL AND way = 'provider'))",
            name="refused",
        ),
        Index(
            "uq_refunds_receipt_id_stands",
            "receipt_id",
            unique=True,
            postgresql_where=text("approved IS NOT FALSE AND refused_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    receipt_id: Mapped[UUID] = mapped_column(ForeignKey("payment_receipts.id"))
    reason: Mapped[str]
    proposed_by: Mapped[UUID]
    proposed_at: Mapped[datetime]
    approved: Mapped[bool | None]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    note: Mapped[str | None]
    refunded_at: Mapped[datetime | None]
    way: Mapped[str]
    refused_at: Mapped[datetime | None]
    refusal: Mapped[str | None]


async def live_order(session: AsyncSession, case_id: UUID) -> PaymentOrder | None:
    """The order of a case that can be paid; the case is locked by the caller."""
    query = select(PaymentOrder).where(PaymentOrder.case_id == case_id, PaymentOrder.state.in_(sorted(LIVE)))
    return (await session.scalars(query)).one_or_none()


async def case_of_order(session: ReadSession, order_id: UUID) -> UUID | None:
    """The case of an order."""
    found: UUID | None = await session.scalar(select(PaymentOrder.case_id).where(PaymentOrder.id == order_id))
    return found


async def orders_of(session: ReadSession, case_id: UUID) -> Sequence[PaymentOrder]:
    """The orders of a case, the newest first."""
    query = select(PaymentOrder).where(PaymentOrder.case_id == case_id).order_by(PaymentOrder.ordered_at.desc())
    found: Sequence[PaymentOrder] = (await session.scalars(query)).all()
    return found


async def receipts_of(session: ReadSession, case_id: UUID) -> Sequence[PaymentReceipt]:
    """The money that came in online for a case, oldest first."""
    query = select(PaymentReceipt).where(PaymentReceipt.case_id == case_id).order_by(PaymentReceipt.paid_at)
    found: Sequence[PaymentReceipt] = (await session.scalars(query)).all()
    return found


async def receipt_of(session: ReadSession, transaction_id: str) -> PaymentReceipt | None:
    """The money of a transaction."""
    found: PaymentReceipt | None = await session.scalar(
        select(PaymentReceipt).where(PaymentReceipt.transaction_id == transaction_id)
    )
    return found


async def notice_of(session: ReadSession, event_id: str) -> PaymentNotice | None:
    """A notice that was recorded under that id."""
    found: PaymentNotice | None = await session.scalar(select(PaymentNotice).where(PaymentNotice.event_id == event_id))
    return found


async def standing_refund(session: ReadSession, receipt_id: UUID) -> Refund | None:
    """The refund of a receipt that is proposed or approved, and that the provider did not refuse."""
    found: Refund | None = await session.scalar(select(Refund).where(Refund.receipt_id == receipt_id, stands()))
    return found


async def refused_refund(session: ReadSession, receipt_id: UUID) -> Refund | None:
    """The last refund of a receipt that the provider refused."""
    query = select(Refund).where(Refund.receipt_id == receipt_id, Refund.refused_at.is_not(None))
    found: Refund | None = await session.scalar(query.order_by(Refund.refused_at.desc()).limit(1))
    return found


def stands() -> ColumnElement[bool]:
    """Whether a refund was neither declined by the second officer nor refused by the provider."""
    return and_(Refund.approved.is_not(False), Refund.refused_at.is_(None))
