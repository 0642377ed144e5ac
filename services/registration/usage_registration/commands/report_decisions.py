"""The decision on a periodic report (定期報告), and what follows from it."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.registration.accounts.commands.categories import put_category
from services.registration.accounts.domain.standing import AccountState, MembershipState
from services.registration.accounts.store import accounts, organisations
from services.registration.accounts.store.accounts import Account
from services.registration.audit import Tag
from services.registration.context import CommandContext
from services.registration.usage_registration.commands import periodic_report_views
from services.registration.usage_registration.commands.activation import activated
from services.registration.usage_registration.commands.decisions import Decisions, DecisionTags
from services.registration.usage_registration.domain.usage_registration import Origin
from services.registration.usage_registration.schemas.periodic_report_views import ReportView
from services.registration.usage_registration.store import periodic_reports
from services.registration.usage_registration.store.periodic_reports import PeriodicReport
from shared.auth import Record
from shared.clock import legal_date
from shared.db import ReadSession
from shared.events.fields import RequestedItem
from shared.events.registration import PeriodicReportApproved, PeriodicReportRejected, PeriodicReportReturned
from shared.reference.organisations import registration_validity, treated_as
from shared.work import Work

REASON = "periodic_report_approved"


class PeriodicReportKind:
    """Periodic reports, as records that officers decide on."""

    aggregate = "periodic_report"
    record = Record.PERIODIC_REPORT
    table = PeriodicReport
    tags = DecisionTags(Tag.REPORT_APPROVE, Tag.REPORT_RETURN, Tag.REPORT_REJECT)

    async def lines(self, session: ReadSession, rows: Sequence[PeriodicReport]) -> list[dict[str, Any]]:
        return await periodic_report_views.lines(session, rows)

    async def read(self, work: Work, record_id: UUID) -> ReportView:
        return await periodic_report_views.read(work, record_id)

    async def locked(self, work: Work, record_id: UUID) -> PeriodicReport | None:
        return await periodic_reports.locked(work.session, record_id)

    async def applicant(self, work: Work, row: PeriodicReport) -> tuple[Account, Origin]:
        filer = await accounts.account(work.session, row.account_id)
        assert filer is not None
        return filer, periodic_report_views.origin_of(filer)

    def require_approvable(self, applicant: Account) -> None:
        """It is the organisation's: any of its members goes on."""

    async def term(self, work: Work, row: PeriodicReport, today: date) -> date:
        return registration_validity(today, row.term_ends).valid_until

    async def approved(
        self, work: Work, context: CommandContext, row: PeriodicReport, applicant: Account, valid_until: date
    ) -> None:
        """The organisation's approval and every membership in the role go on from the end of the term."""
        approval = await organisations.approval_of(work.session, row.organisation_id, row.role)
        assert approval is not None
        approval.valid_until = max(approval.valid_until, valid_until)
        work.journal("organisation", row.organisation_id, Tag.ORGANISATION_APPROVE)
        treated = treated_as(row.category, registration_approved=True, report_approved=True)
        await put_category(work, row.organisation_id, row.category, treated.value, work.today, REASON)
        work.emit(
            PeriodicReportApproved(
                organisation_id=row.organisation_id,
                role=row.role,
                periodic_report_id=row.id,
                account_id=applicant.id,
                receipt_number=row.receipt_number,
                approved_at=work.now,
                valid_until=valid_until,
                recipient=context.recipient(applicant),
            )
        )
        await _prolong(work, context, row, valid_until)

    async def returned(
        self,
        work: Work,
        context: CommandContext,
        row: PeriodicReport,
        applicant: Account,
        items: tuple[RequestedItem, ...],
    ) -> PeriodicReportReturned:
        return PeriodicReportReturned(
            organisation_id=row.organisation_id,
            role=row.role,
            periodic_report_id=row.id,
            account_id=applicant.id,
            receipt_number=row.receipt_number,
            items=items,
            recipient=context.recipient(applicant),
            returned_at=work.now,
        )

    async def rejected(
        self, work: Work, context: CommandContext, row: PeriodicReport, applicant: Account, reason: str
    ) -> PeriodicReportRejected:
        """Another report may be submitted as long as the term lasts."""
        assert row.reason_code is not None
        return PeriodicReportRejected(
            organisation_id=row.organisation_id,
            role=row.role,
            periodic_report_id=row.id,
            account_id=applicant.id,
            receipt_number=row.receipt_number,
            reason_code=row.reason_code,
            sealed_reason=work.seal(reason),
            recipient=context.recipient(applicant),
            rejected_at=work.now,
        )


DECISIONS = Decisions(PeriodicReportKind())


async def _prolong(work: Work, context: CommandContext, row: PeriodicReport, valid_until: date) -> None:
    """Move the end of every membership in the role, also of those that ended while the report was examined."""
    # What is corrected after the term was submitted before its end.
    in_time = min(legal_date(row.submitted_at), row.term_ends)
    rows = await periodic_reports.memberships_to_prolong(work.session, row, valid_until, in_time)
    for membership, _, _ in rows:
        membership.state = MembershipState.ACTIVE.value
        membership.valid_until = valid_until
    await work.session.flush()
    for _, account, registration in rows:
        if account.state == AccountState.ACTIVE:
            work.emit(await activated(work, context, account, registration, valid_until))
