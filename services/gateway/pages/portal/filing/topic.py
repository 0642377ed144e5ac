"""One topic of the form: its fields, saved with the button or, with the script, as they are filled in."""

import re
from collections.abc import Collection, Mapping
from os.path import commonprefix
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import Query
from starlette.responses import JSONResponse, Response

from services.gateway.pages.kit.client import ServiceClient, Session
from services.gateway.pages.kit.form_data import Item, Topic
from services.gateway.pages.kit.forms import Form, FormErrors, LongForm, Message, is_id
from services.gateway.pages.kit.frame import Done, page_router, redirect_to, render_page
from services.gateway.pages.kit.visitor import CurrentVisitor, LongFormVisitor, Visitor
from services.gateway.pages.portal.filing.colleagues import who_changed
from services.gateway.pages.portal.filing.draft import Draft, find_draft, not_saved
from services.gateway.pages.portal.filing.fields import Entry, Other, labels_of, lists_of, shown_fields
from services.gateway.pages.portal.filing.saving import Part, Saved, read_base, save_answers, write_base
from services.gateway.pages.portal.filing.shown import is_draft
from services.gateway.pages.portal.filing.steps import step_after, steps_of
from services.gateway.pages.portal.filing.values import entered, typed_values
from services.gateway.pages.portal.imports.shown import IMPORTS, row_problems
from services.gateway.texts import PAGES
from shared.clock import JST
from shared.errors import NotFound

router = page_router()
TOPIC = "/applications/{application_id:uuid}/form/{code}"
SCRIPT = ("draft.js",)
_PRESSED = re.compile(r"(row|drop|take|address):([a-z0-9_.-]{1,80})(?::([0-9]{1,3}))?")


@router.get(TOPIC)
async def show_topic(
    application_id: UUID,
    code: str,
    visitor: CurrentVisitor,
    checked: Annotated[bool, Query()] = False,
    of_import: Annotated[UUID | None, Query(alias="import")] = None,
    done: Done = None,
) -> Response:
    """Show the fields of a topic; with `checked`, everything that is missing as well. Who comes from the page of a file
    with many applications reads what was wrong in its cells, and is led back to it."""
    draft = await find_draft(visitor, application_id)
    if draft is None:
        return redirect_to(f"/applications/{application_id}")
    topic = _topic(draft, code)
    problems: dict[str, list[str]] = {}
    for problem in draft.problems((await draft.check())["problems"]):
        if problem.place == topic.code and (checked or problem.code != "required"):
            problems.setdefault(problem.field, []).append(problem.text)
    typed = typed_values(topic.items, draft.values, visitor.lang)
    for problem in draft.problems(await row_problems(visitor, of_import, draft.id)) if of_import else ():
        # What its cell had is not in the draft.
        if problem.place == topic.code and problem.field not in typed:
            problems[problem.field] = [problem.text]
    entry = Entry(typed, wrong=problems)
    return _page(draft, topic, entry, of_import=str(of_import or ""), done=done)


@router.post(TOPIC)
async def save_topic(application_id: UUID, code: str, visitor: LongFormVisitor, form: LongForm) -> Response:
    """Save what was typed and go on; or show the same page with another row, language or address."""
    draft = await find_draft(visitor, application_id)
    if draft is None:
        return redirect_to(f"/applications/{application_id}")
    topic = _topic(draft, code)
    base, of_import = read_base(form["base"]), _import_of(form)
    if form["do"] == "language":
        return _page(draft, topic, Entry(form), base=base, of_import=of_import)
    if entry := await entry_after(draft, topic, form):
        return _page(draft, topic, entry, base=base, of_import=of_import)
    saved = await save_answers(draft, topic.items, form, base)
    if saved.is_complete:
        if form["do"] == "import" and of_import:
            return redirect_to(f"{IMPORTS}/{of_import}")
        return redirect_to(draft.path if form["do"] == "back" else step_after(saved.draft, topic.code))
    if saved.refusal and not is_draft(saved.draft.view):
        return redirect_to(draft.path)
    return _page_with_mistakes(saved, topic, form, await _others(saved))


