"""Reading periodic reports; an officer who reads one leaves a line in the journal."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.registration.accounts.store import accounts, organisations
from services.registration.accounts.store.accounts import Account
from services.registration.accounts.store.organisations import Organisation
from services.registration.audit import Tag
from services.registration.usage_registration.commands.desk_fields import earlier_records, steps_of
from services.registration.usage_registration.commands.submission_fields import checklist_of, line_fields, whole_fields
from services.registration.usage_registration.domain.usage_registration import Origin
from services.registration.usage_registration.schemas.periodic_report_views import ReportView
from services.registration.usage_registration.store import periodic_reports
from services.registration.usage_registration.store.periodic_reports import PeriodicReport
from shared.auth import Record, Role, sees
from shared.db import ReadSession
from shared.errors import NotFound
from shared.work import Work


async def read(work: Work, report_id: UUID) -> ReportView:
    """The report, for the approving officer of its office or anybody who acts for the organisation in that role."""
    row = await periodic_reports.report(work.session, report_id)
    if row is None:
        raise NotFound()
    officer = sees(work.actor, Record.PERIODIC_REPORT, row.office)
    member = row.organisation_id == work.actor.organisation_id and Role(row.role) in work.actor.roles
    if not (officer or member):
        raise NotFound()
    account = await accounts.account(work.session, row.account_id)
    organisation = await work.session.get(Organisation, row.organisation_id)
    assert account is not None
    assert organisation is not None
    if officer:
        work.journal("periodic_report", row.id, Tag.REPORT_READ)
    return ReportView(
        **await whole_fields(work.session, row, "periodic_report", officer=officer),
        organisation_name=organisation.name,
        filed_by=account.name,
        term_ends=row.term_ends,
        requirements=checklist_of(row, work.today),
        steps=await steps_of(work, row, origin_of(account)) if officer else [],
        earlier=await earlier_records(work, row) if officer else [],
    )


def origin_of(filer: Account) -> Origin:
    """The origin of a report that `filer` filed."""
    assert filer.email is not None
    return Origin(filer.id, None, filer.email)


async def lines(session: ReadSession, rows: Sequence[PeriodicReport]) -> list[dict[str, Any]]:
    """Lines of a list of reports; they name organisations and no person."""
    names = await organisations.names(session, {row.organisation_id for row in rows})
    return [
        line_fields(row) | {"organisation_name": names[row.organisation_id], "term_ends": row.term_ends} for row in rows
    ]
