"""Saving answers: only those that were changed, without overwriting what somebody else changed since.

A page carries the answers that it was made from (`base`). What differs from them was typed here; what is kept now and
differs from them was changed by somebody else. Both at once is a conflict, and neither is lost.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.gateway.pages.kit.client import Answer
from services.gateway.pages.portal.filing.conditions import answer_at
from services.gateway.pages.portal.filing.draft import Draft
from services.gateway.pages.portal.filing.form_data import Item, id_at
from services.gateway.pages.portal.filing.shown import is_draft, read_view
from services.gateway.pages.portal.filing.values import (
    entered,
    near_options,
    put,
    sent_value,
    summary_text,
    typed_item,
    typed_values,
)
from services.gateway.texts import PAGES

# Somebody else may save between our reading and our saving, now and then even twice.
_ATTEMPTS = 4


@dataclass(slots=True)
class Saved:
    """The outcome. `draft` is as it is kept now; `errors` and `conflicts` (the other's answer in words) are by field.

    `refusal` is an answer that is about no field: nothing was saved.
    """

    draft: Draft
    errors: dict[str, list[str]] = field(default_factory=dict)
    conflicts: dict[str, str] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    refusal: Answer | None = None

    @property
    def is_complete(self) -> bool:
        """Whether everything that was typed is kept."""
        return not (self.errors or self.conflicts or self.refusal)

    def open_items(self) -> list[Item]:
        """Those whose answers are not kept yet: the page shows what was typed."""
        return [item for item in self.items if item.id in self.conflicts or _is_wrong(item, self.errors)]


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
    saved = Saved(draft, items=list(items))
    for item in changed:
        _refuse_unlisted(item, typed, saved)
    for _ in range(_ATTEMPTS):
        now = saved.draft
        saved.conflicts = {
            item.id: _other_answer(now, item)
            for item in changed
            if _kept(now, item) not in (entered(item, before), entered(item, typed))
        }
        sending = [item for item in changed if item.id not in saved.conflicts and not _is_wrong(item, saved.errors)]
        patch: dict[str, Any] = {}
        for item in sending:
            put(patch, item.code, sent_value(item, typed))
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
        wrong = {name: text for name, text in wrong.items() if any(_belongs(name, item) for item in sending)}
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


def _belongs(name: str, item: Item) -> bool:
    """Whether a field of the page is that of `item`, or one of its table."""
    return name == item.id or (item.kind == "rows" and name.startswith(f"{item.id}-"))


def _is_wrong(item: Item, errors: Iterable[str]) -> bool:
    return any(_belongs(name, item) for name in errors)


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
        saved.errors.setdefault(name, []).append(texts["about_field"].format(field=field.label[lang], text=hint))


def _field_named(name: str, item: Item) -> Item:
    """The field of the page that has this name: `item` itself, or the one in its rows."""
    if item.kind != "rows":
        return item
    inner = name.removeprefix(f"{item.id}-").partition("-")[2]
    return next(field for field in item.rows if field.id == inner)


def _other_answer(draft: Draft, item: Item) -> str:
    """The answer that somebody else saved, in words."""
    texts = PAGES[draft.lang]["filing"]
    value = answer_at(draft.values, item.code)
    if item.kind == "rows":
        return texts["rows_count"].format(number=len(value or ()))
    return summary_text(item, value, draft.lang) or texts["nothing_entered"]


async def _read_again(draft: Draft) -> Draft:
    return Draft(draft.visitor, await read_view(draft.visitor, draft.view["id"]), draft.form)


async def _send(draft: Draft, patch: Mapping[str, Any]) -> Answer:
    """Send the changed answers, as a change of the revision that was read."""
    return await draft.change({"form": patch})
