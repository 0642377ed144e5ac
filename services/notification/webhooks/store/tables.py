"""Webhooks with their secrets and their health, and what was sent to each.

`webhooks` and `webhook_secrets` are in the journal. `webhook_health` changes with every failure, and
`webhook_messages` and `webhook_attempts` are a log that is erased after its time.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.notification.address_book.store import Row

_SECRET = {"secret": True}


class Webhook(Row):
    """An address that is informed of the applications of one owner (an organisation, or a person) in one role.

    `types` are the events that it is informed of; empty: all. `account_id` answers for it, and the API client
    `client_id`, where one added it, changes it beside people.
    """

    __tablename__ = "webhooks"
    __table_args__ = (
        CheckConstraint("jsonb_typeof(types) = 'array'", name="types"),
        CheckConstraint("(disabled_at IS NULL) = (disabled_reason IS NULL)", name="disabled"),
        Index("ix_webhooks_owner_id_role", "owner_id", "role", postgresql_where=text("removed_at IS NULL")),
        Index("ix_webhooks_account_id", "account_id", postgresql_where=text("removed_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID]
    organisation_id: Mapped[UUID | None]
    role: Mapped[str]
    account_id: Mapped[UUID]
    client_id: Mapped[UUID | None]
    name: Mapped[str]
    url: Mapped[str] = mapped_column(info=_SECRET)  # people put keys into addresses
    types: Mapped[list[Any]]
    created_at: Mapped[datetime]
    # Since when it is enabled without a break, and with that receives what waits.
    enabled_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    disabled_reason: Mapped[str | None]
    removed_at: Mapped[datetime | None]
    revision: Mapped[int]


class WebhookSecret(Row):
    """A secret with which messages are signed, sealed. `ends_at`: it was replaced, and signs until then."""

    __tablename__ = "webhook_secrets"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    webhook_id: Mapped[UUID] = mapped_column(ForeignKey("webhooks.id"), index=True)
    sealed_secret: Mapped[str] = mapped_column(info=_SECRET)
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]


class WebhookHealth(Row):
    """The health of a receiver; `failures` in a row in which it was not reached at all."""

    __tablename__ = "webhook_health"
    __journalled__ = False

    webhook_id: Mapped[UUID] = mapped_column(ForeignKey("webhooks.id"), primary_key=True)
    failing_since: Mapped[datetime | None]
    failures: Mapped[int]
    paused_until: Mapped[datetime | None]


class WebhookMessage(Row):
    """One event for one webhook. Messages of one `subject` (an application) go out in the order of `position`."""

    __tablename__ = "webhook_messages"
    __journalled__ = False
    __table_args__ = (
        # A second delivery of the event, or a replayed dead letter, makes no second message.
        UniqueConstraint("webhook_id", "event_id"),
        CheckConstraint("state IN ('waiting', 'sending', 'accepted', 'failed')", name="state"),
        CheckConstraint("(state = 'sending') = (claimed_by IS NOT NULL)", name="claimed"),
        CheckConstraint("(state IN ('accepted', 'failed')) = (ended_at IS NOT NULL)", name="ended"),
        Index(
            "ix_webhook_messages_due",
            "webhook_id",
            "next_try_at",
            "position",
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_webhook_messages_order",
            "webhook_id",
            "subject",
            "position",
            postgresql_where=text("state IN ('waiting', 'sending')"),
        ),
        Index("ix_webhook_messages_sending", "claimed_by", postgresql_where=text("state = 'sending'")),
        Index("ix_webhook_messages_log", "webhook_id", "position"),
        Index("ix_webhook_messages_subject", "subject"),
        Index("ix_webhook_messages_created_at", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    webhook_id: Mapped[UUID] = mapped_column(ForeignKey("webhooks.id"))
    event_id: Mapped[UUID]
    type: Mapped[str]
    subject: Mapped[UUID]
    body: Mapped[str]
    state: Mapped[str]
    attempts: Mapped[int]
    # Of these, those before it was last sent again.
    earlier_attempts: Mapped[int]
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    first_tried_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    # Key of the sender that works on it (`delivery.presence`).
    claimed_by: Mapped[int | None] = mapped_column(BigInteger)


class WebhookAttempt(Row):
    """One attempt: what was sent beside the body, and the answer, whose body may say anything and is sealed."""

    __tablename__ = "webhook_attempts"
    __journalled__ = False

    message_id: Mapped[UUID] = mapped_column(ForeignKey("webhook_messages.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    milliseconds: Mapped[int]
    outcome: Mapped[str]
    status: Mapped[int | None]
    sent: Mapped[dict[str, Any]]
    answered: Mapped[dict[str, Any]]
    sealed_answer: Mapped[str | None]
