"""Memberships with their organisations and usage registrations."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select, true

from services.registration.accounts.store.accounts import Membership
from services.registration.accounts.store.organisations import Organisation
from services.registration.usage_registration.store.usage_registrations import UsageRegistration
from shared.auth import Actor, for_oneself
from shared.db import ReadSession


async def visible(
    session: ReadSession, account_id: UUID, caller: Actor
) -> Sequence[tuple[Membership, Organisation | None, UsageRegistration | None]]:
    """The memberships of an account that the caller's request sees, in the order in which they were made."""
    rows = await session.execute(
        select(Membership, Organisation, UsageRegistration)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .outerjoin(UsageRegistration, UsageRegistration.id == Membership.usage_registration_id)
        .where(Membership.account_id == account_id, _visible_to(caller))
        .order_by(Membership.id)
    )
    return [(row.Membership, row.Organisation, row.UsageRegistration) for row in rows]


async def office_of(session: ReadSession, account_id: UUID, membership_id: UUID) -> str | None:
    """The office with which the person registered for a membership."""
    office: str | None = await session.scalar(
        select(UsageRegistration.office)
        .join(Membership, Membership.usage_registration_id == UsageRegistration.id)
        .where(Membership.id == membership_id, Membership.account_id == account_id)
    )
    return office


def _visible_to(caller: Actor) -> ColumnElement[bool]:
    """The memberships of a person that a request sees: all with a session of their own, which chooses among them; with
    an API client those for which it acts, and nothing of the person's other ones."""
    if for_oneself(caller) or caller.kind == "officer":
        return true()
    return and_(
        Membership.organisation_id.is_not_distinct_from(caller.organisation_id),
        Membership.role.in_([role.value for role in caller.roles]),
    )
