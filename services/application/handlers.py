"""Handlers of other services' events: they keep what filing and the applicant's view need of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from services.application.following import FOLLOWING, follow
from services.application.store import Account, Document, OrganisationCategory
from shared.events.base import Event
from shared.events.document import DocumentAccepted, DocumentDeleted, DocumentRejected
from shared.events.registration import (
    AccountActivated,
    AccountClosed,
    AccountSuspended,
    OrganisationCategoryChanged,
    RegistrationExpired,
)
from shared.messaging import Handler
from shared.work import Commands, Work


def handlers(commands: Commands) -> dict[type[Event], Handler]:
    """The handler of each event."""
    of = commands.handler
    return {
        AccountActivated: of(on_account_activated),
        AccountSuspended: of(on_account_suspended),
        AccountClosed: of(on_account_closed),
        RegistrationExpired: of(on_registration_expired),
        OrganisationCategoryChanged: of(on_category_changed),
        DocumentAccepted: of(on_document_accepted),
        DocumentRejected: of(on_document_rejected),
        DocumentDeleted: of(on_document_deleted),
        **{event: of(follow) for event in FOLLOWING},
    }


async def on_account_activated(work: Work, event: AccountActivated) -> None:
    """The account may file, in these roles."""
    known = await work.session.get(Account, event.account_id, with_for_update=True)
    # With several registrations the longest counts here; the token says whether the one acted under is over.
    days = [day for day in (event.valid_until, known.valid_until if known else None) if day]
    facts = {"state": "active", "roles": list(event.roles), "valid_until": max(days, default=None)}
    await _keep_account(work, event.account_id, event.activated_at, facts)


async def on_account_suspended(work: Work, event: AccountSuspended) -> None:
    """The account may not file for now."""
    await _keep_account(work, event.account_id, event.suspended_at, {"state": "suspended"})


async def on_account_closed(work: Work, event: AccountClosed) -> None:
    """The account ended."""
    await _keep_account(work, event.account_id, event.closed_at, {"state": "closed"})


async def on_registration_expired(work: Work, event: RegistrationExpired) -> None:
    """One role ended; an account without any role left may read and not file."""
    account = await work.session.get(Account, event.account_id, with_for_update=True)
    left = [role for role in account.roles if role != event.role] if account else []
    if event.roles_left is not None:
        left = list(event.roles_left)
    facts: dict[str, Any] = {"roles": left} if left else {"state": "expired", "roles": []}
    await _keep_account(work, event.account_id, event.expired_at, facts)


async def on_category_changed(work: Work, event: OrganisationCategoryChanged) -> None:
    """The organisation has another category, or is treated as another, from a day on."""
    facts = {"category": event.category, "treated_as": event.treated_as}
    row = {"organisation_id": event.organisation_id, "valid_from": event.valid_from, **facts}
    statement = insert(OrganisationCategory).values(row)
    await work.session.execute(
        statement.on_conflict_do_update(index_elements=["organisation_id", "valid_from"], set_=facts)
    )


async def on_document_accepted(work: Work, event: DocumentAccepted) -> None:
    """The file may be attached."""
    facts = {"state": "accepted", "codes": list(event.codes), "size": event.size, "problems": []}
    await _keep_document(work, event, event.accepted_at, facts)


async def on_document_rejected(work: Work, event: DocumentRejected) -> None:
    """The file cannot be used, and why."""
    facts = {"state": "rejected", "codes": list(event.codes), "size": 0, "problems": list(event.problems)}
    await _keep_document(work, event, event.rejected_at, facts)


async def on_document_deleted(work: Work, event: DocumentDeleted) -> None:
    """The file is gone."""
    facts = {"state": "deleted", "codes": [], "size": 0, "problems": [event.reason_code]}
    await _keep_document(work, event, event.deleted_at, facts)


async def _keep_account(work: Work, account_id: Any, at: datetime, facts: Mapping[str, Any]) -> None:
    row = {"id": account_id, "roles": [], "valid_until": None, "reported_at": at, **facts}
    statement = insert(Account).values(row)
    await work.session.execute(
        statement.on_conflict_do_update(index_elements=["id"], set_={**facts, "reported_at": at})
    )


async def _keep_document(
    work: Work, event: DocumentAccepted | DocumentRejected | DocumentDeleted, at: datetime, facts: Mapping[str, Any]
) -> None:
    whose = {"owner_id": event.owner_id, "roles": list(event.roles)}
    row = {"id": event.document_id, "kind": event.kind, "reported_at": at, **whose, **facts}
    statement = insert(Document).values(row)
    await work.session.execute(
        statement.on_conflict_do_update(index_elements=["id"], set_={**facts, "reported_at": at})
    )
