"""The fields of a draft's form, by the names of registration's JSON: `/organisation/name` is `organisation_name`."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.gateway.pages.kit.forms import Form, Message
from services.gateway.pages.kit.organisations import (
    ROWS,
    categories,
    field_of,
    prefectures,
    read_rows,
    row_labels,
    shown_rows,
    text_of,
)
from services.gateway.pages.kit.words import say
from services.gateway.texts import PAGES
from shared.languages import LANGUAGES, Lang
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


def shown(content: Mapping[str, Any], language: str) -> dict[str, str]:
    """The values that the fields show: as typed, also where they cannot be read."""
    values = {"role": content.get("role") or "", "language": content.get("language") or language}
    for part, names in _PARTS.items():
        entered = content.get(part) or {}
        values |= {f"{part}_{name}": text_of(entered.get(name)) for name in names}
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


def roles(lang: Lang) -> list[tuple[str, str, str]]:
    """The user classes that register for an organisation, each with for whom it acts."""
    rows = [row for row in USER_CLASSES.rows if row.registers_by == "organisation"]
    return [(row.role, say(row.name, lang), say(row.acts_for, lang)) for row in rows]


def labels(lang: Lang, values: Mapping[str, str]) -> dict[str, str]:
    """The labels of the fields, in the order of the form."""
    texts = PAGES[lang]["usage_registration"] | PAGES[lang]["organisations"]
    parts = [f"{part}_{name}" for part, names in _PARTS.items() for name in names]
    found = {name: texts[name] for name in ["role", *parts, ROWS]}
    return found | row_labels(lang, values) | {name: texts[name] for name in [*TICKS, "language"]}


def words(lang: Lang) -> dict[str, dict[str, str]]:
    """Of the fields with codes, what each code means."""
    return {
        "role": {role: name for role, name, _ in roles(lang)},
        "organisation_category": {code: name for code, name, _ in categories(lang)},
        "organisation_prefecture": dict(prefectures(lang)),
        "language": {language.code: language.name for language in LANGUAGES.values()},
        **{
            name: {
                "yes": PAGES[lang]["usage_registration"]["ticked"],
                "": PAGES[lang]["usage_registration"]["not_ticked"],
            }
            for name in TICKS
        },
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
