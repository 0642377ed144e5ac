"""Effects of registration's and document's events on the facts that filing needs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.application.known import store
from services.application.tables import Account
from shared.events.document import DocumentAccepted, DocumentDeleted, DocumentRejected
from shared.events.registration import (
    AccountActivated,
    AccountClosed,
    AccountSuspended,
    MembershipEnded,
    OrganisationCategoryChanged,
    RegistrationExpired,
)
from shared.work import Work


async def on_account_activated(work: Work, event: AccountActivated) -> None:
    """The account may file, in these roles."""
    known = await work.session.get(Account, event.account_id, with_for_update=True)
    # With several registrations the longest counts here; the token says whether the one acted under is over.
    days = [day for day in (event.valid_until, known.valid_until if known else None) if day]
    facts = {"state": "active", "roles": list(event.roles), "valid_until": max(days, default=None)}
    await store.keep_account(work.session, event.account_id, event.activated_at, facts)
    if event.organisation_id is not None:
        await store.keep_member(work.session, event.organisation_id, event.account_id, event.activated_at, event.roles)


async def on_account_suspended(work: Work, event: AccountSuspended) -> None:
    """The account may not file for now."""
    await store.keep_account(work.session, event.account_id, event.suspended_at, {"state": "suspended"})


async def on_account_closed(work: Work, event: AccountClosed) -> None:
    """The account ended."""
    await store.keep_account(work.session, event.account_id, event.closed_at, {"state": "closed"})


async def on_registration_expired(work: Work, event: RegistrationExpired) -> None:
    """One role ended; an account without any role left may read and not file."""
    account = await work.session.get(Account, event.account_id, with_for_update=True)
    left = [role for role in account.roles if role != event.role] if account else []
    if event.roles_left is not None:
        left = list(event.roles_left)
    facts: dict[str, Any] = {"roles": left} if left else {"state": "expired", "roles": []}
    await store.keep_account(work.session, event.account_id, event.expired_at, facts)
    if event.organisation_id is not None:
        await store.end_role(work.session, event.organisation_id, event.account_id, event.expired_at, event.role)


async def on_membership_ended(work: Work, event: MembershipEnded) -> None:
    """The person left the organisation in one role; what the account may file elsewhere is not touched."""
    if event.organisation_id is not None:
        await store.end_role(work.session, event.organisation_id, event.account_id, event.ended_at, event.role)


async def on_category_changed(work: Work, event: OrganisationCategoryChanged) -> None:
    """The organisation has another category, or is treated as another, from a day on."""
    facts = {"category": event.category, "treated_as": event.treated_as}
    await store.keep_category(work.session, event.organisation_id, event.valid_from, facts)


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


async def _keep_document(
    work: Work, event: DocumentAccepted | DocumentRejected | DocumentDeleted, at: datetime, facts: Mapping[str, Any]
) -> None:
    document = {
        "id": event.document_id,
        "kind": event.kind,
        "owner_id": event.owner_id,
        "roles": list(event.roles),
    }
    await store.keep_document(work.session, document, at, facts)
