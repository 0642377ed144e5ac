"""What the approving officer does with a usage registration (利用申出): approve, return, reject."""

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from services.registration.accounts.domain.standing import AccountState, MembershipState
from services.registration.accounts.schemas.answers import Decided
from services.registration.accounts.store import accounts
from services.registration.accounts.store.accounts import Account
from services.registration.audit import Tag
from services.registration.authentication.commands.password_links import open_link
from services.registration.authentication.store import identities
from services.registration.context import CommandContext
from services.registration.usage_registration.commands.activation import activated
from services.registration.usage_registration.commands.approvals import (
    confirm_organisation,
    give_membership,
    record_category,
)
from services.registration.usage_registration.commands.corrections import close, link_for_persons, reopen
from services.registration.usage_registration.commands.decisions import (
    Item,
    ask_to_mend,
    require_other,
    sign,
    take_step,
)
from services.registration.usage_registration.commands.draft_links import open_link as open_draft_link
from services.registration.usage_registration.commands.personal_terms import term_of
from services.registration.usage_registration.domain.personal_registration import Basis
from services.registration.usage_registration.domain.usage_registration import Origin, Requirements, Step
from services.registration.usage_registration.problems import account_closed, missing_requirements
from services.registration.usage_registration.store import drafts
from services.registration.usage_registration.store import usage_registrations as store
from services.registration.usage_registration.store.usage_registrations import UsageRegistration
from shared.auth import Record, sees
from shared.clock import legal_date
from shared.errors import NotFound
from shared.events.registration import UsageRegistrationApproved, UsageRegistrationRejected, UsageRegistrationReturned
from shared.work import Work


async def approve(
    work: Work, context: CommandContext, registration_id: UUID, requirements: Requirements, note: str | None
) -> Decided:
    """Approve: the membership and the organisation's approval become valid, and the password link goes out."""
    registration, account = await _take(work, registration_id, Step.APPROVE)
    if account.state == AccountState.CLOSED:
        raise account_closed()
    today = legal_date(work.now)
    if missing := requirements.missing(registration.role, registration.category, today):
        raise missing_requirements(missing)
    valid_until = await term_of(work, registration, today)
    registration.requirements = asdict(requirements)
    registration.note = note
    registration.valid_until = valid_until
    _sign(work, registration)
    work.journal("usage_registration", registration.id, Tag.REGISTRATION_APPROVE)
    if registration.organisation_id is not None:
        organisation = await confirm_organisation(work, registration, today, valid_until)
        await record_category(work, organisation, registration, today)
        work.journal("organisation", organisation.id, Tag.ORGANISATION_APPROVE)
    await give_membership(work, registration, today, valid_until)
    await tell_approved(work, context, registration, account)
    if account.state == AccountState.ACTIVE:
        work.emit(await activated(work, context, account, registration))
    return Decided(status=registration.status, valid_until=valid_until)


async def tell_approved(work: Work, context: CommandContext, registration: UsageRegistration, account: Account) -> None:
    """Send the link to set a password; to somebody who has one, the address of the sign-in page."""
    if account.state == AccountState.REGISTERED:
        # Who can sign in at the identity provider confirms the address there, and needs no password.
        page = "/register/confirm" if await identities.of_account(work.session, account.id) else "/password"
        link, expires_at = await open_link(work, context, account, "activate", registration.id, page=page)
    else:
        link, expires_at = context.page("/sign-in"), context.link_expiry(work.now)
    assert registration.valid_until is not None
    assert registration.decided_at is not None
    work.emit(
        UsageRegistrationApproved(
            usage_registration_id=registration.id,
            account_id=account.id,
            organisation_id=registration.organisation_id,
            role=registration.role,
            receipt_number=registration.receipt_number,
            approved_at=registration.decided_at,
            valid_until=registration.valid_until,
            sealed_link=context.sealer.seal(link),
            link_expires_at=expires_at,
            recipient=context.recipient(account),
        )
    )


async def send_back(work: Work, context: CommandContext, registration_id: UUID, items: Sequence[Item]) -> Decided:
    """Return it to the applicant with the things to mend (差戻し): an organisation's is a draft again."""
    registration, account = await _take(work, registration_id, Step.RETURN)
    requested = ask_to_mend(registration, items, context)
    link, expires_at = link_for_persons(context), None
    if registration.organisation_id is not None:
        link, expires_at = open_draft_link(work, context, await reopen(work, registration, account))
    work.journal(
        "usage_registration", registration.id, Tag.REGISTRATION_RETURN, {"codes": [item.code for item in items]}
    )
    work.emit(
        UsageRegistrationReturned(
            usage_registration_id=registration.id,
            account_id=account.id,
            role=registration.role,
            organisation_id=registration.organisation_id,
            receipt_number=registration.receipt_number,
            items=requested,
            recipient=context.recipient(account),
            returned_at=work.now,
            sealed_link=link,
            link_expires_at=expires_at,
        )
    )
    return Decided(status=registration.status)


async def reject(work: Work, context: CommandContext, registration_id: UUID, reason_code: str, reason: str) -> Decided:
    """Refuse it, with the reason (不承認)."""
    registration, account = await _take(work, registration_id, Step.REJECT)
    registration.reason_code, registration.reason = reason_code, reason
    _sign(work, registration)
    membership = await accounts.membership_of(work.session, account.id, registration.organisation_id, registration.role)
    if membership is not None and membership.usage_registration_id == registration.id:
        membership.state = MembershipState.REJECTED.value
    work.journal("usage_registration", registration.id, Tag.REGISTRATION_REJECT)
    work.emit(
        UsageRegistrationRejected(
            usage_registration_id=registration.id,
            account_id=account.id,
            role=registration.role,
            organisation_id=registration.organisation_id,
            receipt_number=registration.receipt_number,
            reason_code=reason_code,
            sealed_reason=context.sealer.seal(reason),
            recipient=context.recipient(account),
            rejected_at=work.now,
        )
    )
    return Decided(status=registration.status)


async def _take(work: Work, registration_id: UUID, step: Step) -> tuple[UsageRegistration, Account]:
    """The usage registration, locked and set to where `step` leads, and its applicant's account.

    Whatever the step is, there is nothing to mend while it is on the officer's desk or after they decided.
    Raises `NotFound`, `OwnRegistration`, or `Conflict` where the step is not possible.
    """
    # The draft's lock first, as handing in takes them.
    draft = await drafts.locked(work.session, registration_id)
    registration = await store.locked(work.session, registration_id)
    if registration is None or not sees(work.actor, Record.USAGE_REGISTRATION, registration.office):
        raise NotFound()
    account = await accounts.locked_account(work.session, registration.account_id)
    assert account.email is not None
    await require_other(work, Origin(account.id, registration.submitted_by, account.email))
    take_step(registration, step)
    close(work, draft)
    return registration, account


def _sign(work: Work, registration: UsageRegistration) -> None:
    sign(work, registration)
    registration.basis = Basis.OFFICER.value
