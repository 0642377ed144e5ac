"""Reading periodic reports; an officer who reads one leaves a line in the journal."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.registration.accounts.store import accounts, organisations
from services.registration.accounts.store.organisations import Organisation
from services.registration.audit import Tag
from services.registration.usage_registration.commands.document_list import document_list, documents_of
from services.registration.usage_registration.domain.usage_registration import Status
from services.registration.usage_registration.schemas.periodic_report_views import ReportView
from services.registration.usage_registration.schemas.usage_registration_views import ItemView, RequirementView
from services.registration.usage_registration.store import periodic_reports
from shared.auth import Record, Role, Scope, sees
from shared.clock import legal_date
from shared.db import ReadSession
from shared.errors import NotFound
from shared.reference.approval_requirements import approval_requirements
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
    confirmed = row.requirements or {}
    return ReportView(
        id=row.id,
        receipt_number=row.receipt_number,
        status=Status(row.status),
        role=row.role,
        office=row.office,
        organisation_id=row.organisation_id,
        organisation_name=organisation.name,
        filed_by=account.name,
        term_ends=row.term_ends,
        category=row.category,
        documents=row.documents,
        document_list=await document_list(
            work.session,
            "periodic_report",
            row.role,
            row.category,
            len(row.pledged or []),
            documents_of(row.documents, row.files),
            legal_date(row.submitted_at),
        ),
        pledged=row.pledged or [],
        agreements=row.agreements,
        submitted_at=row.submitted_at,
        returned_items=[ItemView(**item) for item in json.loads(row.returned_items or "[]")],
        requirements=[
            RequirementView(code=asked.code, ja=asked.name.ja, en=asked.name.en, confirmed=confirmed.get(asked.code))
            for asked in approval_requirements(row.role, row.category, legal_date(work.now))
        ],
        decided_at=row.decided_at,
        valid_until=row.valid_until,
        reason_code=row.reason_code,
        reason=row.reason,
        note=row.note if officer else None,
        revision=row.revision,
    )


async def page(
    session: ReadSession, scope: Scope, status: Status | None, after: tuple[datetime, UUID] | None, limit: int
) -> Sequence[dict[str, Any]]:
    """Lines of the officer's queue; they name organisations and no person."""
    rows = await periodic_reports.page(session, scope, status, after, limit)
    names = await organisations.names(session, {row.organisation_id for row in rows})
    columns = ("id", "receipt_number", "status", "role", "office", "organisation_id", "category", "submitted_at")
    return [
        {name: getattr(row, name) for name in columns}
        | {"organisation_name": names[row.organisation_id], "term_ends": row.term_ends}
        for row in rows
    ]
