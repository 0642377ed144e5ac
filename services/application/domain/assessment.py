"""Whether an application can be filed on a day: what is missing, what contradicts itself, what the rules forbid.

Everything is found at once, in a fixed order: the form from top to bottom, contradictions in it, contact, photo,
documents, and last the rules that no filling-in mends.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from services.application.domain import consistency, permission
from services.application.domain.documents import WantedDocument, missing_documents, wanted_documents
from services.application.domain.draft import Draft
from services.application.domain.files import file_problems
from services.application.domain.forms import missing_fields
from shared.errors import FieldProblem, Text
from shared.reference.dated import NotInRules
from shared.reference.offices import office_for


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the rules of one day say of an application. `office` and `stay_expiry` are None where not known yet."""

    problems: tuple[FieldProblem, ...]
    documents: tuple[WantedDocument, ...]
    office: str | None
    stay_expiry: date | None


def assess(draft: Draft, day: date) -> Assessment:
    """Look at `draft` by the rules of `day`. The order of the problems depends on nothing but the draft."""
    documents = wanted_documents(draft, day)
    return Assessment(
        problems=tuple(_problems(draft, documents, day)),
        documents=documents,
        office=_office(draft, day),
        stay_expiry=date.fromisoformat(draft.form["stay_expiry"]) if draft.form["stay_expiry"] else None,
    )


def _problems(draft: Draft, documents: tuple[WantedDocument, ...], day: date) -> Iterator[FieldProblem]:
    yield from _incomplete_form(draft)
    if draft.form["jp_address"] and _office(draft, day) is None:
        message = Text(
            "住居地は都道府県名から入力してください（担当の地方局を決めるため）",
            "Begin the address with the prefecture: it decides which office is in charge",
        )
        yield FieldProblem("/form/jp_address", "prefecture-unknown", message)
    yield from consistency.contradictions(draft, day)
    if draft.notify_email is None:
        message = Text(
            "申請人に進捗を知らせるメールアドレスを入力してください",
            "Enter the email address at which the applicant is informed of the progress",
        )
        yield FieldProblem("/notify/email", "required", message)
    yield from missing_documents(draft, documents, day)
    yield from file_problems(draft.photo_id, draft.attachments, draft.files, day)
    yield from permission.refusals(draft, day)


def _incomplete_form(draft: Draft) -> Iterator[FieldProblem]:
    filing = draft.filing
    for item in missing_fields(draft.version, draft.form, lambda item, form: item.needed(form, filing)):
        message = Text(f"「{item.label.ja}」を入力してください", f"Fill in: {item.label.en}")
        yield FieldProblem(item.pointer, "required", message)


def _office(draft: Draft, day: date) -> str | None:
    address = draft.form["jp_address"]
    if not address:
        return None
    try:
        return office_for(address, day).code
    except NotInRules:
        return None