@router.post(f"{TOPIC}/autosave")
async def autosave(application_id: UUID, code: str, visitor: LongFormVisitor, form: LongForm) -> JSONResponse:
    """Save what was typed so far, for the script: what is kept now, and what could not be saved and why."""
    texts = PAGES[visitor.lang]["filing"]
    draft = await find_draft(visitor, application_id)
    if draft is None:
        return JSONResponse({"message": texts["already_filed"]}, 409)
    topic = _topic(draft, code)
    base = read_base(form["base"])
    saved = await save_answers(draft, topic.items, form, base)
    if saved.refusal is not None:
        errors = not_saved(saved.refusal, visitor.lang)
        message = errors.messages[0].text if errors else texts["not_saved"]
        return JSONResponse({"message": message}, saved.refusal.status)
    others = await _others(saved)
    at = f"{visitor.gateway.clock.now().astimezone(JST):%H:%M}"
    return JSONResponse(
        {
            "base": write_base(_base_after(saved, topic, base or {})),
            "errors": saved.errors,
            "others": {name: other.in_words(texts["changed_since"]) for name, other in others.items()},
            "message": texts["saved_at" if saved.is_complete else "saved_in_part"].format(time=at),
            "complete": saved.is_complete,
        }
    )


def _import_of(form: Form) -> str:
    """The file with many applications from whose page the visitor came; "" for none."""
    return form["import"] if is_id(form["import"]) else ""


def _topic(draft: Draft, code: str) -> Topic:
    topic = draft.form.topic(code)
    if topic is None:
        raise NotFound()
    return topic


async def _changed(draft: Draft, topic: Topic, form: Form, pressed: re.Match[str]) -> Entry | None:
    """The page after a button that saves nothing; None where the button is about no field of the topic."""
    action, code, number = pressed.groups()
    item = next((one for one in topic.items if code in (one.code, one.id)), None)
    if action == "row" and item:
        return Entry(form, more_rows=item.code)
    if action == "drop" and item and item.kind == "rows" and number:
        return Entry(_without_row(item, form, int(number)))
    if action == "take":
        kept = typed_values(topic.items, draft.values, draft.lang)
        # The field, or everything in the table, of that name.
        taken = re.compile(f"{re.escape(code)}(-[0-9].*)?")
        typed = {name: text for name, text in form.items() if not taken.fullmatch(name)}
        return Entry(typed | {name: text for name, text in kept.items() if taken.fullmatch(name)})
    if action == "address" and item:
        return await _with_address(draft, topic, item, form)
    return None


def _without_row(item: Item, typed: Mapping[str, str], dropped: int) -> dict[str, str]:
    """The typed texts without one row; those behind it move up."""
    own = entered(item, typed)
    left = {name: text for name, text in typed.items() if name not in own}
    for name, text in own.items():
        number, _, inner = name.removeprefix(f"{item.id}-").partition("-")
        if int(number) != dropped:
            left[f"{item.id}-{int(number) - (int(number) > dropped)}-{inner}"] = text
    return left


async def _with_address(draft: Draft, topic: Topic, item: Item, form: Form) -> Entry:
    """The page with the address of the postal code in its field, or a note where there is none."""
    target = next((one for one in topic.items if one.code == f"{item.code.removesuffix('postal')}address"), None)
    places = await _addresses(draft.visitor, form[item.id])
    if not places or target is None:
        return Entry(form, wrong={item.id: [PAGES[draft.lang]["filing"]["no_address"]]})
    # Several towns can share a code: as much as they have in common.
    begins = commonprefix(places)  # noqa: RUF071 - characters, not parts of a path
    # What was typed behind the same beginning stays.
    return Entry(form if form[target.id].startswith(begins) else form | {target.id: begins})


