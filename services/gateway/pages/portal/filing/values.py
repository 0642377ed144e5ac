"""Answers of a form between the fields of a page, where they are text, and the service, which keeps them as JSON."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from services.gateway.pages.kit.form_answers import Values, answer_at
from services.gateway.pages.kit.form_data import Item, plain
from services.gateway.pages.kit.words import say
from shared.http import Lang

_YES_NO = {True: "yes", False: "no"}
_NOT_MANY = 3


def typed_value(item: Item, value: Any, lang: Lang) -> str:
    """A kept answer as the field shows it: the code of a choice, the words of one of a long list, yes or no."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _YES_NO[value]
    if item.control == "list":
        return item.label_of(value, lang) or str(value)
    return str(value)


def typed_values(items: Iterable[Item], values: Values, lang: Lang) -> dict[str, str]:
    """Kept answers by the names of their fields, as the page shows them; empty ones are left out."""
    return {name: text for item in items for name, text in typed_item(item, answer_at(values, item.code), lang).items()}


def typed_item(item: Item, value: Any, lang: Lang) -> dict[str, str]:
    """The same for one field, or for the rows of one table."""
    if item.kind == "rows":
        return {
            f"{item.id}-{number}-{field.id}": text
            for number, row in enumerate(value or ())
            for field in item.rows
            if (text := typed_value(field, answer_at(row, field.code), lang))
        }
    text = typed_value(item, value, lang)
    return {item.id: text} if text else {}


def entered(item: Item, typed: Mapping[str, str]) -> dict[str, str]:
    """The typed texts of a field, or of the rows of a table, without empty ones; of a long list the code."""
    if item.kind != "rows":
        return {item.id: text} if (text := _chosen(item, typed.get(item.id, ""))).strip() else {}
    names = ((f"{item.id}-{number}-{field.id}", field) for number in range(item.most or 0) for field in item.rows)
    return {name: text for name, field in names if (text := _chosen(field, typed.get(name, ""))).strip()}


def _chosen(item: Item, text: str) -> str:
    return item.codes.get(plain(text), text) if item.control == "list" and text else text


def row_numbers(item: Item, typed: Mapping[str, str]) -> list[int]:
    """The numbers of the rows in which something was typed."""
    filled = {name.removeprefix(f"{item.id}-").split("-", 1)[0] for name in entered(item, typed)}
    return sorted(int(number) for number in filled)


def sent_value(item: Item, typed: Mapping[str, str]) -> Any:
    """The typed text as the service takes it; None where there is none. Rows close up over those that are empty."""
    if item.kind == "rows":
        rows = [_row(item, number, typed) for number in row_numbers(item, typed)]
        return rows or None
    return _sent(item, typed.get(item.id, ""))


def _row(table: Item, number: int, typed: Mapping[str, str]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for field in table.rows:
        value = _sent(field, typed.get(f"{table.id}-{number}-{field.id}", ""))
        if value is not None:
            put(row, field.code, value)
    return row


def _sent(item: Item, text: str) -> Any:
    if not text.strip():
        return None
    if item.kind == "yes-no":
        return {"yes": True, "no": False}.get(text, text)
    return _chosen(item, text)


def near_options(item: Item, text: str, lang: Lang) -> list[str]:
    """Words of options that resemble what was typed, the nearest first."""
    wanted = plain(text)
    labels = {plain(say(option.label, lang)): say(option.label, lang) for option in item.options}
    inside = [label for plain, label in labels.items() if wanted in plain]
    close = [labels[plain] for plain in get_close_matches(wanted, labels, _NOT_MANY, 0.6)]
    return list(dict.fromkeys([*close, *inside]))[:_NOT_MANY]


def put(values: dict[str, Any], code: str, value: Any) -> None:
    """Put an answer at a dotted code."""
    *groups, last = code.split(".")
    for group in groups:
        values = values.setdefault(group, {})
    values[last] = value


def nested(items: Iterable[Item], typed: Mapping[str, str]) -> dict[str, Any]:
    """Everything that was typed as the service takes it, so that conditions can be asked of it."""
    values: dict[str, Any] = {}
    for item in items:
        if (value := sent_value(item, typed)) is not None:
            put(values, item.code, value)
    return values
