"""Officers' accounts as administrators see and change them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row as Found
from sqlalchemy import Select, Text, exists, func, or_, select, text
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.accounts.domain.mailbox import same_mailbox
from services.registration.accounts.domain.standing import AccountState
from services.registration.accounts.store.accounts import Account, OfficerRole
from services.registration.authentication.store.passkeys import Passkey
from services.registration.authentication.store.second_factor import TotpFactor
from shared.db import ReadSession

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended('registration:officers', 0))")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Conditions of a search for officers; None sets no condition."""

    office: str | None = None
    role: str | None = None
    state: str | None = None


async def one_at_a_time(session: AsyncSession) -> None:
    """Serialise changes of officers' accounts until the transaction ends."""
    await session.execute(_ONE_AT_A_TIME)


async def locked(session: AsyncSession, officer_id: UUID) -> Account | None:
    """An officer's account, locked for a change."""
    return await session.scalar(
        select(Account).where(Account.id == officer_id, Account.kind == "officer").with_for_update()
    )


async def officer(session: ReadSession, officer_id: UUID) -> Account | None:
    """An officer's account, as it is."""
    found: Account | None = await session.scalar(
        select(Account).where(Account.id == officer_id, Account.kind == "officer")
    )
    return found


async def known_by(session: ReadSession, email: str, *, besides: UUID | None = None) -> bool:
    """Whether an officer's account that is not closed, `besides` the one named, has an address of the same mailbox."""
    addresses = select(Account.email).where(Account.kind == "officer", Account.state != AccountState.CLOSED)
    if besides is not None:
        addresses = addresses.where(Account.id != besides)
    return any(same_mailbox(address, email) for address in await session.scalars(addresses))


async def locked_roles(session: AsyncSession, officer_id: UUID) -> Sequence[OfficerRole]:
    """The roles in force, locked."""
    query = select(OfficerRole).where(OfficerRole.account_id == officer_id, OfficerRole.revoked_at.is_(None))
    return (await session.scalars(query.order_by(OfficerRole.role).with_for_update())).all()


async def roles_ever(session: ReadSession, officer_id: UUID) -> Sequence[OfficerRole]:
    """Every grant, the oldest first."""
    query = select(OfficerRole).where(OfficerRole.account_id == officer_id)
    found: Sequence[OfficerRole] = (
        await session.scalars(query.order_by(OfficerRole.granted_at, OfficerRole.role))
    ).all()
    return found


async def page(session: ReadSession, wanted: Wanted, after: UUID | None, limit: int) -> Sequence[Found[Any]]:
    """(`Account`, `roles`, `second_factor`) of officers in the order in which their accounts were made."""
    query = _officers().order_by(Account.id).limit(limit)
    for column, value in ((Account.office, wanted.office), (Account.state, wanted.state)):
        if value is not None:
            query = query.where(column == value)
    if wanted.role is not None:
        query = query.where(_in_force(OfficerRole.role == wanted.role).exists())
    if after is not None:
        query = query.where(Account.id > after)
    found: Sequence[Found[Any]] = (await session.execute(query)).all()
    return found


async def of_office(session: ReadSession, office: str) -> Sequence[Found[Any]]:
    """(`Account`, `roles`, `second_factor`) of all officers of an office, by name."""
    query = _officers().where(Account.office == office).order_by(Account.name, Account.id)
    found: Sequence[Found[Any]] = (await session.execute(query)).all()
    return found


def _officers() -> Select[Any]:
    held = select(func.coalesce(func.array_agg(OfficerRole.role), array([], type_=Text))).where(
        OfficerRole.account_id == Account.id, OfficerRole.revoked_at.is_(None)
    )
    app = exists().where(
        TotpFactor.account_id == Account.id, TotpFactor.confirmed_at.is_not(None), TotpFactor.ended_at.is_(None)
    )
    key = exists().where(Passkey.account_id == Account.id, Passkey.ended_at.is_(None))
    return select(Account, held.scalar_subquery().label("roles"), or_(app, key).label("second_factor")).where(
        Account.kind == "officer"
    )


def _in_force(condition: Any) -> Select[Any]:
    return select(OfficerRole.id).where(
        OfficerRole.account_id == Account.id, OfficerRole.revoked_at.is_(None), condition
    )
