"""Answers of the notification service. Generated from its OpenAPI document by `python -m tests.clients`."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Literal

from zairyu_client.models.base import Model


class MessageBody(Model):
    """One message to one webhook."""

    id: uuid.UUID
    webhook_message_id: uuid.UUID
    type: str
    application_id: uuid.UUID | None
    state: Literal["waiting", "sending", "accepted", "failed"] | str
    attempts: int
    created_at: dt.datetime
    next_try_at: dt.datetime | None
    ended_at: dt.datetime | None


class AttemptBody(Model):
    """One attempt: the request beside its body and its signature, and the beginning of the answer."""

    number: int
    at: dt.datetime
    milliseconds: int
    outcome: str
    status: int | None
    sent: dict[str, str]
    answered: dict[str, str]
    answer: str | None


class MessageDetail(Model):
    """One message, with the latest of its attempts."""

    id: uuid.UUID
    webhook_message_id: uuid.UUID
    type: str
    application_id: uuid.UUID | None
    state: Literal["waiting", "sending", "accepted", "failed"] | str
    attempts: int
    created_at: dt.datetime
    next_try_at: dt.datetime | None
    ended_at: dt.datetime | None
    body: str
    tried: list[AttemptBody]


class SecretCreated(Model):
    """A new secret, shown this once. The one before signs beside it for a day."""

    webhook_id: uuid.UUID
    secret: str
    earlier_ends_at: dt.datetime | None


class SentAgain(Model):
    """The number of messages that are sent again."""

    count: int


class Words(Model):
    """A text in Japanese and English, and in the caller's language under its tag, where that is another one."""

    ja: str
    en: str


class TypeBody(Model):
    """One kind of message, and the members of its `data`."""

    type: str
    name: Words
    fields: list[str]


Role = (
    Literal[
        "org_staff",
        "supervising_org_staff",
        "public_interest_staff",
        "rso_staff",
        "lawyer_scrivener",
        "self",
        "legal_rep",
        "relative",
        "user_approval",
        "reception",
        "examiner",
        "chief_examiner",
        "card_office",
        "auditor",
        "operator",
        "administrator",
    ]
    | str
)


class SecretBody(Model):
    """A secret that signs messages. `ends_at`: it was replaced, and signs until then."""

    id: uuid.UUID
    created_at: dt.datetime
    ends_at: dt.datetime | None


class WebhookBody(Model):
    """A webhook."""

    id: uuid.UUID
    name: str
    url: str
    types: list[str]
    role: Role
    account_id: uuid.UUID
    client_id: uuid.UUID | None
    created_at: dt.datetime
    disabled_at: dt.datetime | None
    disabled_reason: str | None
    failing_since: dt.datetime | None
    waiting: int
    secrets: list[SecretBody]
    revision: int


class WebhookCreated(Model):
    """A new webhook, with its secret, which is shown this once."""

    id: uuid.UUID
    name: str
    url: str
    types: list[str]
    role: Role
    account_id: uuid.UUID
    client_id: uuid.UUID | None
    created_at: dt.datetime
    disabled_at: dt.datetime | None
    disabled_reason: str | None
    failing_since: dt.datetime | None
    waiting: int
    secrets: list[SecretBody]
    revision: int
    secret: str


class WebhookList(Model):
    """The webhooks of the organisation or person."""

    items: list[WebhookBody]
