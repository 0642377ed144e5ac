"""Registering as a person (利用者情報登録), with a ticket of somebody who proved who they are.

The same command registers for the first time, adds a class to an account, renews one that ends soon, submits again
what an officer returned, and corrects a mail address that was never confirmed: the identity says whose it is.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.registration.accounts.commands.people import new_person
from services.registration.accounts.domain.standing import AccountState, MembershipState
from services.registration.accounts.store import accounts
from services.registration.accounts.store.accounts import Account, Membership
from services.registration.audit import Tag
from services.registration.authentication.adapters.id_tokens import Person
from services.registration.authentication.commands.identity_requests import (
    add_identity,
    files_owner,
    holder_of,
    person_of_ticket,
)
from services.registration.authentication.commands.rate_limits import Counter, charge_all
from services.registration.authentication.domain.throttle import OWN_EMAIL
from services.registration.authentication.problems import AccountStopped, IdentityTaken
from services.registration.authentication.store import identities
from services.registration.context import CommandContext, secret_digest
from services.registration.usage_registration.commands.activation import activated
from services.registration.usage_registration.commands.approvals import give_membership
from services.registration.usage_registration.commands.completeness import codes_of, file_points, files_of
from services.registration.usage_registration.commands.personal_terms import begins_on
from services.registration.usage_registration.commands.registration_decisions import notify_approved
from services.registration.usage_registration.commands.submissions import new_receipt_number, submitted_event
from services.registration.usage_registration.domain.personal_registration import (
    Basis,
    Declared,
    acts_for_unable,
    last_day,
    may_register_again,
    too_young,
)
from services.registration.usage_registration.domain.submitted_document import SubmittedDocument
from services.registration.usage_registration.domain.usage_registration import Status, Step, after
from services.registration.usage_registration.problems import (
    CannotRegister,
    TicketNotValid,
    already_registered,
    missing_documents,
)
from services.registration.usage_registration.schemas.personal_registrations import PersonallyRegistered
from services.registration.usage_registration.store import usage_registrations as store
from services.registration.usage_registration.store.usage_registrations import UsageRegistration
from shared.errors import FieldProblem, Invalid, Text
from shared.ids import new_id
from shared.reference.offices import office_for
from shared.reference.usage_documents import required_usage_documents
from shared.reference.user_classes import user_class
from shared.work import Work


@dataclass(frozen=True, slots=True)
class PersonalForm:
    """The person's declarations, in JSON's types. Mail address and telephone are asked of people without an account."""

    role: str
    email: str | None
    phone: str | None
    language: str
    prefecture: str
    documents: Sequence[SubmittedDocument]
    professional: Mapping[str, Any] | None
    representation: Mapping[str, Any] | None


async def register(work: Work, context: CommandContext, ticket: str, form: PersonalForm) -> PersonallyRegistered:
    """Take in the registration. The ticket is used up, unless this raises."""
    sealed = await identities.take_ticket(work.session, secret_digest(ticket), work.now)
    if sealed is None:
        raise TicketNotValid()
    person, today = person_of_ticket(context, sealed), work.today
    if too_young(form.role, person.birth_date, today):
        raise CannotRegister()
    personal = _declared(person, form)
    _require_complete(form, personal, today)
    if flaws := await file_points(work.session, form.documents, {files_owner(context, person)}):
        raise Invalid(fields=flaws)
    account = await _account(work, person, form)
    if account.state != AccountState.ACTIVE:
        # The address is one that the person merely names.
        named = Counter("register:identity", context.digest(f"{person.issuer}\n{person.subject}"), OWN_EMAIL)
        await charge_all(work.session, [named], work.now)
    waiting = await store.open_personal(work.session, account.id, form.role)
    if waiting is not None:
        waiting.agreements = _agreed_now(context, today)
        return _resubmit(work, context, account, waiting, form, personal)
    membership = await accounts.membership_of(work.session, account.id, None, form.role)
    if membership is not None and not may_register_again(membership.state, membership.valid_until, today):
        return await _mail_again(work, context, account, membership)
    declared = Declared.read(personal)
    last = last_day(form.role, declared, today, begins_on(membership, today))
    if last < today:
        raise _over(form)
    registration = await _registration(work, account, form, personal, today)
    registration.agreements = _agreed_now(context, today)
    _apply(work, account, membership, registration)
    work.journal("usage_registration", registration.id, Tag.REGISTRATION_SUBMIT, {"account_id": account.id})
    if user_class(form.role, today).examined:
        work.emit(submitted_event(context, registration, account))
        return _answer(registration, account)
    # One mail, about the approval: there is nothing to wait for.
    registration.status, registration.basis = Status.APPROVED.value, Basis.IDENTITY.value
    registration.decided_at, registration.valid_until = work.now, last
    await work.session.flush()
    work.journal("usage_registration", registration.id, Tag.REGISTRATION_APPROVE, {"basis": Basis.IDENTITY.value})
    await give_membership(work, registration, today, last)
    await notify_approved(work, context, registration, account)
    if account.state == AccountState.ACTIVE:
        work.emit(await activated(work, context, account, registration))
    return _answer(registration, account)


def _agreed_now(context: CommandContext, today: date) -> dict[str, str]:
    return {"terms": context.agreements.in_force(today)["terms"]}


def _declared(person: Person, form: PersonalForm) -> dict[str, Any]:
    """The stored declarations: the identity provider's word comes first, whatever the form contains."""
    return {
        "name": person.name,
        "birth_date": person.birth_date.isoformat(),
        "professional": dict(form.professional) if form.professional else None,
        "representation": dict(form.representation) if form.representation else None,
    }


