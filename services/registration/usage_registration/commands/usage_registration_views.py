"""Reading usage registrations; an officer who reads personal data leaves a line in the journal."""

import json
from datetime import date
from typing import Any
from uuid import UUID

from services.registration.accounts.store import accounts
from services.registration.accounts.store.accounts import Account
from services.registration.audit import Tag
from services.registration.usage_registration.commands.desk_fields import earlier_records, steps_of
from services.registration.usage_registration.commands.submission_fields import checklist_of, line_fields, whole_fields
from services.registration.usage_registration.domain.usage_registration import Origin
from services.registration.usage_registration.schemas.usage_registration_views import (
    ApplicantView,
    RegistrationView,
    RequirementView,
)
from services.registration.usage_registration.store import usage_registrations as store
from services.registration.usage_registration.store.usage_registrations import UsageRegistration
from shared.auth import Actor, Record, Role, for_oneself, sees
from shared.db import ReadSession
from shared.errors import NotFound
from shared.work import Work


async def checklist(session: ReadSession, officer: Actor, registration_id: UUID, today: date) -> list[RequirementView]:
    """The requirements of an approval, and which of them were confirmed. Raises `NotFound`."""
    row = await store.usage_registration(session, registration_id)
    if row is None or not sees(officer, Record.USAGE_REGISTRATION, row.office):
        raise NotFound()
    return checklist_of(row, today)


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
    return RegistrationView(
        **await whole_fields(work.session, row, "usage_registration", officer=officer),
        account_id=row.account_id,
        organisation=row.declared,
        personal=json.loads(row.personal) if row.personal else None,
        applicant=ApplicantView(
            name=account.name,
            email=account.email,
            phone=account.phone,
            department=row.department,
            language=account.language,
        ),
        requirements=row.requirements if officer else None,
        decided_by=row.decided_by if officer else None,
        steps=await steps_of(work, row, origin_of(row, account)) if officer else [],
        earlier=await earlier_records(work, row) if officer else [],
    )


def origin_of(row: UsageRegistration, account: Account) -> Origin:
    """The origin of a usage registration of `account`."""
    assert account.email is not None
    return Origin(account.id, row.submitted_by, account.email)


def _applicants(actor: Actor, row: UsageRegistration) -> bool:
    """Whether it is the actor's own; for an API client also of the membership for which it acts."""
    if row.account_id != actor.id:
        return False
    return for_oneself(actor) or (row.organisation_id == actor.organisation_id and Role(row.role) in actor.roles)


def line(row: UsageRegistration) -> dict[str, Any]:
    """One line of a list of usage registrations; it names organisations and no person."""
    return line_fields(row) | {"organisation_name": (row.declared or {}).get("name"), "valid_until": row.valid_until}
