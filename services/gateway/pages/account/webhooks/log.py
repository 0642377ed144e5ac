"""One message of a webhook with its attempts, and sending messages again."""

from datetime import datetime, time, timedelta
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
)
from services.gateway.pages.kit.forms import Form, FormErrors, Posted
from services.gateway.pages.kit.frame import page_router, redirect_to, render_page
from services.gateway.pages.kit.visitor import CurrentVisitor, Visitor
from services.gateway.pages.kit.words import say
from services.gateway.texts import PAGES
from shared.clock import JST
from shared.text import BadValue, day

router = page_router()
_FIELDS = {"/since": "since", "/until": "until"}


@router.get(f"{PATH}/{{webhook_id:uuid}}/messages/{{message_id:uuid}}")
async def show_message(webhook_id: UUID, message_id: UUID, visitor: CurrentVisitor) -> Response:
    """Show one message: its body, and each attempt with the answer."""
    return await _page(visitor, webhook_id, message_id)


@router.post(f"{PATH}/{{webhook_id:uuid}}/messages/{{message_id:uuid}}")
async def send_again(webhook_id: UUID, message_id: UUID, visitor: CurrentVisitor, form: Posted) -> Response:
    """Send it again, under the same id."""
    address = f"{API}/{webhook_id}/messages/{message_id}/send-again"
    answer = await notification(visitor).call("POST", address, headers={"Idempotency-Key": str(form.key)})
    if errors := answer.form_errors(visitor.lang):
        return await _page(visitor, webhook_id, message_id, errors)
    return redirect_to(f"{PATH}/{webhook_id}", done="sent_again")


@router.get(f"{PATH}/{{webhook_id:uuid}}/send-again")
async def show_span(webhook_id: UUID, request: Request, visitor: CurrentVisitor) -> Response:
    """Ask from which days messages are to be sent again."""
    return await _span(request, visitor, webhook_id, Form())


@router.post(f"{PATH}/{{webhook_id:uuid}}/send-again")
async def send_span_again(webhook_id: UUID, request: Request, visitor: CurrentVisitor, form: Posted) -> Response:
    """Send again what was made on these days and failed, or all of it."""
    try:
        since = datetime.combine(day(form["since"]), time(), JST)
    except BadValue as bad:
        return await _span(request, visitor, webhook_id, form, FormErrors.on(say(bad.message, visitor.lang), "since"))
    try:
        until = datetime.combine(day(form["until"]), time(), JST) + timedelta(days=1)
    except BadValue as bad:
        return await _span(request, visitor, webhook_id, form, FormErrors.on(say(bad.message, visitor.lang), "until"))
    content = {"since": since.isoformat(), "until": until.isoformat(), "accepted": form["accepted"] == "yes"}
    answer = await notification(visitor).call(
        "POST", f"{API}/{webhook_id}/send-again", content, headers={"Idempotency-Key": str(form.key_of(content))}
    )
    if errors := answer.form_errors(visitor.lang, _FIELDS):
        return await _span(request, visitor, webhook_id, form, errors)
    return redirect_to(f"{PATH}/{webhook_id}", done="sent_again")


async def _page(visitor: Visitor, webhook_id: UUID, message_id: UUID, errors: FormErrors | None = None) -> Response:
    webhook = await webhook_of(visitor, webhook_id)
    message = (await notification(visitor).fetch(f"{API}/{webhook_id}/messages/{message_id}")).body
    texts, names = PAGES[visitor.lang]["webhooks"], await type_names(visitor)
    for attempt in message["tried"]:
        attempt["words"] = texts[f"outcome_{attempt['outcome'].replace('-', '_')}"]
    return render_page(
        visitor.request,
        "account/webhooks/message",
        visitor.lang,
        visitor=visitor,
        errors=errors,
        webhook=webhook,
        message=message,
        event=names.get(message["type"], texts["ping"]),
        state=texts[f"message_{message['state']}"],
        tone=MESSAGE_TONES[message["state"]],
    )


async def _span(
    request: Request, visitor: Visitor, webhook_id: UUID, form: Form, errors: FormErrors | None = None
) -> Response:
    webhook = await webhook_of(visitor, webhook_id)
    return render_page(
        request,
        "account/webhooks/send_again",
        visitor.lang,
        visitor=visitor,
        errors=errors,
        webhook=webhook,
        form=form,
    )
