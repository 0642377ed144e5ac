"""Addresses and facts that other services' events bring into the address book, and their erasure."""

from datetime import datetime
from uuid import UUID

from services.notification.address_book import store
from shared.events.application import (
    ApplicationContactChanged,
    ApplicationHandedOver,
    ApplicationSubmitted,
    ApplicationWithdrawn,
)
from shared.events.base import Event
from shared.events.fields import Recipient
from shared.events.registration import (
    AccountActivated,
    AccountClosed,
    AccountSuspended,
    EmailChanged,
    MembershipEnded,
    OfficerInvited,
    OfficerRolesChanged,
    RegistrationExpired,
    UsageRegistrationSubmitted,
)
from shared.events.review import (
    ApplicationTerminated,
    CardDelivered,
    CaseTransferred,
    CertificateIssued,
    ReviewCompleted,
)
from shared.events.review_allocation import CaseAllocated
from shared.messaging import NotYet
from shared.work import Work

# Events that are kept in the address book and have no message.
KEPT_ALONE: tuple[type[Event], ...] = (MembershipEnded, CaseAllocated, CardDelivered)
_GRANTED = "grant"


async def update_address_book(work: Work, event: Event) -> None:
    """Save the addresses and facts that `event` brings. An older event never overwrites those of a newer one.

    Raises `NotYet` for the case of an application that is not known.
    """
    match event:
        case UsageRegistrationSubmitted():
            await _save_contact(work, event.account_id, event.recipient, event.submitted_at)
            await store.save_office(work.session, event.account_id, event.office)
        case AccountActivated():
            await _save_contact(work, event.account_id, event.recipient, event.activated_at)
            await store.save_members(work.session, _acts_for(event), event.account_id, event.roles, event.activated_at)
        case OfficerInvited():
            await _save_contact(work, event.account_id, event.recipient, event.invited_at)
            await _save_officer(work, event, event.invited_at)
        case OfficerRolesChanged():
            if event.recipient is not None:
                await _save_contact(work, event.account_id, event.recipient, event.changed_at)
            await _save_officer(work, event, event.changed_at)
        case AccountSuspended():
            await store.end_members(work.session, event.account_id, event.suspended_at)
        case MembershipEnded():
            await store.end_member(work.session, _acts_for(event), event.account_id, event.role, event.ended_at)
        case RegistrationExpired():
            await store.end_member(work.session, _acts_for(event), event.account_id, event.role, event.expired_at)
        case CaseAllocated():
            if not await store.change_examiner(work.session, event.application_id, event.case_id, event.examiner_id):
                raise NotYet("the application is not known yet")
        case EmailChanged():
            await _save_contact(work, event.account_id, event.recipient_new, event.changed_at)
        case ApplicationSubmitted():
            values = {
                "application_id": event.application_id,
                "account_id": event.account_id,
                "owner_id": event.owner_id,
                "role": event.role,
                "procedure": event.procedure,
                "office": event.office,
                "sealed_address": event.applicant.sealed_address if event.applicant else None,
                "language": event.applicant.reads if event.applicant else None,
                "submitted_at": event.submitted_at,
            }
            await store.save_application(work.session, values)
        case ApplicationHandedOver():
            if not await store.change_filer(work.session, event.application_id, event.account_id):
                raise NotYet("the application is not known yet")
        case ApplicationWithdrawn():
            await _end_application(work, event.application_id, event.withdrawn_at)
        case ApplicationTerminated():
            await _end_application(work, event.application_id, event.terminated_at)
        case CertificateIssued():
            await _end_application(work, event.application_id, event.issued_at)
        case CardDelivered():
            await _end_application(work, event.application_id, event.delivered_at)
        case ReviewCompleted() if event.outcome != _GRANTED:
            await _end_application(work, event.application_id, event.decided_at)
        case CaseTransferred():
            await store.change_office(work.session, event.application_id, event.office)
        case ApplicationContactChanged():
            applicant = event.applicant
            known = await store.find_application(work.session, event.application_id)
            same = known is not None and _is_same(work, known.sealed_address, applicant.sealed_address)
            await store.change_address(
                work.session, event.application_id, applicant.sealed_address, applicant.reads, same=same
            )


async def erase_closed_account(work: Work, event: Event) -> None:
    """Erase the address of an account that is closed; its last message is made already."""
    if isinstance(event, AccountClosed):
        await _save_contact(work, event.account_id, None, event.closed_at)
        await store.end_members(work.session, event.account_id, event.closed_at)


def _is_same(work: Work, before: str | None, after: str) -> bool:
    assert work.sealer is not None, "notification holds the private key"
    return before is not None and work.sealer.open(before).casefold() == work.sealer.open(after).casefold()


def _acts_for(event: AccountActivated | MembershipEnded | RegistrationExpired) -> UUID:
    """The organisation for which the account acts, or the account itself."""
    return event.organisation_id or event.account_id


async def _save_officer(work: Work, event: OfficerInvited | OfficerRolesChanged, as_of: datetime) -> None:
    await store.save_members(work.session, event.account_id, event.account_id, event.roles, as_of)
    await store.save_office(work.session, event.account_id, event.office)


async def _end_application(work: Work, application_id: UUID, at: datetime) -> None:
    if not await store.end_application(work.session, application_id, at):
        raise NotYet("the application is not known yet")


async def _save_contact(work: Work, account_id: UUID, recipient: Recipient | None, as_of: datetime) -> None:
    values = {
        "account_id": account_id,
        "sealed_address": recipient.sealed_address if recipient else None,
        "sealed_name": recipient.sealed_name if recipient else None,
        "language": recipient.reads if recipient else "ja",
        "as_of": as_of,
    }
    await store.save_contact(work.session, values)
