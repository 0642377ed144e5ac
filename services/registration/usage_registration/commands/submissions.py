"""Submission of a usage registration (利用申出), and again after it was returned."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from uuid import UUID

from services.registration.accounts.commands.people import new_person
from services.registration.accounts.domain.standing import AccountState, MembershipState
from services.registration.accounts.store import accounts
from services.registration.accounts.store import organisations as organisation_store
from services.registration.accounts.store.accounts import Account, Membership
from services.registration.accounts.store.organisations import Organisation
from services.registration.audit import Tag
from services.registration.authentication.commands.rate_limits import mail_goes_through
from services.registration.context import CommandContext
from services.registration.usage_registration.commands.agreements import Agreed, outdated
from services.registration.usage_registration.commands.completeness import (
    Declared,
    codes_of,
    document_ids,
    files_of,
    owners_for,
    require_complete,
)
from services.registration.usage_registration.commands.corrections import close
from services.registration.usage_registration.commands.decisions import advance
from services.registration.usage_registration.domain import receipt_number
from services.registration.usage_registration.domain.submitted_document import SubmittedDocument
from services.registration.usage_registration.domain.usage_registration import Status, Step
from services.registration.usage_registration.problems import AlreadyRegistered
from services.registration.usage_registration.schemas.decisions import Submitted
from services.registration.usage_registration.store import drafts
from services.registration.usage_registration.store import usage_registrations as store
from services.registration.usage_registration.store.usage_registrations import UsageRegistration
from shared.auth.actor import Actor
from shared.errors import NotFound
from shared.events.registration import UsageRegistrationSubmitted
from shared.ids import new_id
from shared.reference.offices import OFFICES, Office, office_for
from shared.work import Work


@dataclass(frozen=True, slots=True)
class DeclaredOrganisation:
    """An organisation as the applicant describes it."""

    corporate_number: str
    name: str
    name_kana: str | None
    address: str
    postal_code: str
    prefecture: str
    capital_yen: int
    employees: int


@dataclass(frozen=True, slots=True)
class Applicant:
    """The person who will use the account."""

    name: str
    email: str
    phone: str
    department: str | None
    language: str


@dataclass(frozen=True, slots=True)
class PledgedOrganisation:
    """An organisation that commissions a public-interest corporation or a registered support organisation."""

    corporate_number: str
    name: str


@dataclass(frozen=True, slots=True)
class Submission:
    """A usage registration to submit. `category` is the one that the organisation claims."""

    role: str
    organisation: DeclaredOrganisation
    category: str
    applicant: Applicant
    documents: Sequence[SubmittedDocument]
    pledged: Sequence[PledgedOrganisation] = ()
    agreed: Agreed = field(default_factory=dict)

    @property
    def declared(self) -> Declared:
        """The declarations that decide which documents are required."""
        return Declared(self.role, self.category, self.documents, [one.corporate_number for one in self.pledged])


async def submit(
    work: Work, context: CommandContext, submission: Submission, draft_id: UUID | None = None
) -> Submitted:
    """Take in a usage registration and give it a receipt number.

    Somebody who has signed in gets one more membership; others get a new account, which cannot sign in until
    an officer approves. What was a draft keeps its id, under which its files were uploaded.
    """
    await _require_complete(work, context, submission, draft_id)
    # With a draft, its link has shown that the address is theirs; signed in, the mail goes to the account's own.
    shown = draft_id is not None or work.actor.id is not None
    mailed = shown or await mail_goes_through(work.session, context, submission.applicant.email, work.now)
    organisation = await _organisation(work, submission.organisation)
    account = await _account(work, submission.applicant)
    registration_id = draft_id or new_id()
    await _apply_for_membership(work, account, organisation, submission, registration_id)
    office = office_for(submission.organisation.prefecture, work.today)
    registration = UsageRegistration(
        id=registration_id,
        receipt_number=await new_receipt_number(work, office),
        office=office.code,
        account_id=account.id,
        organisation_id=organisation.id,
        submitted_by=work.actor.id,
        role=submission.role,
        status=Status.SUBMITTED.value,
        declared=asdict(submission.organisation),
        category=submission.category,
        documents=codes_of(submission.documents),
        files=files_of(submission.documents),
        department=submission.applicant.department,
        pledged=[asdict(one) for one in submission.pledged] or None,
        agreements=context.agreements.in_force(work.today),
        submitted_at=work.now,
    )
    work.session.add(registration)
    work.journal("usage_registration", registration.id, Tag.REGISTRATION_SUBMIT, {"account_id": account.id})
    work.emit(submitted_event(context, registration, account, told_by_mail=mailed))
    return answer_of(registration, work.actor)


async def resubmit(
    work: Work, context: CommandContext, registration_id: UUID, receipt: str | None, submission: Submission
) -> Submitted:
    """Submit again what an officer returned.

    By its applicant, signed in; or by anyone who knows its id, its receipt number and the applicant's mail address: the
    applicant has no means to sign in yet. The mail address itself cannot be changed here, because the password link
    goes there.
    """
    draft = await drafts.locked(work.session, registration_id)
    registration = await store.locked(work.session, registration_id)
    if registration is None:
        raise NotFound()
    account = await accounts.locked_account(work.session, registration.account_id)
    if not may_resubmit(work.actor, registration, account, receipt, submission.applicant.email):
        raise NotFound()
    advance(registration, Step.RESUBMIT)
    # Another organisation or role is another usage registration.
    declared = registration.declared or {}
    same = (registration.role, declared.get("corporate_number"))
    if (submission.role, submission.organisation.corporate_number) != same:
        raise NotFound()
    await _require_complete(work, context, submission, registration.id)
    close(work, draft)
    registration.declared = asdict(submission.organisation)
    registration.category = submission.category
    registration.documents = codes_of(submission.documents)
    registration.files = files_of(submission.documents)
    registration.pledged = [asdict(one) for one in submission.pledged] or None
    registration.agreements = context.agreements.in_force(work.today)
    registration.department = submission.applicant.department
    registration.submitted_at = work.now
    if account.state == AccountState.REGISTERED:
        account.name, account.phone = submission.applicant.name, submission.applicant.phone
        account.revision += 1
    work.journal("usage_registration", registration.id, Tag.REGISTRATION_RESUBMIT)
    work.emit(submitted_event(context, registration, account))
    return answer_of(registration, work.actor)


def may_resubmit(
    actor: Actor, registration: UsageRegistration, account: Account, receipt: str | None, email: str | None
) -> bool:
    """Whether that is its applicant: signed in, or who knows the receipt number and the applicant's mail address."""
    same_address = (email or "").casefold() == (account.email or "").casefold()
    return actor.id == account.id or (receipt == registration.receipt_number and same_address)


