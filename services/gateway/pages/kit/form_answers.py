"""Answers of a form: which fields are asked, and the answers in the reader's words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from services.gateway.pages.kit.form_data import Condition, Item
from services.gateway.pages.kit.formats import day, month, number
from services.gateway.pages.kit.words import official_words, say
from services.gateway.texts import PAGES
from shared.http import Lang

Values = Mapping[str, Any]
# The roles of the foreign national and the family: everybody else files as an agent.
_FAMILY = frozenset({"self", "legal_rep", "relative"})


def answer_at(values: Values, code: str) -> Any:
    """The answer at a dotted code; None where nothing is entered."""
    value: Any = values
    for part in code.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(part)
    return value


def is_asked(item: Item, values: Values, role: str) -> bool:
    """Whether a field is asked, given the other answers of the form (inside a table: of the row) and who files."""
    return not item.when or any(all(holds(one, values, role) for one in group) for group in item.when)


def holds(condition: Condition, values: Values, role: str) -> bool:
    """Whether one condition holds for the answers and the role of who files."""
    if filing := condition.get("filing"):
        # What else decides, registration knows and the check says; the field is shown.
        return role not in _FAMILY if filing == "by_agent" else True
    answer = answer_at(values, condition["field"])
    if condition.get("empty"):
        return answer is None
    if "in" in condition:
        return answer in condition["in"]
    return answer not in condition.get("not_in", ())


def summary_text(item: Item, value: Any, lang: Lang) -> str:
    """A kept answer in the reader's words; "" where nothing is entered."""
    texts = PAGES[lang]["form_answers"]
    if value is None:
        return ""
    if isinstance(value, bool):
        return texts["yes" if value else "no"]
    if item.options:
        return item.label_of(value, lang) or str(value)
    if item.kind in ("day", "partial-day", "partial-month", "month"):
        return _date_text(str(value), lang)
    if item.kind == "number":
        amount = number(value, lang)
        return texts[f"with_{item.unit}"].format(number=amount) if f"with_{item.unit}" in texts else amount
    if item.kind == "postal-code":
        return f"{value[:3]}-{value[3:]}"
    return str(value)


def _date_text(value: str, lang: Lang) -> str:
    """A day, or a month or year of which the rest is unknown."""
    year, *rest = value.split("-")
    if len(rest) == 2:
        return day(value, lang)
    return month(value, lang) if rest else PAGES[lang]["form_answers"]["year_of"].format(year=year)


@dataclass(frozen=True, slots=True)
class Answered:
    """A field with its answer in the reader's words, and the official Japanese of both for a translation."""

    label: str
    official_label: str
    text: str
    official_text: str

    @classmethod
    def of(cls, item: Item, value: Any, lang: Lang) -> "Answered":
        """The answer; one of a table has no text of its own."""
        label, official_label = say(item.label, lang), official_words(item.label, lang)
        if item.kind == "rows":
            return cls(label, official_label, "", "")
        return cls(label, official_label, summary_text(item, value, lang), item.official_of(value, lang))


def answered_rows(item: Item, value: Any, lang: Lang) -> "tuple[tuple[Answered, ...], ...]":
    """The answers of each row of a table; empty ones are left out. Of a field that is no table there are none."""
    if item.kind != "rows":
        return ()
    return tuple(tuple(_answered(item, row, lang)) for row in value or ())


def _answered(table: Item, row: Values, lang: Lang) -> Iterator[Answered]:
    for field in table.rows:
        if (answered := Answered.of(field, answer_at(row, field.code), lang)).text:
            yield answered
