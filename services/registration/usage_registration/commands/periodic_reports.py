"""The periodic report (定期報告) from the organisation's side: once per organisation and role, by any one member."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from uuid import UUID

from services.registration.accounts.domain.standing import MembershipState
from services.registration.accounts.store import accounts, organisations
from services.registration.accounts.store.accounts import Account, Membership
from services.registration.accounts.store.organisations import Organisation
from services.registration.audit import Tag
from services.registration.authentication.problems import RegistrationLapsed
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
from services.registration.usage_registration.commands.decisions import advance
from services.registration.usage_registration.commands.document_list import document_list
from services.registration.usage_registration.commands.submissions import PledgedOrganisation
from services.registration.usage_registration.domain import receipt_number
from services.registration.usage_registration.domain.submitted_document import SubmittedDocument
from services.registration.usage_registration.domain.usage_registration import Status, Step
from services.registration.usage_registration.problems import ReportKnown, ReportNotOpen
from services.registration.usage_registration.schemas.periodic_reports import ReportDue, ReportSubmitted
from services.registration.usage_registration.store import periodic_reports
from services.registration.usage_registration.store.periodic_reports import PeriodicReport
from services.registration.usage_registration.store.usage_registrations import next_serial
from shared.auth.actor import Actor, Role
from shared.db import ReadSession
from shared.errors import FieldProblem, Invalid, NotFound, Text
from shared.events.registration import PeriodicReportSubmitted
from shared.ids import new_id
from shared.reference.offices import OFFICES, office_for
from shared.reference.organisations import report_window
from shared.reference.usage_documents import ORGANISATION_ROLES, required_usage_documents
from shared.work import Work


@dataclass(frozen=True, slots=True)
class Report:
    """A periodic report to submit. `role` is None where the reporter holds one role alone."""

    role: str | None
    category: str
    documents: Sequence[SubmittedDocument]
    pledged: Sequence[PledgedOrganisation]
    agreed: Agreed = field(default_factory=dict)


def role_of(actor: Actor, wanted: str | None) -> str:
    """The role that is reported for: the one named, else the only one held. Raises `Invalid`."""
    held = sorted(role.value for role in actor.roles if role.value in ORGANISATION_ROLES)
    if wanted is None and len(held) == 1:
        return held[0]
    if wanted is None or wanted not in held:
        text = Text("利用者区分を指定してください", "Name one of the roles that you act in")
        raise Invalid(fields=[FieldProblem("/role", "role-not-held", text)])
    return wanted


async def due(session: ReadSession, actor: Actor, wanted: str | None, category: str | None, today: date) -> ReportDue:
    """The next periodic report of the caller's organisation."""
    role = role_of(actor, wanted)
    found = await accounts.memberships(session, actor.id) if actor.id else ()
    acting = (row for row in found if (row.organisation_id, row.role) == (actor.organisation_id, role))
    membership = next(acting, None)
    if membership is None or membership.valid_until is None or membership.organisation_id is None:
        raise NotFound()
    window = report_window(membership.valid_until, today)
    report = await periodic_reports.last_for(session, membership.organisation_id, role, membership.valid_until)
    last = await periodic_reports.newest(session, membership.organisation_id, role)
    return ReportDue(
        organisation_id=membership.organisation_id,
        role=role,
        valid_until=membership.valid_until,
        opens_on=window.opens_on,
        due_on=window.due_on,
        is_open=window.opens_on <= today <= window.closes_on,
        documents=list(required_usage_documents("periodic_report", role, today, category=category, pledged=1)),
        document_list=await document_list(session, "periodic_report", role, category, 1, (), today),
        report_id=report.id if report else None,
        report_status=report.status if report else None,
        submitted_at=report.submitted_at if report else None,
        last_report_id=last.id if last else None,
    )


def files_owner(context: CommandContext, organisation_id: UUID, role: str) -> UUID:
    """The owner of files sent for an organisation's report: the same for every member in the role."""
    return UUID(bytes=context.digest(f"report files:{organisation_id}\n{role}")[:16], version=5)