async def _require_complete(
    work: Work, context: CommandContext, submission: Submission, record_id: UUID | None
) -> None:
    today, owners = work.today, owners_for(work.actor, record_id)
    changed = outdated(context, submission.agreed, today)
    await require_complete(work.session, "usage_registration", submission.declared, owners, today, changed)


async def _organisation(work: Work, declared: DeclaredOrganisation) -> Organisation:
    """The organisation of that corporate number. What is declared for one that is known waits for an officer."""
    known = await organisation_store.by_corporate_number(work.session, declared.corporate_number)
    if known is not None:
        return known
    organisation = Organisation(id=new_id(), created_at=work.now, confirmed_at=None, revision=1, **asdict(declared))
    work.session.add(organisation)
    await work.session.flush()
    return organisation


async def _account(work: Work, applicant: Applicant) -> Account:
    if work.actor.kind == "person" and work.actor.id is not None:
        return await accounts.locked_account(work.session, work.actor.id)
    return await new_person(
        work, name=applicant.name, email=applicant.email, phone=applicant.phone, language=applicant.language
    )


async def _apply_for_membership(
    work: Work, account: Account, organisation: Organisation, submission: Submission, registration_id: UUID
) -> None:
    membership = await accounts.membership_of(work.session, account.id, organisation.id, submission.role)
    if membership is None:
        membership = Membership(
            id=new_id(),
            account_id=account.id,
            organisation_id=organisation.id,
            role=submission.role,
            valid_from=None,
            valid_until=None,
        )
        work.session.add(membership)
    elif membership.state in (MembershipState.APPLIED, MembershipState.ACTIVE):
        raise AlreadyRegistered()
    membership.state = MembershipState.APPLIED.value
    membership.department = submission.applicant.department
    membership.usage_registration_id = registration_id


async def new_receipt_number(work: Work, office: Office) -> str:
    """The next receipt number of an office."""
    today = work.today
    serial = await store.next_serial(work.session, office.code, today.year)
    return receipt_number.make(office.prefix, OFFICES.rows.index(office), today.year, serial)


def submitted_event(
    context: CommandContext, registration: UsageRegistration, account: Account, *, told_by_mail: bool = True
) -> UsageRegistrationSubmitted:
    """The event for a usage registration that was submitted."""
    return UsageRegistrationSubmitted(
        usage_registration_id=registration.id,
        account_id=account.id,
        organisation_id=registration.organisation_id,
        role=registration.role,
        office=registration.office,
        receipt_number=registration.receipt_number,
        recipient=context.recipient(account),
        submitted_at=registration.submitted_at,
        document_ids=document_ids(registration.files),
        told_by_mail=told_by_mail,
    )


def answer_of(registration: UsageRegistration, actor: Actor) -> Submitted:
    """The answer to the submitter; the account and organisation it led to are shown to the account's owner alone."""
    own = actor.id is not None and actor.id == registration.account_id
    return Submitted(
        id=registration.id,
        receipt_number=registration.receipt_number,
        status=registration.status,
        organisation_id=registration.organisation_id if own else None,
        account_id=registration.account_id if own else None,
    )
