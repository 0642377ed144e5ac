"""The record of an organisation for officers who examine its applications; each look is in the journal."""

from collections.abc import Sequence
from uuid import UUID

from services.registration.accounts.store import organisations
from services.registration.accounts.store.organisations import OrganisationApproval
from services.registration.audit import Tag
from services.registration.usage_registration.domain.report_standing import (
    RoleReport,
    overdue_reasons,
    standing_of,
)
from services.registration.usage_registration.domain.usage_registration import Status
from services.registration.usage_registration.schemas.organisation_record import (
    HintView,
    OrganisationRecord,
    RoleRecord,
)
from services.registration.usage_registration.store import periodic_reports
from shared.auth import Record, sees
from shared.clock import legal_date
from shared.errors import NotFound, Text
from shared.reference.organisations import report_window
from shared.reference.usage_documents import ORGANISATION_ROLES
from shared.words import Words
from shared.work import Work


async def look_at_record(work: Work, organisation_id: UUID) -> OrganisationRecord:
    """The standing of an organisation: until when it is registered in which roles, its category, its reports."""
    found = await organisations.organisation(work.session, organisation_id)
    if found is None or not sees(
        work.actor, Record.ORGANISATION_RECORD, office := organisations.office_of(found, work.today)
    ):
        raise NotFound()
    work.journal("organisation", organisation_id, Tag.ORGANISATION_READ)
    approvals = [row for row in await organisations.approvals(work.session, found.id) if row.role in ORGANISATION_ROLES]
    reports = [await _report_of(work, row) for row in approvals]
    category = await organisations.category_on(work.session, found.id, work.today)
    return OrganisationRecord(
        id=found.id,
        corporate_number=found.corporate_number,
        name=found.name,
        office=office,
        confirmed=found.confirmed_at is not None,
        category=category.category if category else None,
        treated_as=category.treated_as if category else None,
        category_from=category.valid_from if category else None,
        roles=[
            RoleRecord(
                role=row.role,
                valid_from=row.valid_from,
                valid_until=row.valid_until,
                report_due_on=report.window.due_on,
                report=report.standing,
            )
            for row, report in zip(approvals, reports, strict=True)
        ],
        hints=[_hint(reports)],
    )


async def _report_of(work: Work, approval: OrganisationApproval) -> RoleReport:
    last = await periodic_reports.newest(work.session, approval.organisation_id, approval.role)
    submitted_on = legal_date(last.submitted_at) if last and last.status != Status.REJECTED else None
    window = report_window(approval.valid_until, work.today)
    return RoleReport(approval.role, window, standing_of(window, submitted_on, work.today))


_OVERDUE = Text("所属機関の定期報告の遅れ", "Overdue periodic reports of the organisation")


def _hint(reports: Sequence[RoleReport]) -> HintView:
    reasons = overdue_reasons(reports)
    return HintView(
        code="reports_overdue",
        title=Words.of(_OVERDUE),
        found="yes" if reasons else "no" if reports else "not_asked",
        reasons=[Words.of(reason) for reason in reasons],
    )
