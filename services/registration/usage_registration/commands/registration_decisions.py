"""The decision on a usage registration (利用申出), and what follows from it."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.registration.accounts.domain.standing import AccountState, MembershipState
from services.registration.accounts.store import accounts
from services.registration.accounts.store.accounts import Account
from services.registration.audit import Tag
from services.registration.authentication.commands.password_links import issue_link
from services.registration.authentication.store import identities
from services.registration.context import CommandContext
from services.registration.usage_registration.commands import usage_registration_views
from services.registration.usage_registration.commands.activation import activated
from services.registration.usage_registration.commands.approvals import (
    confirm_organisation,
    give_membership,
    record_category,
)
from services.registration.usage_registration.commands.corrections import close, link_for_persons, reopen
from services.registration.usage_registration.commands.decisions import Decisions, DecisionTags
from services.registration.usage_registration.commands.draft_links import issue_link as issue_draft_link
from services.registration.usage_registration.commands.personal_terms import term_of
from services.registration.usage_registration.domain.personal_registration import Basis
from services.registration.usage_registration.domain.usage_registration import Origin
from services.registration.usage_registration.problems import account_closed
from services.registration.usage_registration.schemas.usage_registration_views import RegistrationView
from services.registration.usage_registration.store import drafts
from services.registration.usage_registration.store import usage_registrations as store
from services.registration.usage_registration.store.usage_registrations import UsageRegistration
from shared.auth import Record
from shared.db import ReadSession
from shared.events.fields import RequestedItem
from shared.events.registration import UsageRegistrationApproved, UsageRegistrationRejected, UsageRegistrationReturned
from shared.work import Work


class UsageRegistrationKind:
    """Usage registrations, as records that officers decide on."""

    aggregate = "usage_registration"
    record = Record.USAGE_REGISTRATION
    table = UsageRegistration
    tags = DecisionTags(Tag.REGISTRATION_APPROVE, Tag.REGISTRATION_RETURN, Tag.REGISTRATION_REJECT)

    async def lines(self, session: ReadSession, rows: Sequence[UsageRegistration]) -> list[dict[str, Any]]:
        return [usage_registration_views.line(row) for row in rows]

    async def read(self, work: Work, record_id: UUID) -> RegistrationView:
        return await usage_registration_views.read(work, record_id)

    async def locked(self, work: Work, record_id: UUID) -> UsageRegistration | None:
        """The row, and its draft: there is nothing to correct while an officer examines it, or after they decided."""
        # The draft's lock first, as submitting takes them.
        draft = await drafts.locked(work.session, record_id)
        registration = await store.locked(work.session, record_id)
        if registration is not None:
            close(work, draft)
        return registration

    async def applicant(self, work: Work, row: UsageRegistration) -> tuple[Account, Origin]:
        account = await accounts.locked_account(work.session, row.account_id)
        return account, usage_registration_views.origin_of(row, account)

    def require_approvable(self, applicant: Account) -> None:
        if applicant.state == AccountState.CLOSED:
            raise account_closed()

    async def term(self, work: Work, row: UsageRegistration, today: date) -> date:
        return await term_of(work, row, today)

    async def approved(
        self, work: Work, context: CommandContext, row: UsageRegistration, applicant: Account, valid_until: date
    ) -> None:
        """The membership and the organisation's approval become valid, and the password link goes out."""
        row.basis = Basis.OFFICER.value
        if row.organisation_id is not None:
            organisation = await confirm_organisation(work, row, work.today, valid_until)
            await record_category(work, organisation, row, work.today)
            work.journal("organisation", organisation.id, Tag.ORGANISATION_APPROVE)
        await give_membership(work, row, work.today, valid_until)
        await notify_approved(work, context, row, applicant)
        if applicant.state == AccountState.ACTIVE:
            work.emit(await activated(work, context, applicant, row))

    async def returned(
        self,
        work: Work,
        context: CommandContext,
        row: UsageRegistration,
        applicant: Account,
        items: tuple[RequestedItem, ...],
    ) -> UsageRegistrationReturned:
        """An organisation's is a draft again."""
        link, expires_at = link_for_persons(context), None
        if row.organisation_id is not None:
            link, expires_at = issue_draft_link(work, context, await reopen(work, row, applicant))
        return UsageRegistrationReturned(
            usage_registration_id=row.id,
            account_id=applicant.id,
            role=row.role,
            organisation_id=row.organisation_id,
            receipt_number=row.receipt_number,
            items=items,
            recipient=context.recipient(applicant),
            returned_at=work.now,
            sealed_link=link,
            link_expires_at=expires_at,
        )

    async def rejected(
        self, work: Work, context: CommandContext, row: UsageRegistration, applicant: Account, reason: str
    ) -> UsageRegistrationRejected:
        row.basis = Basis.OFFICER.value
        assert row.reason_code is not None
        membership = await accounts.membership_of(work.session, applicant.id, row.organisation_id, row.role)
        if membership is not None and membership.usage_registration_id == row.id:
            membership.state = MembershipState.REJECTED.value
        return UsageRegistrationRejected(
            usage_registration_id=row.id,
            account_id=applicant.id,
            role=row.role,
            organisation_id=row.organisation_id,
            receipt_number=row.receipt_number,
            reason_code=row.reason_code,
            sealed_reason=work.seal(reason),
            recipient=context.recipient(applicant),
            rejected_at=work.now,
        )


DECISIONS = Decisions(UsageRegistrationKind())


async def notify_approved(
    work: Work, context: CommandContext, registration: UsageRegistration, account: Account
) -> None:
    """Send the link to set a password; to somebody who has one, the address of the sign-in page."""
    if account.state == AccountState.REGISTERED:
        # Who can sign in at the identity provider confirms the address there, and needs no password.
        page = "/register/confirm" if await identities.of_account(work.session, account.id) else "/password"
        link, expires_at = await issue_link(work, context, account, "activate", registration.id, page=page)
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
