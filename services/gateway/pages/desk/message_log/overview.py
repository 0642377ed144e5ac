"""`/desk/messages/{id}`: one message with what happened to it, and sending it again with a reason."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.desk.message_log.search import PATH, Wanted, require_reader, shown
from services.gateway.pages.kit.forms import FormErrors, Posted, missing_fields
from services.gateway.pages.kit.frame import Done, page_router, redirect_to, render_page
from services.gateway.pages.kit.visitor import OfficerVisitor, Visitor
from services.gateway.texts import PAGES
from shared.auth import Role
from shared.errors import Forbidden

router = page_router()
_PAGE = f"{PATH}/{{message_id:uuid}}"
_REASONS = ("not_arrived", "address_changed", "deleted_by_reader", "other")


@router.get(_PAGE)
async def show_message(request: Request, visitor: OfficerVisitor, message_id: UUID, done: Done = None) -> Response:
    """Show the message and its history; its text and its address are nobody's to see here."""
    return await _page(visitor, message_id, done=done)


@router.post(_PAGE)
async def resend(visitor: OfficerVisitor, message_id: UUID, form: Posted) -> Response:
    """Send the message again; pressed twice, it is sent once."""
    require_reader(visitor)
    if not visitor.actor.has(Role.OPERATOR):
        raise Forbidden()
    if errors := missing_fields(visitor.lang, *form.empty("reason")):
        return await _page(visitor, message_id, errors)
    key = {"Idempotency-Key": str(form.key_of(form["reason"]))}
    path = f"/v1/notifications/{message_id}/resend"
    answer = await visitor.service("notification").call("POST", path, form.given("reason"), headers=key)
    if errors := answer.form_errors(visitor.lang, {"/reason": "reason"}):
        return await _page(visitor, message_id, errors)
    return redirect_to(f"{PATH}/{message_id}", done="resent")


async def _page(
    visitor: Visitor, message_id: UUID, errors: FormErrors | None = None, done: str | None = None
) -> Response:
    require_reader(visitor)
    found = (await visitor.service("notification").fetch(f"/v1/notifications/{message_id}")).body
    lang, message = visitor.lang, found["message"]
    texts = PAGES[lang]["message_log"]
    return render_page(
        visitor.request,
        "desk/message_log/overview",
        lang,
        visitor=visitor,
        errors=errors,
        message=shown(message, lang),
        history=[_entry(entry, texts) for entry in found["history"]],
        summary=f"{PATH}/{UUID(message['summary_id'])}" if message["summary_id"] else "",
        of_account=Wanted(account_id=message["account_id"]).link() if message["account_id"] else "",
        of_application=Wanted(application_id=message["application_id"]).link() if message["application_id"] else "",
        reasons=[(reason, texts[f"reason_{reason}"], "") for reason in _REASONS],
        resends=found["can_be_sent_again"] and visitor.actor.has(Role.OPERATOR),
        done=done if done == "resent" else None,
    )


def _entry(entry: Mapping[str, Any], texts: Mapping[str, str]) -> dict[str, Any]:
    """A line of the history in words."""
    action, detail = entry["action"].partition(":")[2], entry["detail"]
    reason = detail.get("reason")
    return {
        "at": entry["at"],
        "text": texts.get(f"did_{action.replace('-', '_')}", entry["action"]),
        "reason": texts.get(f"reason_{reason}", "") if reason else "",
        "actor_id": entry["actor_id"] if entry["actor_kind"] == "officer" else "",
    }