async def submit(work: Work, context: CommandContext, report: Report) -> ReportSubmitted:
    """Take in the report of this term and give it a receipt number.

    Raises `RegistrationLapsed`, `ReportNotOpen`, `ReportKnown`, or `Invalid`.
    """
    today = work.today
    role = role_of(work.actor, report.role)
    account, organisation, membership = await _reporter(work, role)
    term_ends = membership.valid_until
    assert term_ends is not None
    if membership.state != MembershipState.ACTIVE or today > term_ends:
        raise RegistrationLapsed()
    window = report_window(term_ends, today)
    if not window.opens_on <= today <= window.closes_on:
        raise ReportNotOpen(
            Text("{opens_on}から提出できます", "It can be submitted from {opens_on}").with_values(
                opens_on=window.opens_on
            )
        )
    await _require_complete(work, context, role, report, today)
    known = await periodic_reports.last_for(work.session, organisation.id, role, term_ends)
    if known is not None and known.status != Status.REJECTED:
        raise ReportKnown()
    office = office_for(organisation.prefecture, today)
    # A series of its own: the numbers of usage registrations stay without gaps.
    serial = await next_serial(work.session, f"{office.code}:report", today.year)
    row = PeriodicReport(
        id=new_id(),
        receipt_number=receipt_number.make(office.prefix, OFFICES.rows.index(office), today.year, serial, kind="定報"),
        office=office.code,
        organisation_id=organisation.id,
        role=role,
        account_id=account.id,
        term_ends=term_ends,
        status=Status.SUBMITTED.value,
        category=report.category,
        documents=codes_of(report.documents),
        files=files_of(report.documents),
        pledged=[asdict(one) for one in report.pledged] or None,
        agreements=_agreed_now(context, today),
        submitted_at=work.now,
    )
    work.session.add(row)
    work.journal("periodic_report", row.id, Tag.REPORT_SUBMIT, {"organisation_id": organisation.id})
    work.emit(_submitted(context, row, account))
    return _answer(row, late=today > window.due_on)


async def resubmit(work: Work, context: CommandContext, report_id: UUID, report: Report) -> ReportSubmitted:
    """Submit again what an officer returned; any member in that role may correct it.

    Also after the term: what was submitted before its end was in time, however long it is examined.
    """
    today = work.today
    row = await periodic_reports.locked(work.session, report_id)
    if row is None or row.organisation_id != work.actor.organisation_id or Role(row.role) not in work.actor.roles:
        raise NotFound()
    role = role_of(work.actor, report.role or row.role)
    if role != row.role:
        raise NotFound()
    account, _, _ = await _reporter(work, role)
    advance(row, Step.RESUBMIT)
    await _require_complete(work, context, role, report, today)
    row.account_id = account.id
    row.category, row.documents = report.category, codes_of(report.documents)
    row.files = files_of(report.documents)
    row.pledged = [asdict(one) for one in report.pledged] or None
    row.agreements = _agreed_now(context, today)
    row.submitted_at = work.now
    work.journal("periodic_report", row.id, Tag.REPORT_RESUBMIT)
    work.emit(_submitted(context, row, account))
    return _answer(row, late=today > report_window(row.term_ends, today).due_on)


async def _reporter(work: Work, role: str) -> tuple[Account, Organisation, Membership]:
    """The reporter's account, organisation and membership, whose term is set and may be over.

    Two who report at once wait for each other.
    """
    held = work.actor.organisation_id
    organisation = await organisations.locked(work.session, held) if held else None
    if organisation is None or work.actor.id is None:
        raise NotFound()
    account = await accounts.account(work.session, work.actor.id)
    membership = await accounts.membership_of(work.session, work.actor.id, organisation.id, role)
    if account is None or membership is None or membership.valid_until is None:
        raise NotFound()
    return account, organisation, membership


async def _require_complete(work: Work, context: CommandContext, role: str, report: Report, today: date) -> None:
    declared = Declared(role, report.category, report.documents, [one.corporate_number for one in report.pledged])
    assert work.actor.organisation_id is not None
    owners = owners_for(work.actor, files_owner(context, work.actor.organisation_id, role))
    changed = outdated(context, report.agreed, today)
    await require_complete(work.session, "periodic_report", declared, owners, today, changed)


def _agreed_now(context: CommandContext, today: date) -> dict[str, str]:
    return {"pledge": context.agreements.in_force(today)["pledge"]}


def _submitted(context: CommandContext, row: PeriodicReport, account: Account) -> PeriodicReportSubmitted:
    return PeriodicReportSubmitted(
        organisation_id=row.organisation_id,
        periodic_report_id=row.id,
        account_id=account.id,
        receipt_number=row.receipt_number,
        recipient=context.recipient(account),
        submitted_at=row.submitted_at,
        document_ids=document_ids(row.files),
        role=row.role,
        office=row.office,
    )


def _answer(row: PeriodicReport, *, late: bool) -> ReportSubmitted:
    return ReportSubmitted(id=row.id, receipt_number=row.receipt_number, status=row.status, late=late)
