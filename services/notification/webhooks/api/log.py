"""HTTP: the log of a webhook, trying it out, and sending messages again."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from services.notification.webhooks.api.callers import PersonOrSystem
from services.notification.webhooks.commands import log
from services.notification.webhooks.schemas import MessageBody, MessageDetail, SentAgain, State, TimeSpan
from shared.http import Page, PageQuery
from shared.http.commands import Once
from shared.service import CurrentRuntime

router = APIRouter(prefix="/v1/webhooks/{webhook_id}", tags=["webhooks"])


@router.post("/ping", status_code=202)
async def ping(request: Request, webhook_id: UUID, caller: PersonOrSystem, once: Once) -> MessageBody:
    """Send a message that says nothing (`webhook.ping`), to try the webhook out."""
    sent = await once(log.send_ping, webhook_id)
    request.app.state.webhook_sender.wake()
    return sent


@router.post("/send-again", status_code=202)
async def send_span_again(
    request: Request, webhook_id: UUID, body: TimeSpan, caller: PersonOrSystem, once: Once
) -> SentAgain:
    """Send again what was made in a time span and failed, or all of it, each under the id that it had."""
    again = await once(log.send_span_again, webhook_id, body.since, body.until, body.accepted)
    request.app.state.webhook_sender.wake()
    return again


@router.get("/messages")
async def search(
    webhook_id: UUID,
    caller: PersonOrSystem,
    paging: PageQuery,
    runtime: CurrentRuntime,
    state: Annotated[State | None, Query()] = None,
    application_id: Annotated[UUID | None, Query()] = None,
) -> Page[MessageBody]:
    """The messages of a webhook, newest first. They are kept for 30 days."""
    async with runtime.db.read() as session:
        found = await log.search(
            session,
            caller,
            webhook_id,
            state=state,
            application_id=application_id,
            after=paging.after(int),
            limit=paging.limit + 1,
        )
    positions = {body.id: position for position, body in found}
    return paging.page([body for _, body in found], key=lambda body: (positions[body.id],))


@router.get("/messages/{message_id}")
async def read(webhook_id: UUID, message_id: UUID, caller: PersonOrSystem, runtime: CurrentRuntime) -> MessageDetail:
    """One message with its body, and the latest attempts with the answers."""
    async with runtime.db.read() as session:
        return await log.read(session, caller, webhook_id, message_id, runtime.sealer)


@router.post("/messages/{message_id}/send-again", status_code=202)
async def send_again(
    request: Request, webhook_id: UUID, message_id: UUID, caller: PersonOrSystem, once: Once
) -> MessageBody:
    """Send a message again that has ended, under the same `webhook-id`. 409 `still-waiting` before it has."""
    again = await once(log.send_again, webhook_id, message_id)
    request.app.state.webhook_sender.wake()
    return again
