"""Rows of an import: where each stands in the file, what is wrong with it, and the page where it is corrected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.gateway.pages.kit.form_data import FormData, find_form, id_at, pointer_of
from services.gateway.pages.kit.formats import listed
from services.gateway.pages.kit.names import procedure_name, status_name
from services.gateway.pages.kit.visitor import Visitor
from services.gateway.pages.kit.words import say
from services.gateway.pages.portal.filing.shown import APPLICATIONS
from services.gateway.texts import PAGES
from shared.http import Lang

_PLACES = {"/documents": "/documents", "/photo_id": "/photo", "/notify": "/notify"}


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A problem in words that name the field, its cell ("" where it has none), and the page where it is corrected.

    `pointer` is the place of a cell that could not be read, where the draft can be confirmed as it is; "" for another.
    """

    cell: str
    text: str
    href: str
    pointer: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the file. `href` is its draft or application, "" before there is one; `name` is the applicant's, and
    `about` what is applied for, both "" where the row does not say."""

    sheet: str
    number: int
    key: str
    name: str
    about: str
    state: str
    receipt_number: str
    application_id: str
    href: str
    problems: Sequence[RowProblem]
    notices: Sequence[RowProblem]
    is_edited: bool


async def rows_of(visitor: Visitor, items: Sequence[Mapping[str, Any]], import_id: object) -> list[Row]:
    """Rows of the service's answer, in words."""
    found = []
    for item in items:
        named = item["problems"] or item["notices"]
        form = await find_form(visitor.gateway, item, visitor.lang) if named and item["form_version"] else None
        found.append(_row(visitor, item, form, import_id))
    return found


def _row(visitor: Visitor, item: Mapping[str, Any], form: FormData | None, import_id: object) -> Row:
    application_id, lang = item["application_id"], visitor.lang
    href = f"{APPLICATIONS}/{UUID(application_id)}" if application_id else ""

    def shown(problem: Mapping[str, Any]) -> RowProblem:
        text = _named(say(problem["message"], lang), _label(form, problem["pointer"], lang))
        pointer = problem["pointer"] if href and problem["unread"] else ""
        return RowProblem(problem["cell"] or "", text, _place(form, problem["pointer"], href, import_id), pointer)

    return Row(
        sheet=item["sheet"],
        number=item["number"],
        key=item["key"],
        name=item["applicant_name"] or "",
        about=_about(item, lang),
        state=item["state"],
        receipt_number=item["receipt_number"] or "",
        application_id=application_id or "",
        href=href,
        problems=[shown(problem) for problem in item["problems"]],
        notices=[shown(notice) for notice in item["notices"]],
        is_edited=item["edited_since"],
    )


def _about(item: Mapping[str, Any], lang: Lang) -> str:
    """Procedures and status of residence, as far as the row says them."""
    if not item["procedure"]:
        return ""
    procedure = listed([procedure_name(code, lang) for code in (item["procedure"], *item["combined_with"])], lang)
    if not item["status_of_residence"]:
        return procedure
    status = status_name(item["status_of_residence"], lang)
    return PAGES[lang]["imports"]["about"].format(procedure=procedure, status=status)


def _named(text: str, label: str) -> str:
    """The message with the name of its field in front, unless it has it."""
    return text if not label or label.casefold() in text.casefold() else f"{label}: {text}"


def _label(form: FormData | None, pointer: str, lang: Lang) -> str:
    """The label of the field; in a table also that of the table, and the number of the row."""
    for item in form.items() if form else ():
        own = pointer_of(item.code)
        if pointer == own:
            return say(item.label, lang)
        if pointer.startswith(f"{own}/"):
            number, _, code = pointer.removeprefix(f"{own}/").partition("/")
            table = f"{say(item.label, lang)} {int(number) + 1}" if number.isdecimal() else say(item.label, lang)
            column = next((say(one.label, lang) for one in item.rows if one.code == code), "")
            return f"{table}: {column}" if column else table
    return ""


def _place(form: FormData | None, pointer: str, href: str, import_id: object) -> str:
    """The page of the draft where the field is, and the field in it. It leads back to the file."""
    if not href:
        return ""
    if form and (topic := form.topic_at(pointer)):
        return f"{href}/form/{topic.code}?checked=true&import={import_id}#{id_at(pointer)}"
    return next((f"{href}{page}" for start, page in _PLACES.items() if pointer.startswith(start)), href)
