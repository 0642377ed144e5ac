"""Applications and their progress as callers see them."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.application.forms.catalogue import form_of
from services.application.forms.field import Form
from services.application.progress import domain as state
from services.application.progress.domain import Changes, Materials
from services.application.progress.store import handling_office
from services.application.tables import Application, Progress
from shared.auth import Actor
from shared.errors import Text
from shared.http import Words
from shared.languages import Lang, known
from shared.reference.case_states import applicants_state
from shared.text import half_width, one_line
from shared.text.typed import Typed


class Attached(BaseModel):
    """A file and the documents it holds."""

    document_id: UUID
    codes: list[str] = Field(examples=[["RES_TAX"]])


class Contact(BaseModel):
    """Address and language for news of the progress."""

    email: str | None
    language: Lang


class Person(BaseModel):
    """Somebody who works on a draft: their account, and whether it is the caller's."""

    account_id: UUID
    you: bool


class Edited(Person):
    """The person who edited a draft last, and when."""

    at: datetime


class Listed(BaseModel):
    """An application in a list."""

    id: UUID
    receipt_number: str | None = Field(examples=["東オンＥＮ26000001"])
    procedure: str = Field(examples=["EXTEND"])
    status_of_residence: str = Field(examples=["ENG_HUM_INT"])
    applicant_name: str | None = Field(examples=["NGUYEN VAN AN"])
    status: str = Field(description="where it stands, as a code", examples=["under_review"])
    status_text: Words
    created_at: datetime
    updated_at: datetime
    submitted_at: datetime | None
    due_on: date | None = Field(description="until when requested documents are due")
    stay_expiry: date | None = Field(description="end of the present stay")
    stay_until: date | None = Field(description="end of the stay that was granted")
    special_period_end: datetime | None = Field(description="the end of the special period that its filing began")
    outcome: str | None = Field(examples=["granted"])
    fee_yen: int | None = Field(examples=[5500])
    owner: Person = Field(description="who is in charge of it: reminders and news go to this account")


class Need(BaseModel):
    """Applications that need the same of their owner: how many, and the first of them."""

    count: int = Field(description="1000 stands for a thousand or more", examples=[1])
    items: list[Listed]


class Needs(BaseModel):
    """Everything that needs the owner now."""

    drafts: Need = Field(description="not filed yet, edited last first")
    requests: Need = Field(description="documents that an examiner asked for, due first first")
    stays: Need = Field(description="stays that end within 90 days, of drafts and of what was granted")
    results: Need = Field(description="decided within the last 30 days, newest first")
    fees: Need = Field(description="granted, and the fee is not paid yet")


class DeclaredText(BaseModel):
    """One declaration in the words that were shown."""

    code: str = Field(examples=["intent_confirmed"])
    text: str


class Declared(BaseModel):
    """The filer's declarations, in their order."""

    version: str = Field(examples=["2026-11-01"])
    language: Lang
    texts: list[DeclaredText]


class ApplicationView(Listed):
    """An application with everything that was entered."""

    revision: int
    edited_by: Edited | None = Field(description="who edited the draft last; null where nobody did after its start")
    changed_by_others: dict[str, Edited] = Field(
        description="of a draft: who changed a value last, and when, by JSON pointer; one's own changes are left out"
    )
    set_aside: dict[str, Any] = Field(
        description="answers that this form does not ask, by dotted code; they come back when they are asked",
        examples=[{"job.change_detail": "配置転換"}],
    )
    role: str = Field(examples=["org_staff"])
    combined_with: list[str]
    activity: str | None = Field(description="the activity that decides the form", examples=[None])
    form_version: str
    form: dict[str, Any]
    notify: Contact
    photo_id: UUID | None
    documents: list[Attached]
    office: str | None = Field(description="where it was filed: its receipt number names it", examples=["TYO"])
    handling_office: str | None = Field(description="the office that has the case now", examples=["TYO"])
    category: str | None = Field(examples=["CAT2"])
    legal_date: date | None
    declarations: Declared | None = Field(None, description="null for a draft, and where filed before they were kept")
    open_request_id: UUID | None = Field(description="the request for documents that waits for an answer")


class TimelineEntry(BaseModel):
    """One thing that happened."""

    step: str = Field(examples=["submitted"])
    text: Words
    at: datetime
    data: dict[str, Any]


class Timeline(BaseModel):
    """Steps of an application, oldest first."""

    items: list[TimelineEntry]


