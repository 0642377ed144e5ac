"""Messages of webhooks: verified by the Standard Webhooks library, and read as events."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from zairyu_client.models.base import Model
from zairyu_client.problems import WebhookRefused


class EventData(Model):
    """Facts of an event: ids, dates and a link. Other members, such as `office`, are in `model_extra`."""

    application_id: uuid.UUID | None = None
    receipt_number: str | None = None
    link: str | None = None
    request_id: uuid.UUID | None = None
    correction_id: uuid.UUID | None = None
    interview_id: uuid.UUID | None = None
    due_on: dt.date | None = None
    held_at: dt.datetime | None = None
    visit_by: dt.date | None = None
    office: str | None = None
    carrier: str | None = None
    tracking_number: str | None = None


class Event(Model):
    """A message of a webhook. `id` is the same where it comes again: keep the ids that were worked on."""

    id: str
    type: str
    timestamp: dt.datetime
    data: EventData

    @property
    def is_ping(self) -> bool:
        """A test message that somebody sent from the log."""
        return self.type == "webhook.ping"


class WebhookReceiver:
    """Verifies messages with a secret (`whsec_...`), or with several while one replaces another."""

    def __init__(self, secrets: str | Sequence[str]) -> None:
        given = [secrets] if isinstance(secrets, str) else list(secrets)
        if not given or not all(given):
            raise ValueError("secrets: give the secret that was shown when the webhook was added")
        self._webhooks = [Webhook(secret) for secret in given]

    def event(self, body: bytes | str, headers: Mapping[str, str]) -> Event:
        """The event of a message. Raises `WebhookRefused`: answer 400, and work on nothing of it."""
        text = _text(body)
        found = {name.lower(): value for name, value in headers.items()}
        for webhook in self._webhooks:
            try:
                return _event(found["webhook-id"], webhook.verify(text, found))
            except (WebhookVerificationError, KeyError):
                continue
        raise WebhookRefused("The message is not signed with this secret, or is too old")


def _text(body: bytes | str) -> str:
    try:
        return body if isinstance(body, str) else body.decode()
    except UnicodeDecodeError as error:
        raise WebhookRefused("The message is no text") from error


def _event(message_id: str, content: Any) -> Event:
    try:
        return Event(id=message_id, **content)
    except (ValidationError, TypeError) as error:
        raise WebhookRefused("The message is signed, and no event that this version can read") from error
