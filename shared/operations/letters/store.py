"""Reading dead letters and orders, and writing orders."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.db import ReadSession
from shared.messaging.deadletters import TO_DECIDE
from shared.messaging.tables import dead_letters
from shared.operations.tables import letter_orders

_letter, _order = dead_letters.c, letter_orders.c
_RECENT = 20


def wanted(group: str, order: Any) -> ColumnElement[bool]:
    """The letters of `group` that an order (or what is about to become one) means."""
    mine = and_(_letter.consumer_group == group, _letter.status.in_(TO_DECIDE))
    match order.scope:
        case "letter":
            return and_(mine, _letter.id == order.letter_id)
        case "group":
            return and_(
                mine,
                _letter.error_type.is_not_distinct_from(order.error_type),
                _letter.error.is_not_distinct_from(order.error),
                _letter.event_type.is_not_distinct_from(order.event_type),
            )
        case _:
            return mine


async def extent(session: ReadSession, group: str, order: Any) -> tuple[int, int]:
    """The number of letters that an order means now, and the position of the last one."""
    query = select(func.count().label("number"), func.coalesce(func.max(_letter.position), 0).label("last")).where(
        wanted(group, order)
    )
    found = (await session.execute(query)).mappings().one()
    return int(found["number"]), int(found["last"])


async def following(session: ReadSession, group: str, order: Any, limit: int) -> Sequence[Any]:
    """The next letters of an order that is under way, by id and position."""
    between = (_letter.position > order.reached) & (_letter.position <= order.until_position)
    query = select(_letter.id, _letter.position).where(wanted(group, order), between)
    return (await session.execute(query.order_by(_letter.position).limit(limit))).all()


async def behind(session: ReadSession, group: str, letter_id: UUID, limit: int) -> Sequence[Any]:
    """The letters that wait behind one, in order."""
    query = select(_letter.id, _letter.event_type, _letter.first_failed_at).where(
        _letter.consumer_group == group, _letter.waiting_for == letter_id
    )
    return (await session.execute(query.order_by(_letter.position).limit(limit))).all()


async def put(session: AsyncSession, **values: Any) -> None:
    """Keep a new order."""
    started = {"reached": 0, "resolved": 0, "failed": 0}
    await session.execute(insert(letter_orders).values(**started, **values))


async def locked(session: AsyncSession, order_id: UUID) -> Any:
    """An order, locked until the transaction ends; None where there is none."""
    query = select(letter_orders).where(_order.id == order_id).with_for_update()
    return (await session.execute(query)).first()


async def order(session: ReadSession, order_id: UUID) -> Any:
    """An order; None where there is none."""
    return (await session.execute(select(letter_orders).where(_order.id == order_id))).first()


async def recent(session: ReadSession) -> Sequence[Any]:
    """The newest orders, open ones first."""
    is_open = _order.status.in_(("proposed", "running"))
    query = select(letter_orders).order_by(is_open.desc(), _order.ordered_at.desc()).limit(_RECENT)
    return (await session.execute(query)).all()


async def change(session: AsyncSession, order_id: UUID, **values: Any) -> None:
    """Change the state of an order."""
    await session.execute(update(letter_orders).where(_order.id == order_id).values(**values))
