"""`/desk/broadcasts/{id}`: one broadcast as each reader sees it, its progress and history, and its steps."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from services.gateway.pages.desk.broadcasts.listing import (
    PATH,
    TONES,
    group_in_words,
    require_operator,
    title_of,
)
from services.gateway.pages.desk.message_log.previews import FRAMED, MAIL_HEADERS, language_wanted
from services.gateway.pages.desk.queue import named_officer, officer_names
from services.gateway.pages.kit.forms import Form, FormErrors, Message, Posted
from services.gateway.pages.kit.frame import Done, page_router, redirect_to, render_page
from services.gateway.pages.kit.visitor import OfficerVisitor, Visitor
from services.gateway.texts import PAGES
from shared.errors import NotFound
from shared.languages import LANGUAGES, official

router = page_router()
_PAGE = f"{PATH}/{{broadcast_id:uuid}}"
_DONE = ("written", "changed", "not_now", "proposed", "approved", "sent_back", "stopped", "resumed", "banner_ended")
# The steps that the page asks for: what the service is asked, the field of the reason, and what was done.
_STEPS: Mapping[str, tuple[str, str, str]] = {
    "propose": ("propose", "", "proposed"),
    "approve": ("approve", "", "approved"),
    "send_back": ("send-back", "return_reason", "sent_back"),
    "stop": ("stop", "stop_reason", "stopped"),
    "resume": ("resume", "resume_reason", "resumed"),
    "end_banner": ("end-banner", "banner_reason", "banner_ended"),
}
_POSSIBLE: Mapping[str, tuple[str, ...]] = {
    "draft": ("propose", "stop"),
    "proposed": ("approve", "send_back", "stop"),
    "scheduled": ("stop",),
    "sending": ("stop",),
}


@router.get(_PAGE)
async def show_broadcast(request: Request, visitor: OfficerVisitor, broadcast_id: UUID, done: Done = None) -> Response:
    """Show a broadcast in a language, with what can be done now."""
    return await _page(visitor, broadcast_id, done=done)


@router.post(_PAGE)
async def take_step(visitor: OfficerVisitor, broadcast_id: UUID, form: Posted) -> Response:
    """Take a step; pressed twice, it is taken once."""
    require_operator(visitor)
    if form["do"] not in _STEPS:
        raise NotFound()
    route, field, done = _STEPS[form["do"]]
    if field and not form[field].strip():
        missing = FormErrors(422, (Message(PAGES[visitor.lang]["broadcasts"]["need_reason"], field),))
        return await _page(visitor, broadcast_id, missing, form=form)
    body = {"reason": form[field]} if field else {"revision": form.revision}
    key = {"Idempotency-Key": str(form.key_of(route, body))}
    path = f"/v1/broadcasts/{broadcast_id}/{route}"
    answer = await visitor.service("notification").call("POST", path, body, headers=key)
    if errors := answer.form_errors(visitor.lang, {"/reason": field}):
        return await _page(visitor, broadcast_id, errors, form=form)
    return redirect_to(f"{PATH}/{broadcast_id}", done=done)


@router.get(f"{_PAGE}/mail")
async def show_mail(request: Request, visitor: OfficerVisitor, broadcast_id: UUID) -> Response:
    """The mail's HTML, for a frame of the page."""
    preview = await _preview(visitor, broadcast_id)
    return HTMLResponse(preview["html"], headers=MAIL_HEADERS)


async def _preview(visitor: Visitor, broadcast_id: UUID) -> dict[str, Any]:
    require_operator(visitor)
    path = f"/v1/broadcasts/{broadcast_id}/preview?language={language_wanted(visitor)}"
    found: dict[str, Any] = (await visitor.service("notification").fetch(path)).body
    return found


async def _page(
    visitor: Visitor,
    broadcast_id: UUID,
    errors: FormErrors | None = None,
    *,
    form: Form | None = None,
    done: str | None = None,
) -> Response:
    require_operator(visitor)
    found = (await visitor.service("notification").fetch(f"/v1/broadcasts/{broadcast_id}")).body
    preview = await _preview(visitor, broadcast_id)
    names = await officer_names(visitor)
    texts, lang, first = PAGES[visitor.lang]["broadcasts"], visitor.lang, language_wanted(visitor)
    address = f"{PATH}/{broadcast_id}"
    return render_page(
        visitor.request,
        "desk/broadcasts/overview",
        lang,
        headers=FRAMED,
        visitor=visitor,
        errors=errors,
        address=address,
        broadcast=found,
        title=title_of(found, lang),
        state=texts[f"state_{found['state']}"],
        tone=TONES.get(found["state"], "neutral"),
        kind=texts[f"kind_{found['kind']}"],
        group=group_in_words(found["group"], found["codes"], visitor),
        writers=[named_officer(one, names, visitor) for one in found["writers"]],
        approver=named_officer(found["approved_by"], names, visitor) if found["approved_by"] else "",
        possible=_possible(found, visitor),
        own=str(visitor.actor.id) in found["writers"],
        form=form or Form(),
        history=[_entry(entry, names, visitor) for entry in found["history"]],
        subject=preview["subject"],
        text=preview["text"],
        mail=f"{address}/mail?first={first}",
        is_missing=first not in found["texts"],
        shown_in=LANGUAGES[official(first)].name,
        tabs=[
            {"text": one.name, "href": f"{address}?first={code}", "current": code == first}
            for code, one in LANGUAGES.items()
        ],
        done=done if done in _DONE else None,
    )


def _possible(found: Mapping[str, Any], visitor: Visitor) -> list[str]:
    """The steps that the visitor can take now."""
    steps = list(_POSSIBLE.get(found["state"], ()))
    if str(visitor.actor.id) in found["writers"] and "approve" in steps:
        steps.remove("approve")
    until = found["resumable_until"]
    if until and not visitor.is_past(until):
        steps.append("resume")
    banner = found["banner"]
    if found["state"] == "sent" and banner and not found["banner_ended_at"] and not visitor.is_past(banner["until"]):
        steps.append("end_banner")
    return steps


def _entry(entry: Mapping[str, Any], names: Mapping[str, str], visitor: Visitor) -> dict[str, Any]:
    """A line of the history in words."""
    texts, action = PAGES[visitor.lang]["broadcasts"], entry["action"].partition(":")[2]
    return {
        "at": entry["at"],
        "text": texts.get(f"did_{action}", entry["action"]),
        "reason": entry["detail"].get("reason", ""),
        "count": entry["detail"].get("count"),
        "by": named_officer(entry["actor_id"], names, visitor) if entry["actor_id"] else "",
    }
