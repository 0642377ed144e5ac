"""Fields about organisations, which the usage registration and the periodic report have in common."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.gateway.pages.kit.forms import Form
from services.gateway.pages.kit.words import say
from services.gateway.texts import PAGES
from shared.http import Lang
from shared.reference.lists import code_list
from shared.reference.organisations import CATEGORIES
from shared.reference.usage_documents import COMMISSIONED_ROLES

# The list of organisations that a pledge covers.
ROWS = "pledged_organisations"
ROW = ("corporate_number", "name")
MOST_ROWS = 500


def shown_rows(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The values that the fields of the list of organisations show."""
    return {row_field(place, name): text_of(row.get(name)) for place, row in enumerate(rows) for name in ROW}


def read_rows(form: Form) -> list[dict[str, str | None]]:
    """The list of organisations that the form brings, without its empty rows."""
    rows = [{name: form[row_field(place, name)].strip() or None for name in ROW} for place in range(MOST_ROWS)]
    return [row for row in rows if any(row.values())]


def row_field(place: int, name: str) -> str:
    """A field of the list of organisations."""
    return f"{ROWS}_{place}_{name}"


def rows_in(values: Mapping[str, str]) -> int:
    """The number of rows of the list."""
    return sum(name.startswith(f"{ROWS}_") and name.endswith("_name") for name in values)


def field_of(pointer: str) -> str:
    """The field that a JSON pointer means; the documents are on a page of their own."""
    return pointer.strip("/").replace("/", "_")


def is_document(pointer: str) -> bool:
    """Whether a JSON pointer means the page of the documents."""
    return pointer.startswith("/documents")


def rows_of(values: Mapping[str, str], more: int) -> int:
    """The number of rows of the list that are shown: none where the user class names no organisations."""
    filled = rows_in(values)
    if not filled and values["role"] not in COMMISSIONED_ROLES:
        return 0
    return min(max(filled, more, 1), MOST_ROWS)


def categories(lang: Lang) -> list[tuple[str, str, str]]:
    """The categories of organisations, each with what belongs to it."""
    name = PAGES[lang]["organisations"]["category_name"]
    return [(row.code.value, name.format(number=row.code[-1]), say(row.definition, lang)) for row in CATEGORIES.rows]


def category_name(code: str | None, lang: Lang) -> str:
    """The name of a category of organisations; "" for none."""
    return PAGES[lang]["organisations"]["category_name"].format(number=code[-1]) if code else ""


def prefectures(lang: Lang) -> list[tuple[str, str]]:
    """The prefectures, with an empty line first."""
    listed = code_list("prefecture").labels.items()
    return [
        ("", PAGES[lang]["forms"]["choose"]),
        *((code.removeprefix("JP-"), say(name, lang)) for code, name in listed),
    ]


def row_labels(lang: Lang, values: Mapping[str, str]) -> dict[str, str]:
    """The labels of the fields of the list of organisations."""
    texts = PAGES[lang]["organisations"]
    return {
        row_field(place, name): texts["row_number" if name == "corporate_number" else "row_name"].format(
            number=place + 1
        )
        for place in range(max(rows_in(values), 1))
        for name in ROW
    }


def message_of(problem: Mapping[str, Any], lang: Lang) -> str:
    """The message at a field; at an empty one, what to do there."""
    field, texts = field_of(problem["pointer"]), PAGES[lang]["organisations"]
    if problem["code"] in ("required", "must-be-accepted"):
        name = f"{ROWS}_{field.split('_', 3)[-1]}" if field.startswith(f"{ROWS}_") else field
        return texts.get(f"need_{name}") or str(problem["message"])
    return str(problem["message"])


def text_of(value: object) -> str:
    """A value as a field shows it."""
    return "" if value is None else str(value)
