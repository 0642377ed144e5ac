"""Fields of a topic as its page shows them."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from services.gateway.pages.kit.form_answers import answer_at, is_asked
from services.gateway.pages.kit.form_data import Item, id_of
from services.gateway.pages.kit.words import say
from services.gateway.pages.portal.filing.conditions import condition_text, script_rule
from services.gateway.pages.portal.filing.draft import Draft
from services.gateway.pages.portal.filing.values import row_numbers
from services.gateway.texts import PAGES
from shared.http import Lang

_INPUT_MODES = {
    "digits": "numeric",
    "number": "numeric",
    "corporate-number": "numeric",
    "employment-insurance": "numeric",
    "postal-code": "numeric",
    "phone": "tel",
    "any-phone": "tel",
}
_CAPITALS = frozenset({"name", "letters", "residence-card", "passport"})
# About as wide as what belongs into it.
_WIDTHS = {
    "number": "short",
    "digits": "short",
    "letters": "tiny",
    "postal-code": "short",
    "day": "short",
    "partial-day": "short",
    "partial-month": "short",
    "month": "short",
    "any-phone": "short",
    "phone": "short",
    "passport": "short",
    "residence-card": "short",
    "corporate-number": "short",
    "employment-insurance": "short",
}


@dataclass(frozen=True, slots=True)
class Other:
    """The answer of somebody else to a field that was changed here as well: in words, and whose it is."""

    value: str
    name: str

    def in_words(self, text: str) -> str:
        return text.format(value=self.value, name=self.name)


@dataclass(frozen=True, slots=True)
class Shown:
    """A field with what is in it. `need` is None where a mark would say too much; `rule` is for the script."""

    item: Item
    name: str
    label: str
    value: str
    need: bool | None
    hints: tuple[str, ...]
    wrong: tuple[str, ...]
    other: Other | None
    rule: str
    options: tuple[tuple[str, str], ...]
    rows: "tuple[tuple[Shown, ...], ...]" = ()
    fetches: str = ""
    lists: str = ""

    @property
    def inputmode(self) -> str:
        return _INPUT_MODES.get(self.item.kind, "")

    @property
    def capitals(self) -> bool:
        """Whether capital letters are expected, so that the keyboard of a phone begins with them."""
        return self.item.kind in _CAPITALS

    @property
    def width(self) -> str:
        return _WIDTHS.get(self.item.kind, "")

    @property
    def described(self) -> str:
        """The ids of the texts that describe it."""
        ids = [f"{self.name}-hint"] if self.hints else []
        ids += [f"{self.name}-wrong"] if self.wrong else []
        ids += [f"{self.name}-other"] if self.other is not None else []
        return " ".join(ids)


@dataclass(frozen=True, slots=True)
class Entry:
    """Content of a topic's page: what was typed, mistakes, answers of somebody else, the table with one more row."""

    typed: Mapping[str, str]
    wrong: Mapping[str, Sequence[str]] = field(default_factory=dict)
    others: Mapping[str, Other] = field(default_factory=dict)
    more_rows: str = ""


def shown_fields(draft: Draft, items: Sequence[Item], entry: Entry) -> list[Shown]:
    """The fields of a topic in their order; those that nobody asks of this role, or that answers of other topics rule
    out, are left out unless they are filled."""
    return [
        _shown(draft, item, item.id, entry, items)
        for item in items
        if _may_be_asked(draft, item, items) or answer_at(draft.values, item.code) is not None
    ]


def lists_of(items: Iterable[Item], lang: Lang) -> dict[str, list[str]]:
    """The words to choose from of each long list, by the id that its fields name."""
    return {
        one.list_id: [say(option.label, lang) for option in one.options]
        for item in items
        for one in (item, *item.rows)
        if one.control == "list"
    }


def labels_of(fields: Iterable[Shown]) -> dict[str, str]:
    """The labels by the names of fields, those in rows with the number of the row."""
    return dict(_labels(fields))


def _labels(fields: Iterable[Shown]) -> Iterator[tuple[str, str]]:
    for shown in fields:
        yield shown.name, shown.label
        for number, row in enumerate(shown.rows, 1):
            for inner in row:
                yield inner.name, f"{shown.label} {number}: {inner.label}"


def _may_be_asked(draft: Draft, item: Item, items: Sequence[Item]) -> bool:
    """Whether some answers on this page would ask it of this role."""
    if not item.when:
        return True
    if _is_settled(draft, item, items):
        return draft.is_asked(item)
    return any(is_asked_by_filing(draft, [one for one in group if "filing" in one]) for group in item.when)


def _is_settled(draft: Draft, item: Item, items: Sequence[Item]) -> bool:
    """Whether answers of other topics alone decide if it is asked, and all of them are given."""
    here = {one.code for one in items}
    fields = [one["field"] for group in item.when for one in group if "field" in one]
    return bool(fields) and all(code not in here and answer_at(draft.values, code) is not None for code in fields)


