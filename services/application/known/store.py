"""Facts that other services reported, kept as the newest event has them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.application.tables import Account, Document, Member, OrganisationCategory


def may_file(today: date) -> ColumnElement[bool]:
    """That an account may file on a day: it is active, and its last registration is not over, reported or not."""
    return and_(Account.state == "active", or_(Account.valid_until.is_(None), Account.valid_until >= today))


async def keep_account(session: AsyncSession, account_id: UUID, at: datetime, facts: Mapping[str, Any]) -> None:
    """Insert or update an account: `facts` by column, reported at `at`."""
    # An account of which the first news is that one of its roles ended has others, and is active.
    row = {"id": account_id, "state": "active", "roles": [], "valid_until": None, "reported_at": at, **facts}
    statement = insert(Account).values(row)
    changed = {**facts, "reported_at": at}
    await session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed))


async def keep_member(
    session: AsyncSession, organisation_id: UUID, account_id: UUID, at: datetime, roles: Sequence[str]
) -> None:
    """Insert or update the roles in which an account acts for an organisation, reported at `at`."""
    facts = {"roles": list(roles), "reported_at": at}
    statement = insert(Member).values(organisation_id=organisation_id, account_id=account_id, **facts)
    index = ["organisation_id", "account_id"]
    await session.execute(statement.on_conflict_do_update(index_elements=index, set_=facts))


async def end_role(session: AsyncSession, organisation_id: UUID, account_id: UUID, at: datetime, role: str) -> None:
    """Take a role out of those in which an account acts for an organisation, reported at `at`."""
    of = (Member.organisation_id == organisation_id, Member.account_id == account_id)
    left = func.array_remove(Member.roles, role)
    await session.execute(update(Member).where(*of).values(roles=left, reported_at=at))


async def keep_document(
    session: AsyncSession, document: Mapping[str, Any], at: datetime, facts: Mapping[str, Any]
) -> None:
    """Insert or update a file: `document` is what never changes of it, `facts` what does, reported at `at`."""
    statement = insert(Document).values({**document, **facts, "reported_at": at})
    changed = {**facts, "reported_at": at}
    await session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed))


async def keep_category(
    session: AsyncSession, organisation_id: UUID, valid_from: date, facts: Mapping[str, Any]
) -> None:
    """Insert or update the category of an organisation from a day on."""
    row = {"organisation_id": organisation_id, "valid_from": valid_from, **facts}
    statement = insert(OrganisationCategory).values(row)
    index = ["organisation_id", "valid_from"]
    await session.execute(statement.on_conflict_do_update(index_elements=index, set_=dict(facts)))
