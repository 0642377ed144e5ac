"""`/account/webhooks`: the webhooks of the organisation or person, and one of them with what was sent to it."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.gateway.pages.account.webhooks.shown import (
    API,
    MESSAGE_TONES,
    PATH,
    notification,
    type_names,
    webhook_of,
    with_state,
)
from services.gateway.pages.kit.forms import FormErrors, Posted, is_cursor
from services.gateway.pages.kit.frame import Done, page_router, redirect_to, render_page
from services.gateway.pages.kit.visitor import CurrentVisitor, Visitor
from services.gateway.texts import PAGES

router = page_router()
_ON_A_PAGE = 20
_DONE = ("changed", "removed", "enabled", "disabled", "pinged", "secret_ended", "sent_again")


@router.get(PATH)
async def show_webhooks(request: Request, visitor: CurrentVisitor, done: Done = None) -> Response:
    """List the webhooks."""
    found = (await notification(visitor).fetch(API)).body["items"]
    return render_page(
        request,
        "account/webhooks/overview",
        visitor.lang,
        visitor=visitor,
        webhooks=[with_state(each, visitor) for each in found],
        done=done if done in _DONE else None,
    )


@router.get(f"{PATH}/{{webhook_id:uuid}}")
async def show_webhook(webhook_id: UUID, visitor: CurrentVisitor, done: Done = None) -> Response:
    """Show one webhook, its secrets, and what was sent to it."""
    return await _page(visitor, webhook_id, done=done)


@router.post(f"{PATH}/{{webhook_id:uuid}}")
async def act(webhook_id: UUID, visitor: CurrentVisitor, form: Posted) -> Response:
    """Try it out, stop it, enable it again, or end a secret that was replaced."""
    service, address = notification(visitor), f"{API}/{webhook_id}"
    match form["act"]:
        case "ping":
            headers = {"Idempotency-Key": str(form.key)}
            answer, done = await service.call("POST", f"{address}/ping", headers=headers), "pinged"
        case "disable":
            answer, done = await service.call("POST", f"{address}/disable"), "disabled"
        case "end_secret":
            answer, done = await service.delete(f"{address}/secrets/{form.id('secret_id')}", form), "secret_ended"
        case _:
            answer, done = await service.call("POST", f"{address}/enable"), "enabled"
    if errors := answer.form_errors(visitor.lang):
        return await _page(visitor, webhook_id, errors)
    return redirect_to(f"{PATH}/{webhook_id}", done=done)


async def _page(
    visitor: Visitor, webhook_id: UUID, errors: FormErrors | None = None, done: str | None = None
) -> Response:
    request = visitor.request
    webhook = await webhook_of(visitor, webhook_id)
    names = await type_names(visitor)
    cursor, state = request.query_params.get("cursor", ""), request.query_params.get("state", "")
    query = {"limit": str(_ON_A_PAGE)} | ({"state": state} if state in MESSAGE_TONES else {})
    query |= {"cursor": cursor} if is_cursor(cursor) else {}
    found = await notification(visitor).call("GET", f"{API}/{webhook_id}/messages?{urlencode(query)}")
    here = f"{PATH}/{webhook_id}"
    if not found.ok:  # the cursor was none
        return redirect_to(here)
    following = found.body["next"]
    kept = {"state": state} if state in MESSAGE_TONES else {}
    return render_page(
        request,
        "account/webhooks/webhook",
        visitor.lang,
        visitor=visitor,
        errors=errors,
        webhook=webhook,
        types=[names.get(each, each) for each in webhook["types"]],
        messages=[_line(each, names, visitor) for each in found.body["items"]],
        tabs=_tabs(here, state, visitor),
        following=f"{here}?{urlencode(kept | {'cursor': following})}" if following else "",
        first=(f"{here}?{urlencode(kept)}" if kept else here) if cursor else "",
        done=done if done in _DONE else None,
    )


def _line(message: dict[str, Any], names: dict[str, str], visitor: Visitor) -> dict[str, Any]:
    texts = PAGES[visitor.lang]["webhooks"]
    return {
        **message,
        "name": names.get(message["type"], texts["ping"]),
        "state": texts[f"message_{message['state']}"],
        "tone": MESSAGE_TONES[message["state"]],
    }


def _tabs(here: str, state: str, visitor: Visitor) -> list[dict[str, Any]]:
    texts = PAGES[visitor.lang]["webhooks"]
    rows = [{"text": texts["all"], "href": here, "current": state not in MESSAGE_TONES}]
    for each in ("waiting", "accepted", "failed"):
        rows.append({"text": texts[f"message_{each}"], "href": f"{here}?state={each}", "current": state == each})
    return rows
