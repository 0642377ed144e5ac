"""Whether an application can be filed on a day: what is missing, what contradicts itself, what the rules forbid.

Everything is found at once, in a fixed order: the form from top to bottom, contradictions in it, contact, photo,
documents, and last the rules that no further input can satisfy.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from services.application.filing.domain import permission
from services.application.filing.domain.documents import WantedDocument, missing_documents, wanted_documents
from services.application.filing.domain.draft import Draft
from services.application.filing.domain.files import file_problems
from services.application.filing.domain.newer_form import is_outdated, outdated
from services.application.forms.checks import contradictions, parse_day
from services.application.forms.form import missing_fields
from shared.errors import FieldProblem, Text
from shared.reference.dated import NotInRules
from shared.reference.offices import office_for


@dataclass(frozen=True, slots=True)
class Assessment:
    """Result of the rules of one day for an application. `office` and `stay_expiry` are None where not known yet."""

    problems: tuple[FieldProblem, ...]
    documents: tuple[WantedDocument, ...]
    office: str | None
    stay_expiry: date | None


def assess(draft: Draft, day: date) -> Assessment:
    """Look at `draft` by the rules of `day`. The order of the problems depends on nothing but the draft."""
    documents, office = wanted_documents(draft, day), _office(draft, day)
    return Assessment(
        problems=tuple(_problems(draft, documents, office, day)),
        documents=documents,
        office=office,
        stay_expiry=parse_day(draft.fact("stay_expiry")),
    )


def _problems(
    draft: Draft, documents: tuple[WantedDocument, ...], office: str | None, day: date
) -> Iterator[FieldProblem]:
    yield from _incomplete_form(draft)
    if draft.fact("address") and office is None:
        message = Text(
            "住居地は都道府県名から入力してください（担当の地方局を決めるため）",
            "Begin the address with the prefecture: it decides which office is in charge",
        )
        yield FieldProblem(draft.version.fact_pointer("address"), "prefecture-unknown", message)
    yield from contradictions(draft.filled(day))
    if draft.notify_email is None:
        message = Text(
            "申請人に進捗を知らせるメールアドレスを入力してください",
            "Enter the email address at which the applicant is informed of the progress",
        )
        yield FieldProblem("/notify/email", "required", message)
    yield from missing_documents(draft, documents, day)
    yield from file_problems(draft.photo_id, draft.attachments, draft.files, day)
    if is_outdated(draft.version, day):
        yield outdated(draft.version)
    yield from permission.refusals(draft, day)


def _incomplete_form(draft: Draft) -> Iterator[FieldProblem]:
    for item in missing_fields(draft.version, draft.form, draft.filing, draft.status_of_residence):
        message = Text("「{item}」を入力してください", "Fill in: {item}").with_values(item=item.label)
        yield FieldProblem(item.pointer, "required", message)


def _office(draft: Draft, day: date) -> str | None:
    address = draft.fact("address")
    if not address:
        return None
    try:
        return office_for(address, day).code
    except NotInRules:
        return None
