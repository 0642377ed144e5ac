"""The provider's files of days, and the differences that were found in them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, func, or_, select, text, true
from sqlalchemy.orm import Mapped, aliased, mapped_column

from services.review.cases.store import Case, Row
from services.review.payment.domain.refunds import ENDED_WITHOUT
from services.review.payment.store.online import PaymentNotice, PaymentOrder, PaymentReceipt, Refund, stands
from shared.db import ReadSession
from shared.operations.state.queues import Queue, rows_since


class PaymentFile(Row):
    """The provider's file of a day, once it was read."""

    __tablename__ = "payment_files"

    day: Mapped[date] = mapped_column(primary_key=True)
    lines: Mapped[int]
    read_at: Mapped[datetime]


class PaymentDifference(Row):
    """A place where the provider's file and the records here disagree, until an officer has looked into it."""

    __tablename__ = "payment_differences"
    __table_args__ = (
        Index("uq_payment_differences_day", "day", "kind", "transaction_id", unique=True),
        Index("ix_payment_differences_open", "day", postgresql_where=text("resolved_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date]
    kind: Mapped[str]
    transaction_id: Mapped[str]
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id"))
    amount_yen: Mapped[int | None]
    noted_at: Mapped[datetime]
    resolved_by: Mapped[UUID | None]
    resolved_at: Mapped[datetime | None]
    note: Mapped[str | None]


async def last_file(session: ReadSession) -> date | None:
    """The newest day whose file was read."""
    found: date | None = await session.scalar(select(func.max(PaymentFile.day)))
    return found


async def first_order(session: ReadSession) -> datetime | None:
    """The moment of the first order."""
    found: datetime | None = await session.scalar(select(func.min(PaymentOrder.ordered_at)))
    return found


async def receipts_of_day(session: ReadSession, day: date) -> Sequence[PaymentReceipt]:
    """The money that the provider took on a day, as far as it is known here."""
    found: Sequence[PaymentReceipt] = (
        await session.scalars(select(PaymentReceipt).where(PaymentReceipt.day == day))
    ).all()
    return found


async def known_differences(session: ReadSession, day: date) -> set[tuple[str, str]]:
    """Kind and transaction of the differences of a day that are written down."""
    rows = await session.execute(
        select(PaymentDifference.kind, PaymentDifference.transaction_id).where(PaymentDifference.day == day)
    )
    return {(row.kind, row.transaction_id) for row in rows}


async def count_open_differences(session: ReadSession) -> int:
    """The number of differences that nobody has looked into."""
    return int(await session.scalar(select(func.count()).where(PaymentDifference.resolved_at.is_(None))) or 0)


async def open_differences(
    session: ReadSession, office: str | None, limit: int
) -> Sequence[tuple[PaymentDifference, str | None]]:
    """Differences that nobody has looked into, with the case's receipt number: of an office, and those of no case."""
    query = (
        select(PaymentDifference, Case.receipt_number)
        .outerjoin(Case, Case.id == PaymentDifference.case_id)
        .where(PaymentDifference.resolved_at.is_(None), _of_office(office, PaymentDifference.case_id))
        .order_by(PaymentDifference.day, PaymentDifference.id)
        .limit(limit)
    )
    found: Sequence[Any] = (await session.execute(query)).all()
    return [(row[0], row[1]) for row in found]


async def refundable(
    session: ReadSession, office: str | None, limit: int
) -> Sequence[tuple[PaymentReceipt, PaymentOrder, Refund | None, Refund | None, Case]]:
    """Money that is to be given back, with its order, the refund that was proposed and the last one that the provider
    refused: what pays nothing, and what paid for a case that ended without what was paid for."""
    refused = aliased(Refund)
    last = (
        select(refused.id)
        .where(refused.receipt_id == PaymentReceipt.id, refused.refused_at.is_not(None))
        .order_by(refused.refused_at.desc())
        .limit(1)
        .correlate(PaymentReceipt)
        .scalar_subquery()
    )
    other = aliased(Refund)
    query = (
        select(PaymentReceipt, PaymentOrder, Refund, other, Case)
        .join(PaymentOrder, PaymentOrder.id == PaymentReceipt.order_id)
        .join(Case, Case.id == PaymentReceipt.case_id)
        .outerjoin(Refund, (Refund.receipt_id == PaymentReceipt.id) & stands())
        .outerjoin(other, other.id == last)
        .where(
            or_(
                PaymentReceipt.state == "surplus",
                (PaymentReceipt.state == "pays") & (Case.state == ENDED_WITHOUT),
            ),
            _of_office(office, PaymentReceipt.case_id),
        )
        .order_by(PaymentReceipt.paid_at)
        .limit(limit)
    )
    found: Sequence[Any] = (await session.execute(query)).all()
    return [(row[0], row[1], row[2], row[3], row[4]) for row in found]


async def refused_notices(
    session: ReadSession, office: str | None, limit: int
) -> Sequence[tuple[PaymentNotice, str | None]]:
    """Notices that were refused, the newest first, with the case's receipt number."""
    query = (
        select(PaymentNotice, Case.receipt_number)
        .outerjoin(Case, Case.id == PaymentNotice.case_id)
        .where(
            PaymentNotice.outcome.in_(("wrong_amount", "unknown_order")),
            _of_office(office, PaymentNotice.case_id),
        )
        .order_by(PaymentNotice.received_at.desc())
        .limit(limit)
    )
    found: Sequence[Any] = (await session.execute(query)).all()
    return [(row[0], row[1]) for row in found]


def _of_office(office: str | None, case_id: Any) -> ColumnElement[bool]:
    """Of cases of that office, and of no case; None: of every office."""
    return true() if office is None else or_(case_id.is_(None), Case.office == office)


DIFFERENCES = Queue(
    "payment-differences",
    rows_since(PaymentDifference.noted_at, lambda _: PaymentDifference.resolved_at.is_(None)),
    timedelta(days=3),
)
