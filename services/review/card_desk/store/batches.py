"""Batches of cards to print or to mail, and the cases in them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, and_, func, not_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.review.cards.domain import AT_COUNTER
from services.review.cards.store import Card, Dispatch
from services.review.cases.domain.states import State
from services.review.cases.store import Case, Row
from shared.db import ReadSession


class CardBatch(Row):
    """A batch of cases whose cards are printed or mailed together. `closed_at`: nothing more is awaited of it."""

    __tablename__ = "card_batches"
    __table_args__ = (Index("ix_card_batches_office_made_at", "office", "made_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    office: Mapped[str]
    made_by: Mapped[UUID]
    made_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class BatchedCase(Row):
    """A case in a batch."""

    __tablename__ = "batched_cases"
    __table_args__ = (
        Index("uq_batched_cases_batch_id_case_id", "batch_id", "case_id", unique=True),
        Index("ix_batched_cases_case_id", "case_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("card_batches.id"))
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    position: Mapped[int]
    # As the batch found the case.
    state: Mapped[str]
    state_since: Mapped[datetime]


def _waits() -> ColumnElement[bool]:
    """Whether a case of a batch is still as the batch found it; of a batch that was closed none is waited for."""
    found = and_(Case.state == BatchedCase.state, Case.state_since == BatchedCase.state_since)
    return and_(CardBatch.closed_at.is_(None), found)


def _to_batch(office: str, states: Sequence[str]) -> ColumnElement[bool]:
    """The condition of a case of an office that waits in `states` and in no batch. A new card that its holder wants to
    receive at the counter waits for a visit, and is not mailed."""
    batched = (
        select(BatchedCase.id)
        .join(CardBatch, CardBatch.id == BatchedCase.batch_id)
        .where(BatchedCase.case_id == Case.id, _waits())
        .correlate(Case)
    )
    collected = and_(Case.state == State.CARD_ISSUED, Case.receipt_method.is_not_distinct_from(AT_COUNTER))
    return and_(Case.office == office, Case.state.in_(states), not_(collected), ~batched.exists())


async def take_up(session: AsyncSession, office: str, states: Sequence[str], most: int) -> Sequence[Case]:
    """Up to `most` cases of an office that wait in `states` and in no batch, locked, those first that have waited
    longest. Colleagues of the office make batches one after the other."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"card_batch:{office}", 0))))
    query = (
        select(Case)
        .where(_to_batch(office, states))
        .order_by(Case.state_since, Case.id)
        .limit(most)
        .with_for_update(skip_locked=True, key_share=True)
    )
    found: Sequence[Case] = (await session.scalars(query)).all()
    return found


async def batches_of(session: ReadSession, office: str, limit: int) -> Sequence[tuple[CardBatch, int, int]]:
    """The batches of an office, the newest first, with the number of their cases and of those that still wait."""
    query = (
        select(CardBatch, func.count(), func.count().filter(_waits()))
        .join(BatchedCase, BatchedCase.batch_id == CardBatch.id)
        .join(Case, Case.id == BatchedCase.case_id)
        .where(CardBatch.office == office)
        .group_by(CardBatch.id)
        .order_by(CardBatch.made_at.desc(), CardBatch.id.desc())
        .limit(limit)
    )
    found: Sequence[Any] = (await session.execute(query)).all()
    return [(row[0], row[1], row[2]) for row in found]


async def cases_of(session: ReadSession, batch_id: UUID) -> Sequence[tuple[Case, bool]]:
    """The cases of a batch in its order, and whether each still waits."""
    query = (
        select(Case, _waits().label("waits"))
        .join(BatchedCase, BatchedCase.case_id == Case.id)
        .join(CardBatch, CardBatch.id == BatchedCase.batch_id)
        .where(BatchedCase.batch_id == batch_id)
        .order_by(BatchedCase.position)
    )
    found: Sequence[Any] = (await session.execute(query)).all()
    return [(row[0], bool(row[1])) for row in found]


async def lock_all(session: AsyncSession, case_ids: Sequence[UUID]) -> None:
    """Lock cases in one order, so that two files with the same cases wait for each other and never both."""
    query = select(Case.id).where(Case.id.in_(case_ids)).order_by(Case.id).with_for_update(key_share=True)
    await session.execute(query)


async def ids_by_number(session: ReadSession, office: str, numbers: Sequence[str]) -> Mapping[str, UUID]:
    """The cases of an office by receipt number, those of `numbers` that there are."""
    query = select(Case.receipt_number, Case.id).where(Case.office == office, Case.receipt_number.in_(numbers))
    return {row.receipt_number: row.id for row in await session.execute(query)}


async def ids_by_tracking(session: ReadSession, office: str, numbers: Sequence[str]) -> Mapping[str, list[UUID]]:
    """The cases of an office by the tracking number of their last letter, which several may share."""
    query = (
        select(Dispatch.tracking_number, Case.id)
        .join(Case, Case.id == Dispatch.case_id)
        .where(Case.office == office, Dispatch.tracking_number.in_(numbers))
        .order_by(Case.id)
    )
    found: dict[str, list[UUID]] = {}
    for row in await session.execute(query):
        found.setdefault(row.tracking_number, []).append(row.id)
    return found


async def cards_by_case(session: ReadSession, case_ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """The card numbers of cases."""
    rows = await session.execute(select(Card.case_id, Card.card_number).where(Card.case_id.in_(case_ids)))
    return {row.case_id: row.card_number for row in rows}


async def letters_by_case(session: ReadSession, case_ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """The tracking numbers of the last letters of cases."""
    query = select(Dispatch.case_id, Dispatch.tracking_number).where(Dispatch.case_id.in_(case_ids))
    rows = await session.execute(query)
    return {row.case_id: row.tracking_number for row in rows}


async def count_to_batch(session: ReadSession, office: str, states: Sequence[str]) -> int:
    """The number of cases of an office that wait in `states` and in no batch."""
    query = select(func.count()).select_from(Case).where(_to_batch(office, states))
    return int(await session.scalar(query) or 0)