async def _addresses(visitor: Visitor, typed: str) -> list[str]:
    """The addresses of a postal code; none where it is none, or nobody knows it."""
    session = Session(visitor.request, visitor.gateway, visitor.lang)
    answer = await ServiceClient("application", session).call("GET", f"/v1/postal-codes/{quote(typed[:40], safe='')}")
    return [place["address"] for place in answer.body["places"]] if answer.ok else []


def _base_after(saved: Saved, topic: Topic, base: Mapping[str, str], known: Collection[str] = ()) -> dict[str, str]:
    """The answers that the page is made from now: what is kept; of what is not kept what it was before, so that it
    still counts as changed. The other's answers in the conflicts `known` are shown on the page."""
    after: dict[str, str] = {}
    for item in topic.items:
        after |= entered(item, typed_values([item], saved.draft.values, saved.draft.lang))
    for part in saved.open_parts():
        if part.name not in known:
            after = {name: text for name, text in after.items() if not part.has(name)} | part.entered(base)
    return after


def _page_with_mistakes(saved: Saved, topic: Topic, form: Form, others: Mapping[str, Other]) -> Response:
    """The page with what was typed where it could not be saved, and with what is kept in all other fields."""
    draft = saved.draft
    texts = PAGES[draft.lang]["filing"]
    typed = typed_values(topic.items, draft.values, draft.lang)
    open_parts = [Part(item, item) for item in topic.items] if saved.refusal else saved.open_parts()
    for part in open_parts:
        typed = {name: text for name, text in typed.items() if not part.has(name)}
        typed |= {name: form[name] for name in part.entered(form)}
    entry = Entry(typed, wrong=saved.errors, others=others)
    labels = labels_of(shown_fields(draft, topic.items, entry))
    messages = [Message(text, name) for name, texts_of in saved.errors.items() for text in texts_of]
    messages += [
        Message(texts["conflict"].format(field=labels.get(name, ""), value=other.value, name=other.name), name)
        for name, other in others.items()
    ]
    errors = FormErrors(422, tuple(messages))
    if saved.refusal:
        errors = not_saved(saved.refusal, draft.lang) or errors
    return _page(
        draft,
        topic,
        entry,
        errors=errors,
        base=_base_after(saved, topic, read_base(form["base"]) or {}, saved.conflicts),
        of_import=_import_of(form),
    )


async def _others(saved: Saved) -> dict[str, Other]:
    """The other's answer to each field that both changed, with the name of that person."""
    if not saved.conflicts:
        return {}
    texts = PAGES[saved.draft.lang]["filing"]
    names = await who_changed(saved.draft.visitor, saved.draft.view, saved.open_parts())
    # Nobody else changed it: the same person did, in another window.
    return {field: Other(value, names.get(field, texts["you_elsewhere"])) for field, value in saved.conflicts.items()}


def _page(
    draft: Draft,
    topic: Topic,
    entry: Entry,
    *,
    errors: FormErrors | None = None,
    base: Mapping[str, str] | None = None,
    of_import: str = "",
    done: str | None = None,
) -> Response:
    visitor = draft.visitor
    fields = shown_fields(draft, topic.items, entry)
    if base is None:
        base = {}
        for item in topic.items:
            base |= entered(item, typed_values([item], draft.values, draft.lang))
    return render_page(
        visitor.request,
        "portal/filing/topic",
        visitor.lang,
        visitor=visitor,
        errors=errors,
        scripts=SCRIPT,
        draft=draft,
        topic=topic,
        title=topic.title[draft.lang],
        fields=fields,
        labels=labels_of(fields),
        lists=lists_of(topic.items, draft.lang),
        base=write_base(base),
        path=draft.topic_path(topic),
        steps=steps_of(draft),
        of_import=of_import,
        done=done,
    )


async def entry_after(draft: Draft, topic: Topic, form: Form) -> Entry | None:
    """The content of the page after a button that saves nothing: another row, one less, the address of a postal code.

    None where another button was pressed.
    """
    pressed = _PRESSED.fullmatch(form["do"])
    return await _changed(draft, topic, form, pressed) if pressed else None
