"""Reading usage registrations; an officer who reads personal data leaves a line in the journal."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.registration.accounts.store import accounts
from services.registration.audit import Tag
from services.registration.usage_registration.commands.document_list import document_list, documents_of
from services.registration.usage_registration.domain.usage_registration import Status
from services.registration.usage_registration.schemas.usage_registration_views import (
    ApplicantView,
    ItemView,
    RegistrationView,
    RequirementView,
)
from services.registration.usage_registration.store import usage_registrations as store
from services.registration.usage_registration.store.usage_registrations import UsageRegistration
from shared.auth import Actor, Record, Role, Scope, for_oneself, sees
from shared.clock import legal_date
from shared.db import ReadSession
from shared.errors import NotFound
from shared.reference.approval_requirements import approval_requirements
from shared.work import Work


async def checklist(session: ReadSession, officer: Actor, registration_id: UUID, today: date) -> list[RequirementView]:
    """The requirements of an approval, and which of them were confirmed. Raises `NotFound`."""
    row = await store.usage_registration(session, registration_id)
    if row is None or not sees(officer, Record.USAGE_REGISTRATION, row.office):
        raise NotFound()
    kept = row.requirements or {}
    return [
        RequirementView(code=asked.code, ja=asked.name.ja, en=asked.name.en, confirmed=kept.get(asked.code))
        for asked in approval_requirements(row.role, row.category, today)
    ]


async def read(work: Work, registration_id: UUID) -> RegistrationView:
    """The usage registration, for the approving officer of its office or its applicant; else `NotFound`."""
    row = await store.usage_registration(work.session, registration_id)
    officer = row is not None and sees(work.actor, Record.USAGE_REGISTRATION, row.office)
    if row is None or not (officer or _applicants(work.actor, row)):
        raise NotFound()
    account = await accounts.account(work.session, row.account_id)
    assert account is not None
    assert account.email is not None
    if officer:
        work.journal("usage_registration", row.id, Tag.REGISTRATION_READ)
    items = json.loads(row.returned_items or "[]")
    return RegistrationView(
        id=row.id,
        receipt_number=row.receipt_number,
        status=Status(row.status),
        role=row.role,
        office=row.office,
        account_id=row.account_id,
        organisation_id=row.organisation_id,
        organisation=row.declared,
        personal=json.loads(row.personal) if row.personal else None,
        category=row.category,
        applicant=ApplicantView(
            name=account.name,
            email=account.email,
            phone=account.phone,
            department=row.department,
            language=account.language,
        ),
        documents=row.documents,
        document_list=await document_list(
            work.session,
            "usage_registration",
            row.role,
            row.category,
            len(row.pledged or []),
            documents_of(row.documents, row.files),
            legal_date(row.submitted_at),
        ),
        pledged=row.pledged or [],
        agreements=row.agreements,
        submitted_at=row.submitted_at,
        returned_items=[ItemView(**item) for item in items],
        decided_at=row.decided_at,
        valid_until=row.valid_until,
        reason_code=row.reason_code,
        reason=row.reason,
        requirements=row.requirements if officer else None,
        note=row.note if officer else None,
        decided_by=row.decided_by if officer else None,
        revision=row.revision,
    )


def _applicants(actor: Actor, row: UsageRegistration) -> bool:
    """Whether it is the actor's own; for an external system also of the membership for which it acts."""
    if row.account_id != actor.id:
        return False
    return for_oneself(actor) or (row.organisation_id == actor.organisation_id and Role(row.role) in actor.roles)


async def page(
    session: ReadSession, scope: Scope, status: Status | None, after: tuple[datetime, UUID] | None, limit: int
) -> Sequence[dict[str, Any]]:
    """Lines of the list of usage registrations; they name organisations and no person."""
    rows = await store.page(session, scope, status, after, limit)
    names = ("id", "receipt_number", "status", "role", "office", "organisation_id", "category", "submitted_at")
    return [
        {name: getattr(row, name) for name in names}
        | {"organisation_name": (row.declared or {}).get("name"), "valid_until": row.valid_until}
        for row in rows
    ]
