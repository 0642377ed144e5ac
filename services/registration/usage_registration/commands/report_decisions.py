"""What the approving officer does with a periodic report (定期報告): accept, return, refuse."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from uuid import UUID

from sqlalchemy import and_, or_, select

from services.registration.accounts.commands.categories import put_category
from services.registration.accounts.domain.standing import AccountState, MembershipState
from services.registration.accounts.schemas.answers import Decided
from services.registration.accounts.store import accounts, organisations
from services.registration.accounts.store.accounts import Account, Membership
from services.registration.audit import Tag
from services.registration.context import CommandContext
from services.registration.usage_registration.commands.activation import activated
from services.registration.usage_registration.commands.decisions import (
    Item,
    ask_to_mend,
    require_other,
    sign,
    take_step,
)
from services.registration.usage_registration.domain.usage_registration import Origin, Requirements, Step
from services.registration.usage_registration.problems import missing_requirements
from services.registration.usage_registration.store import periodic_reports
from services.registration.usage_registration.store.periodic_reports import PeriodicReport
from services.registration.usage_registration.store.usage_registrations import UsageRegistration
from shared.auth import Record, sees
from shared.clock import legal_date
from shared.errors import NotFound
from shared.events.registration import PeriodicReportApproved, PeriodicReportRejected, PeriodicReportReturned
from shared.reference.organisations import registration_validity, treated_as
from shared.work import Work

REASON = "periodic_report_approved"


async def approve(
    work: Work, context: CommandContext, report_id: UUID, requirements: Requirements, note: str | None
) -> Decided:
    """Accept it: the organisation's approval and every membership in the role go on from the end of the term."""
    row, filer = await _take(work, report_id, Step.APPROVE)
    today = legal_date(work.now)
    if missing := requirements.missing(row.role, row.category, today):
        raise missing_requirements(missing)
    valid_until = registration_validity(today, row.term_ends).valid_until
    row.requirements, row.note, row.valid_until = asdict(requirements), note, valid_until
    sign(work, row)
    work.journal("periodic_report", row.id, Tag.REPORT_APPROVE)
    approval = await organisations.approval_of(work.session, row.organisation_id, row.role)
    assert approval is not None
    approval.valid_until = max(approval.valid_until, valid_until)
    work.journal("organisation", row.organisation_id, Tag.ORGANISATION_APPROVE)
    treated = treated_as(row.category, registration_approved=True, report_approved=True)
    await put_category(work, row.organisation_id, row.category, treated.value, today, REASON)
    work.emit(
        PeriodicReportApproved(
            organisation_id=row.organisation_id,
            role=row.role,
            periodic_report_id=row.id,
            account_id=filer.id,
            receipt_number=row.receipt_number,
            approved_at=work.now,
            valid_until=valid_until,
            recipient=context.recipient(filer),
        )
    )
    await _prolong(work, context, row, valid_until)
    return Decided(status=row.status, valid_until=valid_until)


async def send_back(work: Work, context: CommandContext, report_id: UUID, items: Sequence[Item]) -> Decided:
    """Return it to the organisation with the things to mend (差戻し)."""
    row, filer = await _take(work, report_id, Step.RETURN)
    requested = ask_to_mend(row, items, context)
    work.journal("periodic_report", row.id, Tag.REPORT_RETURN, {"codes": [item.code for item in items]})
    work.emit(
        PeriodicReportReturned(
            organisation_id=row.organisation_id,
            role=row.role,
            periodic_report_id=row.id,
            account_id=filer.id,
            receipt_number=row.receipt_number,
            items=requested,
            recipient=context.recipient(filer),
            returned_at=work.now,
        )
    )
    return Decided(status=row.status)


async def reject(work: Work, context: CommandContext, report_id: UUID, reason_code: str, reason: str) -> Decided:
    """Refuse it, with the reason. Another report may be handed in as long as the term lasts."""
    row, filer = await _take(work, report_id, Step.REJECT)
    row.reason_code, row.reason = reason_code, reason
    sign(work, row)
    work.journal("periodic_report", row.id, Tag.REPORT_REJECT)
    work.emit(
        PeriodicReportRejected(
            organisation_id=row.organisation_id,
            role=row.role,
            periodic_report_id=row.id,
            account_id=filer.id,
            receipt_number=row.receipt_number,
            reason_code=reason_code,
            sealed_reason=context.sealer.seal(reason),
            recipient=context.recipient(filer),
            rejected_at=work.now,
        )
    )
    return Decided(status=row.status)


async def _prolong(work: Work, context: CommandContext, row: PeriodicReport, valid_until: date) -> None:
    """Move the end of every membership in the role, also of those that ended while the report was examined."""
    # What is mended after the term was handed in before its end.
    in_time = min(legal_date(row.submitted_at), row.term_ends)
    found = await work.session.execute(
        select(Membership, Account, UsageRegistration)
        .join(Account, Account.id == Membership.account_id)
        .join(UsageRegistration, UsageRegistration.id == Membership.usage_registration_id)
        .where(
            Membership.organisation_id == row.organisation_id,
            Membership.role == row.role,
            Membership.valid_until < valid_until,
            or_(
                Membership.state == MembershipState.ACTIVE,
                and_(Membership.state == MembershipState.EXPIRED, Membership.valid_until >= in_time),
            ),
        )
        .order_by(Membership.id)
        .with_for_update(of=Membership)
    )
    rows = list(found)
    for membership, _, _ in rows:
        membership.state = MembershipState.ACTIVE.value
        membership.valid_until = valid_until
    await work.session.flush()
    for _, account, registration in rows:
        if account.state == AccountState.ACTIVE:
            work.emit(await activated(work, context, account, registration, valid_until))


async def _take(work: Work, report_id: UUID, step: Step) -> tuple[PeriodicReport, Account]:
    """The report, locked and set to where `step` leads, and the account of who filed it."""
    row = await periodic_reports.locked(work.session, report_id)
    if row is None or not sees(work.actor, Record.PERIODIC_REPORT, row.office):
        raise NotFound()
    filer = await accounts.account(work.session, row.account_id)
    assert filer is not None
    assert filer.email is not None
    await require_other(work, Origin(filer.id, None, filer.email))
    take_step(row, step)
    return row, filer
