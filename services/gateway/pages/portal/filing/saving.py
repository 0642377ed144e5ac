"""Saving answers: only those that were changed, without overwriting what somebody else changed since.

A page carries the answers that it was made from (`base`). What differs from them was typed here; what is kept now and
differs from them was changed by somebody else. Both at once is a conflict, and neither is lost. Of a table each cell is
compared, unless rows came or went: then the others may have moved, and it is compared as one.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.gateway.pages.kit.client import Answer
from services.gateway.pages.kit.form_answers import answer_at, summary_text
from services.gateway.pages.kit.form_data import Item, id_at
from services.gateway.pages.kit.words import say
from services.gateway.pages.portal.filing.draft import Draft
from services.gateway.pages.portal.filing.shown import is_draft, read_view
from services.gateway.pages.portal.filing.values import (
    entered,
    near_options,
    put,
    row_numbers,
    sent_value,
    typed_item,
    typed_values,
)
from services.gateway.texts import PAGES

# Somebody else may save between our reading and our saving, now and then even twice.
_ATTEMPTS = 4


@dataclass(slots=True)
class Saved:
    """The outcome. `draft` is as it is kept now; `errors` and `conflicts` (the other's answer in words) are by field.

    `parts` are those that were changed; `refusal` is an answer that is about no field: nothing was saved.
    """

    draft: Draft
    errors: dict[str, list[str]] = field(default_factory=dict)
    conflicts: dict[str, str] = field(default_factory=dict)
    parts: list["Part"] = field(default_factory=list)
    refusal: Answer | None = None

    @property
    def is_complete(self) -> bool:
        """Whether everything that was typed is kept."""
        return not (self.errors or self.conflicts or self.refusal)

    def open_parts(self) -> list["Part"]:
        """Those that are not kept yet: the page shows what was typed."""
        return [part for part in self.parts if part.name in self.conflicts or part.is_wrong(self.errors)]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a page that is saved or refused as one: a field, a table, a cell (`row` is the number of its row)."""

    item: Item
    field: Item
    row: int | None = None

    @property
    def name(self) -> str:
        """The name of its field in the page."""
        return self.item.id if self.row is None else f"{self.item.id}-{self.row}-{self.field.id}"

    def has(self, name: str) -> bool:
        """Whether a field of the page belongs to it."""
        return name == self.name or (self.field.kind == "rows" and name.startswith(f"{self.item.id}-"))

    def is_wrong(self, errors: Iterable[str]) -> bool:
        return any(self.has(name) for name in errors)

    def entered(self, typed: Mapping[str, str]) -> dict[str, str]:
        """Its own of the typed texts, without empty ones."""
        return {name: text for name, text in entered(self.item, typed).items() if self.has(name)}

    def put(self, patch: dict[str, Any], typed: Mapping[str, str]) -> None:
        """Put what was typed into a merge patch; a cell by the position of its row."""
        if self.row is None:
            put(patch, self.item.code, sent_value(self.item, typed))
            return
        rows = answer_at(patch, self.item.code) or {}
        put(
            rows.setdefault(str(self.row), {}),
            self.field.code,
            sent_value(self.field, {self.field.id: typed.get(self.name, "")}),
        )
        put(patch, self.item.code, rows)

    def in_words(self, draft: Draft) -> str:
        """The answer that is kept, in words."""
        texts = PAGES[draft.lang]["filing"]
        value = answer_at(draft.values, self.item.code)
        if self.row is not None:
            value = answer_at(value[self.row], self.field.code) if value and self.row < len(value) else None
        if self.field.kind == "rows":
            return texts["rows_count"].format(number=len(value or ()))
        return summary_text(self.field, value, draft.lang) or texts["nothing_entered"]


def read_base(text: str) -> dict[str, str] | None:
    """The answers that a page was made from; None where it does not say."""
    try:
        found = json.loads(text)
        # Half of a pair of UTF-16 can be written in JSON and not in a page.
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        return None
    return found


def write_base(base: Mapping[str, str]) -> str:
    """The same for a page."""
    return json.dumps(base, ensure_ascii=False, separators=(",", ":"))


async def save_answers(
    draft: Draft, items: Sequence[Item], typed: Mapping[str, str], base: Mapping[str, str] | None
) -> Saved:
    """Save what was typed into `items`. What cannot be read is left out, so that the rest is kept."""
    lang = draft.lang
    before = typed_values(items, draft.values, lang) if base is None else base
    changed = [item for item in items if entered(item, typed) != entered(item, before)]
    saved = Saved(draft)
    for item in changed:
        _refuse_unlisted(item, typed, saved)
    for _ in range(_ATTEMPTS):
        now = saved.draft
        saved.parts = [part for item in changed for part in _parts(item, typed, before, _kept(now, item))]
        saved.conflicts = {
            part.name: part.in_words(now)
            for part in saved.parts
            if part.entered(_kept(now, part.item)) not in (part.entered(before), part.entered(typed))
        }
        sending = [part for part in saved.parts if part.name not in saved.conflicts and not part.is_wrong(saved.errors)]
        patch: dict[str, Any] = {}
        for part in sending:
            part.put(patch, typed)
        if not patch:
            return saved
        answer = await _send(now, patch)
        if answer.ok:
            saved.draft = await _read_again(now)
            return saved
        if answer.status in (409, 412) and answer.code != "already-filed":
            saved.draft = await _read_again(now)
            if not is_draft(saved.draft.view):
                saved.refusal = answer
                return saved
            continue
        wrong = {id_at(error["pointer"]): str(error["message"]) for error in answer.body.get("errors") or ()}
        wrong = {name: text for name, text in wrong.items() if any(part.has(name) for part in sending)}
        if answer.status != 422 or not wrong:
            saved.refusal = answer
            return saved
        for name, text in wrong.items():
            saved.errors.setdefault(name, []).append(text)
    saved.refusal = answer
    return saved


def _kept(draft: Draft, item: Item) -> dict[str, str]:
    """The answer that is kept now, as it would be typed."""
    return entered(item, typed_item(item, answer_at(draft.values, item.code), draft.lang))


def _parts(item: Item, typed: Mapping[str, str], before: Mapping[str, str], kept: Mapping[str, str]) -> list[Part]:
    """The parts of a changed field: the changed cells of a table whose rows are the same as before and as kept."""
    rows = row_numbers(item, typed) if item.kind == "rows" else []
    if not rows or rows != list(range(len(rows))) or any(row_numbers(item, other) != rows for other in (before, kept)):
        return [Part(item, item)]
    cells = [Part(item, field, row) for row in rows for field in item.rows]
    return [cell for cell in cells if cell.entered(typed) != cell.entered(before)]


def _refuse_unlisted(item: Item, typed: Mapping[str, str], saved: Saved) -> None:
    """Refuse what was typed for a long list and is not in it, with what resembles it."""
    lang = saved.draft.lang
    texts = PAGES[lang]["filing"]
    for name, text in entered(item, typed).items():
        field = _field_named(name, item)
        if field.control != "list" or field.label_of(text, lang):
            continue
        near = near_options(field, text, lang)
        hint = texts["not_in_list_near"].format(near=texts["comma"].join(near)) if near else texts["not_in_list"]
        saved.errors.setdefault(name, []).append(texts["about_field"].format(field=say(field.label, lang), text=hint))


def _field_named(name: str, item: Item) -> Item:
    """The field of the page that has this name: `item` itself, or the one in its rows."""
    if item.kind != "rows":
        return item
    inner = name.removeprefix(f"{item.id}-").partition("-")[2]
    return next(field for field in item.rows if field.id == inner)


async def _read_again(draft: Draft) -> Draft:
    return Draft(draft.visitor, await read_view(draft.visitor, draft.view["id"]), draft.form)


async def _send(draft: Draft, patch: Mapping[str, Any]) -> Answer:
    """Send the changed answers, as a change of the revision that was read."""
    return await draft.change({"form": patch})