def is_asked_by_filing(draft: Draft, conditions: Sequence[Mapping[str, object]]) -> bool:
    """Whether conditions about the filing hold for the role in which it is filed."""
    if not conditions:
        return True
    about = Item("", "text", {}, None, None, None, "", "sometimes", (tuple(conditions),), (), None, ())
    return is_asked(about, {}, draft.role)


def _shown(
    draft: Draft, item: Item, name: str, entry: Entry, siblings: Sequence[Item], table: Item | None = None
) -> Shown:
    lang = draft.lang
    prefix = name.removesuffix(item.id)
    # What is decided already needs no condition, neither for the script nor in words.
    plainly = table is None and _is_settled(draft, item, siblings) and draft.is_asked(item)
    rule = "" if plainly else script_rule(item, draft.role, prefix, tuple(siblings))
    rows: tuple[tuple[Shown, ...], ...] = ()
    if item.kind == "rows":
        rows = tuple(
            tuple(_shown(draft, inner, f"{item.id}-{number}-{inner.id}", entry, item.rows, item) for inner in item.rows)
            for number in range(_rows_open(item, entry))
        )
    return Shown(
        item=item,
        name=name,
        label=say(item.label, lang),
        value=_displayed(item, entry.typed.get(name, ""), lang),
        need=_need(item),
        hints=tuple(_hints(draft, item, siblings if table else (), with_condition=not plainly)),
        wrong=tuple(entry.wrong.get(name, ())),
        other=entry.others.get(name),
        rule=rule,
        options=tuple(_options(item, entry, siblings, prefix, lang)),
        rows=rows,
        fetches=_address_beside(item, siblings),
        lists=_lists(item, siblings, prefix),
    )


def _displayed(item: Item, text: str, lang: Lang) -> str:
    """The text of a field: what was typed, and words for the code of a long list."""
    return (item.label_of(text, lang) or text) if item.control == "list" else text


def _need(item: Item) -> bool | None:
    if item.required == "never":
        return False
    if item.required == "sometimes" and any("filing" in one for group in item.when for one in group):
        return None if not all(one.get("filing") == "by_agent" for group in item.when for one in group) else True
    return True


def _hints(draft: Draft, item: Item, siblings: Sequence[Item], *, with_condition: bool) -> Iterator[str]:
    lang = draft.lang
    texts = PAGES[lang]["filing"]
    if with_condition and (text := condition_text(item, draft.form, lang, tuple(siblings))):
        yield text
    if item.help:
        yield say(item.help, lang)
    sample = item.sample or texts.get(f"sample_{item.kind}")
    if sample and item.kind != "rows":
        yield texts["sample"].format(sample=item.label_of(sample, lang) or sample)
    if item.control == "area" and item.most:
        yield texts["at_most"].format(number=item.most)
    if item.control == "list":
        yield texts["list_hint"]


def _rows_open(item: Item, entry: Entry) -> int:
    """The rows that a table shows: those that are filled or have mistakes, another one on request, and at least one
    where some are asked for."""
    named = [name for name in entry.wrong if name.startswith(f"{item.id}-")]
    numbers = [*row_numbers(item, entry.typed), *(int(n.removeprefix(f"{item.id}-").split("-")[0]) for n in named)]
    filled = max(numbers, default=-1) + 1
    return min(max(filled + (item.code == entry.more_rows), item.required != "never"), item.most or 1)


def _options(item: Item, entry: Entry, siblings: Sequence[Item], prefix: str, lang: Lang) -> Iterator[tuple[str, str]]:
    """Code and words of the options; those that another answer leaves."""
    if item.kind == "yes-no":
        yield from ((answer, PAGES[lang]["form_answers"][answer]) for answer in ("yes", "no"))
    allowed = None
    if item.options_by:
        answer = entry.typed.get(_name_of(item.options_by["field"], siblings, prefix), "")
        allowed = item.options_by["lists"].get(answer) if answer else None
    yield from (
        (option.code, say(option.label, lang)) for option in item.options if allowed is None or option.code in allowed
    )
    if item.control == "radio" and item.required == "never":
        yield ("", PAGES[lang]["filing"]["no_answer"])


def _lists(item: Item, siblings: Sequence[Item], prefix: str) -> str:
    """The options that each answer to another field leaves, as the script reads it; "" where all always stay."""
    if not item.options_by:
        return ""
    field = _name_of(item.options_by["field"], siblings, prefix)
    return json.dumps({"field": field, "lists": item.options_by["lists"]}, separators=(",", ":"))


def _name_of(code: str, siblings: Sequence[Item], prefix: str) -> str:
    """The name of another field in the page: of the same row, or else of the form around the table."""
    return (prefix if any(one.code == code for one in siblings) else "") + id_of(code)


def _address_beside(item: Item, siblings: Sequence[Item]) -> str:
    """The id of the address that belongs to a postal code; "" for every other field."""
    if item.kind != "postal-code":
        return ""
    stem = item.code.removesuffix("postal")
    return next((one.id for one in siblings if one.code == f"{stem}address"), "")
