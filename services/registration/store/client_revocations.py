"""Which outside systems, and what people let them do, was taken back: tokens in force are refused by these ids."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select, union_all

from services.registration.store.accounts import Account
from services.registration.store.api_clients import ApiClient
from services.registration.store.authorizations import Authorization
from shared.db import ReadSession


async def revoked_since(session: ReadSession, since: datetime) -> list[UUID]:
    """The ids of clients revoked and of authorisations ended after `since`, and of all whose account is suspended.

    A client stands in `client_id` of every token that it was given, whoever it acts for; an authorisation in `sid`. An
    account that is suspended may be restored, so nothing of it is ended for good: its ids are listed meanwhile.
    """
    stopped = select(Account.id).where(Account.state == "suspended")
    clients = select(ApiClient.id).where(
        or_(ApiClient.revoked_at > since, ApiClient.revoked_at.is_(None) & ApiClient.account_id.in_(stopped))
    )
    authorisations = select(Authorization.id).where(
        or_(Authorization.ended_at > since, Authorization.ended_at.is_(None) & Authorization.account_id.in_(stopped))
    )
    return list(await session.scalars(union_all(clients, authorisations)))