def _require_complete(form: PersonalForm, personal: dict[str, Any], today: date) -> None:
    """Raise `Invalid` for parts that the class asks for and were not given, or the other way round."""
    row = user_class(form.role, today)
    flaws = []
    for name, asked, given in (
        ("professional", row.by_certificate, form.professional),
        ("representation", bool(row.relations), form.representation),
    ):
        if asked and given is None:
            flaws.append(FieldProblem(f"/{name}", "required", Text("必須項目です", "Enter or choose a value")))
        if given is not None and not asked:
            text = Text("この利用者区分では入力しません", "This user class does not give this")
            flaws.append(FieldProblem(f"/{name}", "not-asked", text))
    if form.representation and row.relations and form.representation["kind"] not in row.relations:
        text = Text("この利用者区分の関係を選んでください", "Choose a relation of this user class")
        flaws.append(FieldProblem("/representation/kind", "not-a-choice", text))
    if flaws:
        raise Invalid(fields=flaws)
    unable = acts_for_unable(form.role, Declared.read(personal), today)
    required = required_usage_documents("usage_registration", form.role, today, unable=unable)
    if missing := [code for code in required if code not in codes_of(form.documents)]:
        raise missing_documents(missing)


async def _account(work: Work, person: Person, form: PersonalForm) -> Account:
    """The account to which the identity leads, or a new one."""
    account = await holder_of(work, person)
    if account is not None and account.kind != "person":
        raise IdentityTaken()
    if account is not None and account.state == AccountState.SUSPENDED:
        raise AccountStopped()
    if account is not None and account.state == AccountState.ACTIVE:
        if form.email is not None and form.email.casefold() != (account.email or "").casefold():
            text = Text("登録済みのメールアドレスはここでは変更できません", "Change your email address in your account")
            raise Invalid(fields=[FieldProblem("/email", "email-not-here", text)])
        return account
    if form.email is None or form.phone is None:
        names = [name for name in ("email", "phone") if getattr(form, name) is None]
        text = Text("必須項目です", "Enter or choose a value")
        raise Invalid(fields=[FieldProblem(f"/{name}", "required", text) for name in names])
    if account is not None:
        # Nobody has used a link yet: the address may have been mistyped.
        account.email, account.phone, account.language = form.email, form.phone, form.language
        account.revision += 1
        return account
    account = await new_person(work, name=person.name, email=form.email, phone=form.phone, language=form.language)
    add_identity(work, account, person)
    return account


async def _registration(
    work: Work, account: Account, form: PersonalForm, personal: dict[str, Any], today: date
) -> UsageRegistration:
    office = office_for(form.prefecture, today)
    registration = UsageRegistration(
        id=new_id(),
        receipt_number=await new_receipt_number(work, office),
        office=office.code,
        account_id=account.id,
        role=form.role,
        status=Status.SUBMITTED.value,
        documents=codes_of(form.documents),
        files=files_of(form.documents),
        submitted_at=work.now,
        personal=json.dumps(personal, ensure_ascii=False),
    )
    work.session.add(registration)
    return registration


def _apply(work: Work, account: Account, membership: Membership | None, registration: UsageRegistration) -> None:
    """Apply for the class. One that is still valid stays so while its renewal is examined, also if that is refused."""
    if membership is None:
        work.session.add(
            Membership(
                id=new_id(),
                account_id=account.id,
                organisation_id=None,
                role=registration.role,
                state=MembershipState.APPLIED.value,
                department=None,
                valid_from=None,
                valid_until=None,
                usage_registration_id=registration.id,
            )
        )
    elif membership.state != MembershipState.ACTIVE:
        membership.state = MembershipState.APPLIED.value
        membership.usage_registration_id = registration.id


def _resubmit(
    work: Work,
    context: CommandContext,
    account: Account,
    registration: UsageRegistration,
    form: PersonalForm,
    personal: dict[str, Any],
) -> PersonallyRegistered:
    if registration.status != Status.RETURNED:
        raise already_registered()
    registration.status = after(Status.RETURNED, Step.RESUBMIT).value
    registration.documents, registration.files = codes_of(form.documents), files_of(form.documents)
    registration.personal = json.dumps(personal, ensure_ascii=False)
    registration.submitted_at = work.now
    registration.revision += 1
    work.journal("usage_registration", registration.id, Tag.REGISTRATION_RESUBMIT)
    work.emit(submitted_event(context, registration, account))
    return _answer(registration, account)


async def _mail_again(
    work: Work, context: CommandContext, account: Account, membership: Membership
) -> PersonallyRegistered:
    """Another link for who has the class already but never used one, to the address that the form names now."""
    registration = await store.usage_registration(work.session, membership.usage_registration_id)
    if account.state != AccountState.REGISTERED or registration is None or registration.status != Status.APPROVED:
        raise already_registered()
    work.journal("account", account.id, Tag.LINK_SEND)
    await notify_approved(work, context, registration, account)
    return _answer(registration, account)


def _over(form: PersonalForm) -> Invalid:
    if form.professional is not None:
        text = Text("届出済証明書の有効期限が過ぎています", "The certificate has run out")
        return Invalid(fields=[FieldProblem("/professional/certificate_valid_until", "certificate-over", text)])
    text = Text("対象者の年齢により、この区分では登録できません", "Whom you act for is too old for this user class")
    return Invalid(fields=[FieldProblem("/representation/people", "too-old", text)])


def _answer(registration: UsageRegistration, account: Account) -> PersonallyRegistered:
    return PersonallyRegistered(
        id=registration.id,
        receipt_number=registration.receipt_number,
        status=registration.status,
        valid_until=registration.valid_until,
        confirm_by_mail=registration.status == Status.APPROVED and account.state == AccountState.REGISTERED,
    )
