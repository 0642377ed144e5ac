"""Which outside systems, and what people let them do, was taken back: tokens in force are refused by these ids."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select, union

from services.registration.store.accounts import Account
from services.registration.store.api_clients import ApiClient
from services.registration.store.authorizations import Authorization
from shared.db import ReadSession


async def revoked_since(session: ReadSession, since: datetime) -> list[UUID]:
    """The ids of clients revoked and of authorisations ended after `since`, and of all whose account is suspended.

    An authorisation ends with its client as well. A client stands in `sub` and `client_id` of its tokens, an
    authorisation in `sid`. An account that is suspended may be restored, so nothing of it is ended for good: its
    ids are listed as long as it lasts.
    """
    stopped = select(Account.id).where(Account.state == "suspended")
    clients = (
        select(ApiClient.id)
        .where(or_(ApiClient.revoked_at > since, ApiClient.account_id.in_(stopped) & ApiClient.revoked_at.is_(None)))
        .subquery()
    )
    authorisations = select(Authorization.id).where(
        or_(
            Authorization.ended_at > since,
            Authorization.ended_at.is_(None)
            & or_(Authorization.account_id.in_(stopped), Authorization.client_id.in_(select(clients.c.id))),
        )
    )
    return list(await session.scalars(union(select(clients.c.id), authorisations)))
