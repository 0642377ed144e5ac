"""Facts that other services reported, kept as the newest event has them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.application.tables import Account, Document, OrganisationCategory


async def keep_account(session: AsyncSession, account_id: UUID, at: datetime, facts: Mapping[str, Any]) -> None:
    """Insert or update an account: `facts` by column, reported at `at`."""
    row = {"id": account_id, "roles": [], "valid_until": None, "reported_at": at, **facts}
    statement = insert(Account).values(row)
    changed = {**facts, "reported_at": at}
    await session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed))


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
