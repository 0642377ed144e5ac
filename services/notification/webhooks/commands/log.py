"""The log of a webhook: reading it, and sending messages again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.notification.audit import Tag
from services.notification.webhooks.catalogue import PING
from services.notification.webhooks.commands.inform import ping
from services.notification.webhooks.commands.webhooks import seen
from services.notification.webhooks.problems import StillWaiting, WebhookStopped
from services.notification.webhooks.schemas import AttemptBody, MessageBody, MessageDetail, SentAgain
from services.notification.webhooks.store import messages
from services.notification.webhooks.store.tables import Webhook, WebhookAttempt, WebhookMessage
from shared.auth import Actor
from shared.db import ReadSession
from shared.errors import FieldProblem, Invalid, NotFound, Text
from shared.sealing import Sealer
from shared.work import Work

_MOST_ATTEMPTS = 50


async def send_ping(work: Work, webhook_id: UUID) -> MessageBody:
    """Send a message that says nothing. Raises `NotFound` or `WebhookStopped`."""
    webhook = await _enabled(work, webhook_id)
    message_id = await ping(work, webhook.id)
    work.journal("webhook", webhook.id, Tag.WEBHOOK_PING)
    found = await messages.message(work.session, webhook.id, message_id)
    assert found is not None
    return _body(found)


async def send_again(work: Work, webhook_id: UUID, message_id: UUID) -> MessageBody:
    """Send a message again that has ended, under the id that it had. Raises `NotFound`, `WebhookStopped` or
    `StillWaiting`."""
    webhook = await _enabled(work, webhook_id)
    if await messages.message(work.session, webhook.id, message_id) is None:
        raise NotFound()
    if not await messages.send_again(work.session, messages.one(webhook.id, message_id), work.now):
        raise StillWaiting()
    work.journal("webhook", webhook.id, Tag.WEBHOOK_SEND_AGAIN, {"message_id": message_id})
    found = await messages.message(work.session, webhook.id, message_id)
    assert found is not None
    return _body(found)


async def send_span_again(work: Work, webhook_id: UUID, since: datetime, until: datetime, accepted: bool) -> SentAgain:
    """Send again what was made in a time span and failed, or all of it. Raises `NotFound`, `WebhookStopped`, or
    `Invalid` for a span that ends before it begins."""
    webhook = await _enabled(work, webhook_id)
    if until <= since:
        text = Text("開始より後の日時を指定してください", "Give a moment after the beginning")
        raise Invalid(fields=[FieldProblem("/until", "span-ends-before", text)])
    which = messages.of_time(webhook.id, since, until, accepted=accepted)
    count = await messages.send_again(work.session, which, work.now)
    detail = {"since": since.isoformat(), "until": until.isoformat(), "accepted": accepted, "count": count}
    work.journal("webhook", webhook.id, Tag.WEBHOOK_SEND_AGAIN, detail)
    return SentAgain(count=count)


async def search(
    session: ReadSession,
    actor: Actor,
    webhook_id: UUID,
    *,
    state: str | None,
    application_id: UUID | None,
    after: tuple[Any, ...] | None,
    limit: int,
) -> Sequence[tuple[int, MessageBody]]:
    """Messages of a webhook, newest first, each with its position. Raises `NotFound`."""
    webhook = await seen(session, actor, webhook_id)
    found = await messages.search(session, webhook.id, state=state, subject=application_id, after=after, limit=limit)
    return [(each.position, _body(each)) for each in found]


async def read(session: ReadSession, actor: Actor, webhook_id: UUID, message_id: UUID, sealer: Sealer) -> MessageDetail:
    """One message with the latest attempts. Raises `NotFound`."""
    webhook = await seen(session, actor, webhook_id)
    found = await messages.message(session, webhook.id, message_id)
    if found is None:
        raise NotFound()
    tried = await messages.attempts(session, found.id, _MOST_ATTEMPTS)
    return MessageDetail(**_body(found).model_dump(), body=found.body, tried=[_attempt(each, sealer) for each in tried])


async def _enabled(work: Work, webhook_id: UUID) -> Webhook:
    webhook = await seen(work.session, work.actor, webhook_id)
    if webhook.disabled_at is not None:
        raise WebhookStopped()
    return webhook


def _body(message: WebhookMessage) -> MessageBody:
    return MessageBody.model_validate(
        {
            "id": message.id,
            "webhook_message_id": message.event_id,
            "type": message.type,
            "application_id": None if message.type == PING else message.subject,
            "state": message.state,
            "attempts": message.attempts,
            "created_at": message.created_at,
            "next_try_at": message.next_try_at if message.ended_at is None else None,
            "ended_at": message.ended_at,
        }
    )


def _attempt(attempt: WebhookAttempt, sealer: Sealer) -> AttemptBody:
    return AttemptBody(
        number=attempt.number,
        at=attempt.at,
        milliseconds=attempt.milliseconds,
        outcome=attempt.outcome,
        status=attempt.status,
        sent=attempt.sent,
        answered=attempt.answered,
        answer=None if attempt.sealed_answer is None else sealer.open(attempt.sealed_answer),
    )
