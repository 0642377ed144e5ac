"""Queries of saved filters."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.application.tables import SavedFilter
from shared.auth import Owner
from shared.db import ReadSession
from shared.errors import NotFound


async def filters_of(session: ReadSession, owner: Owner, account_id: UUID) -> Sequence[SavedFilter]:
    """The account's own filters and those that its organisation shares, the oldest first."""
    query = select(SavedFilter).where(_seen_by(owner, account_id)).order_by(SavedFilter.created_at, SavedFilter.id)
    return list((await session.scalars(query)).all())


async def one_filter(session: ReadSession, filter_id: UUID, owner: Owner, account_id: UUID) -> SavedFilter:
    """A filter that the account sees. Raises `NotFound`."""
    return _found(await session.scalar(select(SavedFilter).where(_is(filter_id, owner, account_id))))


async def locked_filter(session: AsyncSession, filter_id: UUID, owner: Owner, account_id: UUID) -> SavedFilter:
    """The same, locked for a change."""
    query = select(SavedFilter).where(_is(filter_id, owner, account_id)).with_for_update()
    return _found(await session.scalar(query))


async def count_filters(session: AsyncSession, account_id: UUID) -> int:
    """The number of filters that an account keeps, which no other transaction changes before this one ends."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"filters:{account_id}", 0))))
    return await session.scalar(select(func.count()).where(SavedFilter.account_id == account_id)) or 0


async def private_filters(session: AsyncSession, account_id: UUID) -> Sequence[SavedFilter]:
    """The filters that an account keeps for itself."""
    query = select(SavedFilter).where(SavedFilter.account_id == account_id, SavedFilter.shared.is_(False))
    return list((await session.scalars(query)).all())


def _is(filter_id: UUID, owner: Owner, account_id: UUID) -> ColumnElement[bool]:
    return and_(SavedFilter.id == filter_id, _seen_by(owner, account_id))


def _seen_by(owner: Owner, account_id: UUID) -> ColumnElement[bool]:
    return and_(
        SavedFilter.owner_id == owner.id,
        SavedFilter.role.in_(owner.role_codes),
        or_(SavedFilter.shared, SavedFilter.account_id == account_id),
    )


def _found(row: SavedFilter | None) -> SavedFilter:
    if row is None:
        raise NotFound()
    return row
