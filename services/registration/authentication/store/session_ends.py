"""Ending some of an account's sessions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.authentication.store.sign_in import Session


async def end_for_membership(
    session: AsyncSession, account_id: UUID, organisation_id: UUID | None, role: str, now: datetime, reason: str
) -> int:
    """End the account's open sessions that act for that organisation in that role, or in every role held there."""
    query = select(Session).where(
        Session.account_id == account_id,
        Session.ended_at.is_(None),
        Session.organisation_id.is_not_distinct_from(organisation_id),
        or_(Session.role.is_(None), Session.role == role),
    )
    rows = list(await session.scalars(query.with_for_update()))
    for row in rows:
        row.ended_at, row.end_reason = now, reason
    return len(rows)
