"""Another contact for news of a filed application, and the applicant's new address."""

import json
from uuid import UUID

from services.application.audit import Tag
from services.application.changes import store
from services.application.changes.domain.contact import (
    WHY_NOT,
    NewAddress,
    address_problems,
    office_in_charge,
)
from services.application.changes.schemas import ContactChanged, Moved
from services.application.filing.domain.new_draft import Notify
from services.application.forms.catalogue import form_of
from services.application.forms.field import Form
from services.application.progress.domain import GOING_ON, State
from services.application.progress.store import own
from services.application.tables import AddressChange, Application
from shared.auth import Owner
from shared.errors import Conflict, Invalid
from shared.events.application import ApplicantMoved, ApplicationContactChanged
from shared.events.fields import Recipient
from shared.ids import new_id
from shared.languages import Lang
from shared.work import Work


async def change_contact(work: Work, application_id: UUID, notify: Notify) -> ContactChanged:
    """Send news of the application to another address, or in another language, from now on."""
    application = await _open(work, application_id)
    assert notify.email is not None
    language: Lang = notify.language
    if (application.notify_email, application.notify_language) != (notify.email, language):
        application.notify_email, application.notify_language = notify.email, language
        application.revision += 1
        application.updated_at = work.now
        work.journal("application", application_id, Tag.CHANGE_CONTACT, {"language": language})
        work.emit(
            ApplicationContactChanged(
                application_id=application_id,
                account_id=application.account_id,
                receipt_number=_number(application),
                applicant=Recipient.reading(language, work.seal(notify.email)),
                changed_at=work.now,
            )
        )
    return ContactChanged(
        id=application_id, receipt_number=_number(application), language=language, changed_at=work.now
    )


async def change_address(work: Work, application_id: UUID, new: NewAddress) -> Moved:
    """Record the applicant's new address. The receipt number stays; review learns which office is in charge of it."""
    application = await _open(work, application_id)
    stated = await store.addresses_of(work.session, application_id)
    present = stated[-1].address if stated else _filed_address(application)
    before = stated[-1].office if stated else application.office
    assert before is not None, "a filed application has an office"
    office = office_in_charge(new.address, work.today)
    if problems := list(address_problems(new, present, office, work.today)):
        raise Invalid(fields=problems, code=problems[0].code)
    assert office is not None
    change = AddressChange(
        id=new_id(),
        application_id=application_id,
        postal_code=new.postal_code,
        address=new.address,
        lives_there_from=new.lives_there_from,
        office=office,
        stated_at=work.now,
        stated_by=work.actor_id,
    )
    work.session.add(change)
    detail = {"office": office, "lives_there_from": new.lives_there_from.isoformat()}
    work.journal("application", application_id, Tag.CHANGE_ADDRESS, detail)
    work.emit(
        ApplicantMoved(
            application_id=application_id,
            account_id=application.account_id,
            receipt_number=_number(application),
            office=office,
            office_before=before,
            lives_there_from=new.lives_there_from,
            stated_at=work.now,
        )
    )
    return Moved(
        id=application_id,
        receipt_number=_number(application),
        office=office,
        office_changes=office != before,
        stated_at=work.now,
    )


async def _open(work: Work, application_id: UUID) -> Application:
    """The caller's filed application, locked. Raises `Conflict` for a draft, and where everything is over."""
    application = await own(work.session, application_id, Owner.of(work.actor))
    if application.state not in GOING_ON:
        raise Conflict(WHY_NOT[State(application.state)], code="cannot-be-changed")
    return application


def _filed_address(application: Application) -> str | None:
    address: str | None = form_of(application.form_version, application.combined_with).fact(
        "address", Form(json.loads(application.form))
    )
    return address


def _number(application: Application) -> str:
    assert application.receipt_number is not None
    return application.receipt_number
