"""The fields of a draft's form, by the names of registration's JSON: `/organisation/name` is `organisation_name`."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.gateway.pages.kit.forms import Form, Message
from services.gateway.texts import PAGES
from shared.http import Lang
from shared.reference.lists import code_list
from shared.reference.organisations import CATEGORIES
from shared.reference.usage_documents import COMMISSIONED_ROLES
from shared.reference.user_classes import USER_CLASSES
from shared.text import BadValue, whole_number
from shared.text.typed import MOST_YEN

# In the order of the form, which is also that of every list of mistakes.
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
NUMBERS = {"organisation_capital_yen": "yen", "organisation_employees": "people"}
TICKS = ("pledge_accepted", "terms_accepted")
ROWS = "pledged_organisations"
ROW = ("corporate_number", "name")
MOST_ROWS = 500


def shown(content: Mapping[str, Any], language: str) -> dict[str, str]:
    """The values that the fields show: as typed, also where they cannot be read."""
    values = {"role": content.get("role") or "", "language": content.get("language") or language}
    for part, names in _PARTS.items():
        entered = content.get(part) or {}
        values |= {f"{part}_{name}": _text(entered.get(name)) for name in names}
    values |= shown_rows(content.get(ROWS) or [])
    values |= {name: "yes" if content.get(name) else "" for name in TICKS}
    return values | {field_of(pointer): typed for pointer, typed in (content.get("unread") or {}).items()}


def read(form: Form) -> dict[str, Any]:
    """The content that the form brings, without its documents. What is no number stays as it was typed."""
    content: dict[str, Any] = {
        part: {name: _value(f"{part}_{name}", form) for name in names} for part, names in _PARTS.items()
    }
    content[ROWS] = read_rows(form)
    content |= {name: form[name] == "yes" for name in TICKS}
    content |= {name: form[name] or None for name in ("terms_version", "pledge_version")}
    content |= {"role": form["role"] or None, "language": form["language"] or None}
    content["unread"] = {}
    return content


def set_aside(content: dict[str, Any], pointers: Sequence[str]) -> bool:
    """Move what registration does not take at these places to `unread`; whether there was any."""
    moved = False
    for pointer in pointers:
        *path, last = pointer.strip("/").split("/")
        place: Any = content
        for part in path:
            place = place[int(part)] if isinstance(place, list) else place.get(part)
        if isinstance(place, dict) and isinstance(place.get(last), str):
            content["unread"][pointer], place[last], moved = place[last], None, True
    return moved


def shown_rows(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The values that the fields of the list of organisations show."""
    return {row_field(place, name): _text(row.get(name)) for place, row in enumerate(rows) for name in ROW}


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
    """How many rows of the list are shown: none where the user class names nobody."""
    filled = rows_in(values)
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
    """The labels of the fields, in the order of the form."""
    texts = PAGES[lang]
    parts = [f"{part}_{name}" for part, names in _PARTS.items() for name in names]
    found = {name: texts[f"draft_{name}"] for name in ["role", *parts, ROWS]}
    return found | row_labels(lang, values) | {name: texts[f"draft_{name}"] for name in [*TICKS, "language"]}


def row_labels(lang: Lang, values: Mapping[str, str]) -> dict[str, str]:
    """What the fields of the list of organisations are called."""
    texts = PAGES[lang]
    return {
        row_field(place, name): texts["draft_row_number" if name == "corporate_number" else "draft_row_name"].format(
            number=place + 1
        )
        for place in range(max(rows_in(values), 1))
        for name in ROW
    }


def message_of(problem: Mapping[str, Any], lang: Lang) -> str:
    """The message at a field; at an empty one, what to do there."""
    field, texts = field_of(problem["pointer"]), PAGES[lang]
    if problem["code"] in ("required", "must-be-accepted"):
        name = f"{ROWS}_{field.split('_', 3)[-1]}" if field.startswith(f"{ROWS}_") else field
        return texts.get(f"draft_need_{name}") or str(problem["message"])
    return str(problem["message"])


def words(lang: Lang) -> dict[str, dict[str, str]]:
    """Of the fields with codes, what each code means."""
    return {
        "role": {role: name for role, name, _ in roles(lang)},
        "organisation_category": {code: name for code, name, _ in categories(lang)},
        "organisation_prefecture": dict(prefectures(lang)),
        "language": {"ja": "日本語", "en": "English"},
        **{name: {"yes": PAGES[lang]["draft_ticked"], "": PAGES[lang]["draft_not_ticked"]} for name in TICKS},
    }


def in_order(messages: Sequence[Message], labels: Mapping[str, str]) -> tuple[Message, ...]:
    """As the fields come on the page; what belongs to no field is last."""
    order = {name: place for place, name in enumerate(labels)}
    return tuple(sorted(messages, key=lambda message: order.get(message.field or "", len(order))))


def _value(name: str, form: Form) -> str | int | None:
    typed = form[name].strip()
    try:
        return whole_number(typed, MOST_YEN, unit=NUMBERS[name]) if typed and name in NUMBERS else typed or None
    except BadValue:
        return typed


def _text(value: object) -> str:
    return "" if value is None else str(value)
