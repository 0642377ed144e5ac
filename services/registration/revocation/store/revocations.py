"""Sessions, accounts, clients and authorisations that ended while their access tokens may be in force."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select, union_all

from services.registration.accounts.domain.standing import AccountState
from services.registration.accounts.store.accounts import Account
from services.registration.accounts.store.blocks import blocked_clients
from services.registration.authentication.store.sign_in import Session
from services.registration.oauth.store.api_clients import ApiClient
from services.registration.oauth.store.authorizations import Authorization
from shared.db import ReadSession


async def revoked_ids(session: ReadSession, since: datetime, now: datetime) -> Sequence[UUID]:
    """The ids of what ended after `since`, in order, and of what a suspension or a block keeps from working in the
    meantime."""
    found: Sequence[UUID] = (await session.scalars(union_all(*_ended(since, now)))).all()
    return sorted(set(found))


def _ended(since: datetime, now: datetime) -> list[Select[Any]]:
    # One for each kind of thing that a token can come from. A session and an authorisation stand in its `sid`, a client
    # in its `client_id`, for whichever person it acts. A suspension ends neither clients nor authorisations: it may be
    # lifted.
    suspended = select(Account.id).where(Account.state == AccountState.SUSPENDED)
    return [
        blocked_clients(now),
        select(Session.id).where(Session.ended_at > since),
        select(ApiClient.id).where(
            or_(ApiClient.revoked_at > since, ApiClient.revoked_at.is_(None) & ApiClient.account_id.in_(suspended))
        ),
        select(Authorization.id).where(
            or_(
                Authorization.ended_at > since,
                Authorization.ended_at.is_(None) & Authorization.account_id.in_(suspended),
            )
        ),
    ]
