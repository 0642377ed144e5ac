"""Rows of an import: where each stands in the file, what is wrong with it, and the page where it is corrected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.gateway.pages.kit.visitor import Visitor
from services.gateway.pages.portal.filing.form_data import FormData, find_form, id_at, pointer_of
from services.gateway.pages.portal.filing.shown import APPLICATIONS
from shared.http import Lang

_PLACES = {"/documents": "/documents", "/photo_id": "/photo", "/notify": "/notify"}


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A problem in words that name the field, its cell ("" where it has none), and the page where it is corrected."""

    cell: str
    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the file. `href` is its draft or application, "" before there is one."""

    sheet: str
    number: int
    key: str
    state: str
    receipt_number: str
    href: str
    problems: Sequence[RowProblem]
    is_edited: bool


async def rows_of(visitor: Visitor, items: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Rows of the service's answer, in words."""
    forms = await _forms(visitor, items)
    return [_row(visitor, item, forms.get(item["sheet"])) for item in items]


async def _forms(visitor: Visitor, items: Sequence[Mapping[str, Any]]) -> dict[str, FormData]:
    """The form of each sheet that has a problem, by the draft of its first row: labels and pages of its fields."""
    found: dict[str, FormData] = {}
    for item in items:
        if not item["problems"] or item["application_id"] is None or item["sheet"] in found:
            continue
        path = f"/v1/applications/{item['application_id']}"
        answer = await visitor.service("application").call("GET", path, shown=("not-found",))
        if answer.ok:
            found[item["sheet"]] = await find_form(visitor.gateway, answer.body)
    return found


def _row(visitor: Visitor, item: Mapping[str, Any], form: FormData | None) -> Row:
    application_id, lang = item["application_id"], visitor.lang
    href = f"{APPLICATIONS}/{UUID(application_id)}" if application_id else ""
    problems = [
        RowProblem(
            cell=problem["cell"] or "",
            text=_named(problem["message"][lang], _label(form, problem["pointer"], lang)),
            href=_place(form, problem["pointer"], href),
        )
        for problem in item["problems"]
    ]
    return Row(
        sheet=item["sheet"],
        number=item["number"],
        key=item["key"],
        state=item["state"],
        receipt_number=item["receipt_number"] or "",
        href=href,
        problems=problems,
        is_edited=item["edited_since"],
    )


def _named(text: str, label: str) -> str:
    """The message with the name of its field in front, unless it has it."""
    return text if label.casefold() in text.casefold() else f"{label}: {text}"


def _label(form: FormData | None, pointer: str, lang: Lang) -> str:
    """The label of the field; in a table also that of the table, and the number of the row."""
    for item in form.items() if form else ():
        own = pointer_of(item.code)
        if pointer == own:
            return item.label[lang]
        if pointer.startswith(f"{own}/"):
            number, _, code = pointer.removeprefix(f"{own}/").partition("/")
            table = f"{item.label[lang]} {int(number) + 1}" if number.isdecimal() else item.label[lang]
            column = next((one.label[lang] for one in item.rows if one.code == code), "")
            return f"{table}: {column}" if column else table
    return ""


def _place(form: FormData | None, pointer: str, href: str) -> str:
    """The page of the draft where the field is, and the field in it."""
    if not href:
        return ""
    if form and (topic := form.topic_at(pointer)):
        return f"{href}/form/{topic.code}?checked=true#{id_at(pointer)}"
    return next((f"{href}{page}" for start, page in _PLACES.items() if pointer.startswith(start)), href)