def words(text: Text) -> Words:
    """A text for an answer."""
    return Words.of(text)


def shown_state(application: Application, progress: Progress | None) -> state.Progress:
    """The progress to show: the application's own state until review has reported more."""
    if progress is None or application.state in (state.State.DRAFT, state.State.WITHDRAWN):
        return state.Progress(application.state)
    return state.Progress(progress.state)


def listed(application: Application, progress: Progress | None, reader: Actor) -> Listed:
    """An application for a list of `reader`."""
    return Listed(**_common(application, progress, json.loads(application.form), reader))


def shown_person(account_id: UUID, reader: Actor) -> Person:
    """Somebody who works on a draft, for `reader`."""
    return Person(account_id=account_id, you=account_id == reader.account_id)


def _edited(application: Application, reader: Actor) -> Edited | None:
    if application.edited_by is None or application.edited_at is None:
        return None
    return Edited(**shown_person(application.edited_by, reader).model_dump(), at=application.edited_at)


def _changed_by_others(application: Application, reader: Actor) -> dict[str, Edited]:
    if application.state != state.State.DRAFT:
        return {}
    changes = Changes.parse(application.changes).by_pointer.items()
    return {
        pointer: Edited(account_id=change.account_id, you=False, at=change.at)
        for pointer, change in changes
        if change.account_id != reader.account_id
    }


def needed(count: int, rows: Sequence[tuple[Application, Progress | None]], reader: Actor) -> Need:
    """Applications that need the same, for `reader`."""
    return Need(count=count, items=[listed(application, progress, reader) for application, progress in rows])


def viewed(application: Application, progress: Progress | None, reader: Actor) -> ApplicationView:
    """An application with everything in it, for `reader`."""
    form = json.loads(application.form)
    language: Lang = known(application.notify_language)
    return ApplicationView(
        **_common(application, progress, form, reader),
        revision=application.revision,
        edited_by=_edited(application, reader),
        changed_by_others=_changed_by_others(application, reader),
        set_aside=json.loads(application.set_aside),
        role=application.role,
        combined_with=list(application.combined_with),
        activity=application.activity,
        form_version=application.form_version,
        form=form,
        notify=Contact(email=application.notify_email, language=language),
        photo_id=application.photo_id,
        documents=[Attached(**row) for row in application.attachments],
        office=application.office,
        handling_office=handling_office(application, progress),
        category=application.category,
        legal_date=application.legal_date,
        declarations=Declared(**application.declarations) if application.declarations else None,
        open_request_id=progress.open_request_id if progress else None,
    )


def _common(application: Application, progress: Progress | None, form: dict[str, Any], reader: Actor) -> dict[str, Any]:
    shown = shown_state(application, progress)
    return {
        "id": application.id,
        "receipt_number": application.receipt_number,
        "procedure": application.procedure,
        "status_of_residence": application.status_of_residence,
        "applicant_name": form_of(application.form_version).fact("name", Form(form)),
        "status": shown.value,
        "status_text": words(applicants_state(shown, application.procedure)),
        "created_at": application.created_at,
        "updated_at": application.updated_at,
        "submitted_at": application.submitted_at,
        "due_on": progress.due_on if progress else None,
        "stay_expiry": application.stay_expiry,
        "stay_until": application.stay_until,
        "special_period_end": application.special_period_end,
        "outcome": progress.outcome if progress else None,
        "fee_yen": progress.fee_yen if progress else None,
        "owner": shown_person(application.account_id, reader),
    }


class MaterialsSent(BaseModel):
    """The fee and the old card are on their way to the card office."""

    id: UUID
    receipt_number: str = Field(examples=["東オンＥＮ26000001"])
    status: str = Field(examples=["awaiting_fee"])
    sent_at: datetime


class Body(BaseModel):
    """A request body: unknown fields are refused, so that a misspelt one is noticed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class MaterialsBody(Body):
    """Materials sent to the card office, and the way they are sent."""

    fee_reference: Annotated[str, Typed(one_line, most=80)] | None = Field(None, examples=["PAY-2026-000123"])
    carrier: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$", examples=["letter_pack_plus"])
    tracking_number: Annotated[str, Typed(half_width, most=40)] = Field(examples=["123456789012"])
    residence_card_enclosed: bool = Field(examples=[True])

    def materials(self) -> Materials:
        return Materials(self.fee_reference, self.carrier, self.tracking_number, self.residence_card_enclosed)
