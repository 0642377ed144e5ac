"""Correcting one topic of a filed application: its fields, then what changes side by side, then the correction."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from starlette.responses import Response

from services.gateway.pages.kit.client import Answer
from services.gateway.pages.kit.form_answers import answer_at
from services.gateway.pages.kit.form_data import Item, Topic, id_at
from services.gateway.pages.kit.forms import Form, FormErrors, LongForm, Message
from services.gateway.pages.kit.frame import page_router, redirect_to, render_page
from services.gateway.pages.kit.visitor import CurrentVisitor, LongFormVisitor, Visitor
from services.gateway.pages.kit.words import say
from services.gateway.pages.portal.case.filed import PATH, Filed, find_filed
from services.gateway.pages.portal.filing.draft import Draft, open_draft
from services.gateway.pages.portal.filing.fields import Entry, labels_of, lists_of, shown_fields
from services.gateway.pages.portal.filing.shown import APPLICATIONS
from services.gateway.pages.portal.filing.topic import entry_after
from services.gateway.pages.portal.filing.values import entered, put, sent_value, typed_item, typed_values
from services.gateway.texts import PAGES
from shared.errors import NotFound
from shared.http import Lang

router = page_router()
TOPIC = f"{PATH}/correction/{{code}}"


@dataclass(frozen=True, slots=True)
class Part:
    """One topic of a filed application. `draft` is the application as the pages of its form show it."""

    filed: Filed
    draft: Draft
    topic: Topic
    possible: str

    @property
    def path(self) -> str:
        return f"{self.filed.path}/correction/{self.topic.code}"

    @property
    def texts(self) -> Mapping[str, str]:
        return PAGES[self.filed.lang]["case"]


@router.get(TOPIC)
async def show_topic(application_id: UUID, code: str, visitor: CurrentVisitor) -> Response:
    """Show the fields of the topic as they were filed."""
    part = await _part(visitor, application_id, code)
    if part is None:
        return redirect_to(f"{APPLICATIONS}/{application_id}/correction")
    return _page(part, Entry(typed_values(part.topic.items, part.draft.values, part.filed.lang)), Form())


@router.post(TOPIC)
async def correct_topic(application_id: UUID, code: str, visitor: LongFormVisitor, form: LongForm) -> Response:
    """Show what would change, or make the correction; or the same page with another row or address."""
    part = await _part(visitor, application_id, code)
    if part is None:
        return redirect_to(f"{APPLICATIONS}/{application_id}/correction")
    if entry := await entry_after(part.draft, part.topic, form):
        return _page(part, entry, form)
    if form["do"] not in ("check", "go"):
        return _page(part, Entry(form), form)
    changed = _changed(part, form)
    if form["do"] == "go" and not changed and form.revision != part.filed.view["revision"]:
        # The button was pressed twice: the correction is made.
        return redirect_to(part.filed.path, done="corrected")
    missing = [] if changed else [Message(part.texts["correct_nothing"])]
    missing += [] if form["reason"].strip() else [Message(part.texts["correct_need_reason"], "reason")]
    if missing:
        return _page(part, Entry(form), form, FormErrors(422, tuple(missing)))
    if form["do"] == "check":
        return _confirmation(part, changed, form)
    return await _correct(part, changed, form)


async def _part(visitor: Visitor, application_id: UUID, code: str) -> Part | None:
    """The topic; None where the application cannot be corrected now."""
    filed = await find_filed(visitor, application_id)
    if filed is None:
        return None
    possible = await filed.correctable()
    if possible is None:
        return None
    draft = await open_draft(visitor, filed.view)
    topic = draft.form.topic(code)
    if topic is None:
        raise NotFound()
    return Part(filed, draft, topic, possible)


def _changed(part: Part, form: Form) -> list[Item]:
    """The fields in which something else was typed than was filed."""
    lang = part.filed.lang
    return [
        item
        for item in part.topic.items
        if entered(item, form) != entered(item, typed_item(item, answer_at(part.draft.values, item.code), lang))
    ]


async def _correct(part: Part, changed: list[Item], form: Form) -> Response:
    patch: dict[str, Any] = {}
    for item in changed:
        put(patch, item.code, sent_value(item, form))
    read = {"If-Match": f'"{form.revision}"'}
    answer = await part.filed.change("corrections", {"form": patch, "reason": form["reason"]}, form, **read)
    if answer.ok:
        done = "corrected" if answer.body["state"] == "corrected" else "asked"
        return redirect_to(part.filed.path, done=done)
    if answer.status == 412:
        form = form.seen(part.filed.view["revision"])
    return _page(part, Entry(form, wrong=_wrong(answer)), form, _errors(part, answer))


def _wrong(answer: Answer) -> dict[str, list[str]]:
    """The mistakes by field."""
    found: dict[str, list[str]] = {}
    for one in answer.body.get("errors") or ():
        found.setdefault(id_at(one["pointer"]), []).append(one["message"])
    return found


def _errors(part: Part, answer: Answer) -> FormErrors | None:
    if answer.status == 412:
        return FormErrors(409, (Message(part.texts["correct_changed_since"]),))
    # A mistake of another topic has no field on this page.
    here = {shown.name for shown in shown_fields(part.draft, part.topic.items, Entry({}))} | {"reason"}
    pointers = [one["pointer"] for one in answer.body.get("errors") or ()]
    fields = {pointer: id_at(pointer) for pointer in pointers if id_at(pointer) in here}
    return answer.form_errors(part.filed.lang, fields | {"/reason": "reason"})


def _page(part: Part, entry: Entry, form: Form, errors: FormErrors | None = None) -> Response:
    filed, lang = part.filed, part.filed.lang
    fields = shown_fields(part.draft, part.topic.items, entry)
    return render_page(
        filed.visitor.request,
        "portal/case/correction_topic",
        lang,
        visitor=filed.visitor,
        filed=filed,
        errors=errors,
        title=say(part.topic.title, lang),
        fields=fields,
        labels=labels_of(fields) | {"reason": part.texts["correct_reason"]},
        lists=lists_of(part.topic.items, lang),
        path=part.path,
        possible=part.possible,
        revision=form["revision"] or filed.view["revision"],
        reason=form["reason"],
    )


def _confirmation(part: Part, changed: list[Item], form: Form) -> Response:
    filed, lang = part.filed, part.filed.lang
    kept = {name: text for item in part.topic.items for name, text in entered(item, form).items()}
    return render_page(
        filed.visitor.request,
        "portal/case/correction_confirm",
        lang,
        visitor=filed.visitor,
        filed=filed,
        changes=[row for item in changed for row in _rows(part, item, form)],
        kept=kept,
        path=part.path,
        possible=part.possible,
        revision=form["revision"],
        reason=form["reason"],
    )


def _rows(part: Part, item: Item, form: Form) -> Iterator[dict[str, str]]:
    """The changes of one field, or of each field of a table, as they were typed."""
    lang = part.filed.lang
    before = entered(item, typed_item(item, answer_at(part.draft.values, item.code), lang))
    after = entered(item, form)
    for name, one, label in _named(item, lang):
        old, new = before.get(name, ""), after.get(name, "")
        if old != new:
            yield {"label": label, "before": _words(one, old, lang), "after": _words(one, new, lang)}


def _named(item: Item, lang: Lang) -> Iterator[tuple[str, Item, str]]:
    """The name of a field in its page, the field, and its label; of a table those of every row that it can have."""
    if item.kind != "rows":
        yield item.id, item, say(item.label, lang)
    for number in range(item.most or 0) if item.kind == "rows" else ():
        for inner in item.rows:
            yield (
                f"{item.id}-{number}-{inner.id}",
                inner,
                f"{say(item.label, lang)} {number + 1}: {say(inner.label, lang)}",
            )


def _words(item: Item, text: str, lang: Lang) -> str:
    """The words of what was typed: the label of a code."""
    if item.kind == "yes-no" and text in ("yes", "no"):
        return PAGES[lang]["filing"][text]
    return item.label_of(text, lang) or text
