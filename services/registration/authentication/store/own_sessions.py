"""Sessions as their owner sees them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row as Found
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.authentication.store.sign_in import Session, session_uses
from shared.db import ReadSession


async def open_sessions(session: ReadSession, account_id: UUID, now: datetime) -> Sequence[Found[Any]]:
    """(`Session`, `last_used_at`) of an account's sessions that were not ended, newest first."""
    found: Sequence[Found[Any]] = (
        await session.execute(
            select(Session, session_uses.c.last_used_at)
            .join(session_uses, session_uses.c.session_id == Session.id)
            .where(Session.account_id == account_id, Session.ended_at.is_(None), Session.expires_at > now)
            .order_by(Session.id.desc())
        )
    ).all()
    return found


async def last_sessions(session: ReadSession, account_id: UUID, most: int) -> Sequence[Session]:
    """An account's sessions, ended ones too, the newest first."""
    query = select(Session).where(Session.account_id == account_id).order_by(Session.id.desc()).limit(most)
    found: Sequence[Session] = (await session.scalars(query)).all()
    return found


async def locked_session(session: AsyncSession, session_id: UUID, account_id: UUID) -> Session | None:
    """An open session of an account, locked."""
    query = select(Session).where(
        Session.id == session_id, Session.account_id == account_id, Session.ended_at.is_(None)
    )
    found: Session | None = await session.scalar(query.with_for_update().execution_options(populate_existing=True))
    return found


async def others(session: AsyncSession, account_id: UUID, but: UUID | None) -> list[Session]:
    """The account's open sessions except `but`, locked."""
    query = select(Session).where(Session.account_id == account_id, Session.ended_at.is_(None))
    if but is not None:
        query = query.where(Session.id != but)
    return list(await session.scalars(query.order_by(Session.id).with_for_update()))


async def is_new_device(session: ReadSession, account_id: UUID, device: str, place: str, since: datetime) -> bool:
    """Whether the account was used before, but not with this device from this place since `since`."""
    before = select(Session.id).where(Session.account_id == account_id)
    if await session.scalar(before.limit(1)) is None:
        return False
    known = before.where(Session.device == device, Session.place == place, Session.started_at > since)
    return await session.scalar(known.limit(1)) is None
