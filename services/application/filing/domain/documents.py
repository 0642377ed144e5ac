"""Documents that an application needs, and those that are missing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from services.application.filing.domain.draft import Draft
from shared.errors import FieldProblem, Text
from shared.reference.document_groups import CATEGORY, document_group
from shared.reference.documents import RequiredDocument, required_documents
from shared.reference.files import needs_photo


@dataclass(frozen=True, slots=True)
class WantedDocument:
    """One document of the case: `required` here and now, else `condition` says when it is needed."""

    code: str
    name: Text
    required: bool
    condition: Text | None
    satisfied: bool


def wanted_documents(draft: Draft, day: date) -> tuple[WantedDocument, ...]:
    """The documents for this procedure, status and group, in the order of the published list; photo first, those
    of the procedures filed together last.

    The application form is not among them: it is what is being filled in.
    """
    attached = draft.attached_codes
    found = []
    if _needs_photo(draft, day):
        photo = Text("顔写真", "Face photo")
        found.append(WantedDocument("PHOTO", photo, True, None, draft.photo_id is not None))
    for wanted in _listed(draft, day):
        condition, required = wanted.condition, wanted.need == "required"
        if wanted.document.how == "show":
            required = False
            condition = Text("提示を求められたときに必要です", "Needed where an officer asks to see it")
        elif not required and (decided := _decided(draft, wanted)) is not None:
            # Conditions that the form does not decide are for the filer to judge.
            if not decided:
                continue
            required = True
        found.append(WantedDocument(wanted.code, wanted.document.name, required, condition, wanted.code in attached))
    return tuple(found)


def _listed(draft: Draft, day: date) -> tuple[RequiredDocument, ...]:
    """The documents of every procedure of the application, each once: a paper is attached once for all of them."""
    procedures = (draft.procedure, *draft.combined_with)
    lists = tuple((procedure, _group(draft, procedure, day)) for procedure in procedures)
    return _together(lists, draft.status_of_residence, draft.activity, day)


@lru_cache(maxsize=4096)
def _together(
    lists: tuple[tuple[str, str | None], ...], status: str, activity: str | None, day: date
) -> tuple[RequiredDocument, ...]:
    """The lists of some procedures, each with its group, as one; without what is filled in as a form."""
    found: dict[str, RequiredDocument] = {}
    for procedure, group in lists:
        for wanted in required_documents(procedure, status, group, day, activity=activity):
            if wanted.code not in found or wanted.need == "required":
                found[wanted.code] = wanted
    return tuple(wanted for wanted in found.values() if wanted.document.how != "form")


def _decided(draft: Draft, wanted: RequiredDocument) -> bool | None:
    """Whether the form says that a conditional document is needed; None where it does not say."""
    decides = draft.version.documents
    condition = decides.get(wanted.code) or decides.get(wanted.condition_code)
    if condition is None or (not condition.filing and draft.form[condition.field] is None):
        return None
    return condition.holds(draft.form, draft.filing)


def _group(draft: Draft, procedure: str, day: date) -> str | None:
    """The group by which the documents of one of its procedures differ, as far as it is known."""
    axis = document_group(procedure, draft.status_of_residence, draft.activity, day)
    if axis is not None and axis.code == CATEGORY:
        return draft.category
    if axis is None:
        return None
    named = ((option, asked) for option, asked in draft.version.document_groups.items() if option in axis.options)
    return next((option for option, asked in named if asked.holds(draft.form, draft.filing)), None)


def missing_documents(draft: Draft, wanted: tuple[WantedDocument, ...], day: date) -> Iterator[FieldProblem]:
    """Required documents that are not attached. While the category is missing only the photo is known to be needed."""
    for document in wanted:
        if not document.required or document.satisfied:
            continue
        if document.code == "PHOTO":
            message = Text("顔写真を添付してください", "Attach a face photo")
            yield FieldProblem("/photo_id", "required", message)
        elif not draft.category_missing:
            message = Text(
                "「{document}」を添付してください（コード {code}）", "Attach: {document} (code {code})"
            ).with_values(document=document.name, code=document.code)
            yield FieldProblem("/documents", "document-missing", message)


def age_on(birth_date: str | None, day: date) -> int | None:
    """Age in years on `day`; for a date of which a part is unknown, the greatest that is possible."""
    if birth_date is None:
        return None
    year, month, of_month = (*(int(part) for part in birth_date.split("-")), 1, 1)[:3]
    return max(0, day.year - year - ((day.month, day.day) < (month, of_month)))


def _needs_photo(draft: Draft, day: date) -> bool:
    age = age_on(draft.fact("birth_date"), day)
    # Until the date of birth is entered the usual case is shown: an adult.
    return needs_photo(draft.procedure, draft.status_of_residence, 99 if age is None else age, day)
