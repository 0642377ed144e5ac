"""The messages about one application as operators follow them: template, party and state; no address, no content."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from services.notification.messages.store import Notification
from services.notification.webhooks.store.tables import Webhook, WebhookMessage
from shared.db import ReadSession
from shared.following import Part, Step


async def _subjects(session: ReadSession, application_id: UUID) -> Sequence[UUID]:
    query = select(Notification.id).where(Notification.application_id == application_id)
    found: Sequence[UUID] = (await session.scalars(query)).all()
    return found


async def _steps(session: ReadSession, application_id: UUID) -> Sequence[Step]:
    mails = select(Notification).where(Notification.application_id == application_id)
    # Messages of a webhook are found by its owner's applications, of which each webhook has few.
    informed = select(WebhookMessage).join(Webhook).where(WebhookMessage.subject == application_id)
    return [
        *(step for mail in (await session.scalars(mails)).all() for step in _steps_of(mail)),
        *(step for message in (await session.scalars(informed)).all() for step in _steps_of_webhook(message)),
    ]


def _steps_of(mail: Notification) -> list[Step]:
    """When the message was made, and when it was through."""
    name = f"{mail.template} ({mail.party})"
    known = {"kind": "mail", "name": name, "subject": mail.id, "event_id": mail.cause_event_id}
    made = Step(at=mail.created_at, state=None if mail.ended_at else mail.state, by=mail.channel, **known)
    if mail.ended_at is None:
        return [made]
    return [made, Step(at=mail.ended_at, state=mail.state, by=mail.channel, **known)]


def _steps_of_webhook(message: WebhookMessage) -> list[Step]:
    known = {"kind": "webhook", "name": message.type, "subject": message.webhook_id, "event_id": message.event_id}
    made = Step(at=message.created_at, state=None if message.ended_at else message.state, **known)
    if message.ended_at is None:
        return [made]
    return [made, Step(at=message.ended_at, state=message.state, **known)]


FOLLOWING = Part(_subjects, _steps)
