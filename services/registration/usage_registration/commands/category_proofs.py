"""Proof of an organisation's category, recorded by an officer."""

from datetime import date
from uuid import UUID

from services.registration.accounts.commands.categories import PROVEN, Proof, put_category
from services.registration.accounts.store import accounts, organisations
from services.registration.audit import Tag
from services.registration.usage_registration.problems import OwnRegistration, wrong_category_day
from services.registration.usage_registration.schemas.category_proofs import CategoryRecorded
from services.registration.usage_registration.store.periodic_reports import report_in_force
from shared.auth import Record, sees
from shared.errors import NotFound
from shared.reference.organisations import proven_category, treated_as
from shared.work import Work


async def record_proof(work: Work, organisation_id: UUID, proof: Proof, valid_from: date) -> CategoryRecorded:
    """Record what an officer saw; the category follows from it, and the organisation's approvals from the category.

    Raises `NotFound`, `OwnRegistration` for an officer who is one of the organisation's staff, and `Invalid` for a day
    to come or before the last change: the history only grows at its end.
    """
    today = work.today
    organisation = await organisations.locked(work.session, organisation_id)
    if organisation is None or not sees(work.actor, Record.ORGANISATION, organisations.office_of(organisation, today)):
        raise NotFound()
    officer = work.actor.id and await accounts.account(work.session, work.actor.id)
    if officer and officer.email and await accounts.has_member_with(work.session, organisation_id, officer.email):
        raise OwnRegistration()
    last = await organisations.category_on(work.session, organisation_id, today)
    if valid_from > today or (last is not None and valid_from < last.valid_from):
        raise wrong_category_day(last.valid_from if last else None, today)
    category = proven_category(listed_or_public=proof.listed_or_public, withholding_yen=proof.withholding_yen).value
    approved = any(row.valid_until >= today for row in await organisations.approvals(work.session, organisation_id))
    reported = await report_in_force(work.session, organisation_id, today)
    treated = treated_as(category, registration_approved=approved, report_approved=reported).value
    work.journal("organisation", organisation_id, Tag.CATEGORY_RECORD, {"category": category})
    await put_category(work, organisation_id, category, treated, valid_from, PROVEN, proof=proof)
    return CategoryRecorded(category=category, treated_as=treated, valid_from=valid_from)
