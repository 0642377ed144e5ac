"""The fields of a draft's form, by the names of registration's JSON: `/organisation/name` is `organisation_name`."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.gateway.pages.forms import Form, Message
from services.gateway.texts import PAGES
from shared.http import Lang
from shared.reference.lists import code_list
from shared.reference.organisations import CATEGORIES
from shared.reference.usage_documents import COMMISSIONED_ROLES
from shared.reference.user_classes import USER_CLASSES

_PARTS = {
    "organisation": (
        "corporate_number",
        "name",
        "name_kana",
        "postal_code",
        "prefecture",
        "address",
        "capital_yen",
        "employees",
        "category",
    ),
    "applicant": ("name", "phone", "department"),
}
_NUMBERS = ("organisation_capital_yen", "organisation_employees")
TICKS = ("pledge_accepted", "terms_accepted")
ROW = ("corporate_number", "name")
MOST_ROWS = 500
# Thousands, spaces and the unit, as people write amounts.
_UNWRITTEN = str.maketrans("", "", ", ，、　円人")


def shown(content: Mapping[str, Any], language: str) -> dict[str, str]:
    """What stands in the fields."""
    values = {"role": content.get("role") or "", "language": content.get("language") or language}
    for part, names in _PARTS.items():
        entered = content.get(part) or {}
        values |= {f"{part}_{name}": _text(entered.get(name)) for name in names}
    values |= shown_rows(content.get("pledged_organisations") or [])
    return values | {name: "yes" if content.get(name) else "" for name in TICKS}


def read(form: Form, lang: Lang) -> tuple[dict[str, Any], list[Message]]:
    """The content that the form brings, without its documents; and numbers that are none."""
    wrong = [name for name in _NUMBERS if form[name].strip() and _number(form[name]) is None]
    content: dict[str, Any] = {
        part: {name: _value(f"{part}_{name}", form) for name in names} for part, names in _PARTS.items()
    }
    content["pledged_organisations"] = read_rows(form)
    content |= {name: form[name] == "yes" for name in TICKS}
    content |= {"role": form["role"] or None, "language": form["language"] or None}
    return content, [Message(PAGES[lang]["draft_number"], name) for name in wrong]


def shown_rows(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """What stands in the fields of the list of organisations."""
    return {row_field(place, name): _text(row.get(name)) for place, row in enumerate(rows) for name in ROW}


def read_rows(form: Form) -> list[dict[str, str | None]]:
    """The list of organisations that the form brings, without its empty rows."""
    rows = [{name: form[row_field(place, name)].strip() or None for name in ROW} for place in range(MOST_ROWS)]
    return [row for row in rows if any(row.values())]


def row_field(place: int, name: str) -> str:
    """A field of the list of organisations."""
    return f"pledged_organisations_{place}_{name}"


def field_of(pointer: str) -> str:
    """The field that a JSON pointer means; the documents are on a page of their own."""
    return pointer.strip("/").replace("/", "_")


def is_document(pointer: str) -> bool:
    """Whether a JSON pointer means the page of the documents."""
    return pointer.startswith("/documents")


def rows_of(values: Mapping[str, str], more: int) -> int:
    """How many rows of the list are shown: none where the user class names nobody."""
    filled = sum(name.startswith("pledged_organisations_") and name.endswith("_name") for name in values)
    if not filled and values["role"] not in COMMISSIONED_ROLES:
        return 0
    return min(max(filled, more, 1), MOST_ROWS)


def roles(lang: Lang) -> list[tuple[str, str, str]]:
    """The user classes that register for an organisation, each with for whom it acts."""
    rows = [row for row in USER_CLASSES.rows if row.registers_by == "organisation"]
    return [(row.role, getattr(row.name, lang), getattr(row.acts_for, lang)) for row in rows]


def categories(lang: Lang) -> list[tuple[str, str, str]]:
    """The categories of organisations, each with what belongs to it."""
    name = PAGES[lang]["draft_category_name"]
    return [
        (row.code.value, name.format(number=row.code[-1]), getattr(row.definition, lang)) for row in CATEGORIES.rows
    ]


def prefectures(lang: Lang) -> list[tuple[str, str]]:
    """The prefectures, with an empty line first."""
    listed = code_list("prefecture").labels.items()
    return [("", PAGES[lang]["choose"]), *((code.removeprefix("JP-"), getattr(name, lang)) for code, name in listed)]


def labels(lang: Lang, values: Mapping[str, str]) -> dict[str, str]:
    """What the fields are called, for the list of mistakes."""
    texts = PAGES[lang]
    names = [f"{part}_{name}" for part, names in _PARTS.items() for name in names]
    found = {name: texts[f"draft_{name}"] for name in [*names, *TICKS, "role", "language", "pledged_organisations"]}
    return found | row_labels(lang, values)


def row_labels(lang: Lang, values: Mapping[str, str]) -> dict[str, str]:
    """What the fields of the list of organisations are called."""
    text = PAGES[lang]["draft_row"]
    return {row_field(place, name): f"{text} {place + 1}" for place in range(rows_of(values, 0)) for name in ROW}


def _value(name: str, form: Form) -> str | int | None:
    return _number(form[name]) if name in _NUMBERS else form[name].strip() or None


def _number(text: str) -> int | None:
    plain = text.translate(_UNWRITTEN)
    return int(plain) if plain.isdecimal() and len(plain) < 16 else None


def _text(value: object) -> str:
    return "" if value is None else str(value)
