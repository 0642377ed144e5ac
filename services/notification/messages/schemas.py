"""Requests and responses about messages, as they go over HTTP."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.notification.channels.mail.domain.circuit import RelayState
from services.notification.channels.mail.texts import texts
from services.notification.messages.catalogue import TITLES, Audience
from services.notification.messages.domain import shown_state
from services.notification.messages.store import Delivery, Notification
from shared.http import Words
from shared.languages import OFFICIAL, Lang
from shared.words import current_language

State = Literal["created", "held", "sending", "temporary-failure", "sent", "failed", "summarised", "inbox"]
ResendReason = Literal["not_arrived", "address_changed", "deleted_by_reader", "other"]


def title_of(template: str) -> Words:
    """The title of a message, in the official languages and in the caller's."""
    if template in TITLES:
        return Words.of(TITLES[template])
    known = {lang: texts(lang).get(template, {}) for lang in dict.fromkeys((*OFFICIAL, current_language()))}
    return Words(**{lang: said["subject"] for lang, said in known.items() if "subject" in said})


class NotificationBody(BaseModel):
    """One message: that it was sent, when and how it ended. Its address and its content are not shown."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "01a20911-fd7b-71e3-a6cc-c19ac3a3cc4a",
                    "template": "application_received",
                    "title": {
                        "ja": "申請を受け付けました（申請受付番号のお知らせ）",
                        "en": "Application received (receipt number)",
                    },
                    "party": "applicant",
                    "language": "ja",
                    "state": "sent",
                    "attempts": 1,
                    "round": 1,
                    "application_id": "01a20911-fd7b-71e3-a6cc-c19546560fcd",
                    "account_id": "01a20911-fd7b-71e3-a6cc-c1916bbe12df",
                    "cause": "zairyu.ApplicationSubmitted.v1",
                    "created_at": "2026-07-01T01:23:45Z",
                    "ended_at": "2026-07-01T01:23:45Z",
                    "next_try_at": None,
                    "reason": None,
                    "number": "東オンＥＮ26000001",
                    "summary_id": None,
                }
            ]
        }
    )

    id: UUID
    template: str
    title: Words = Field(description="the template in words")
    party: Literal["account", "applicant", "old_address", "colleague", "officer", "summary"]
    language: Lang
    state: State = Field(
        description="held: waits for the morning's summary; summarised: named in one; inbox: not mailed, by choice"
    )
    attempts: int
    round: int = Field(description="1, and one more for each resend")
    application_id: UUID | None
    account_id: UUID | None
    cause: str = Field(description="type of the event that led to it")
    created_at: datetime
    ended_at: datetime | None
    next_try_at: datetime | None
    reason: str | None = Field(description="why the last attempt failed, as a code")
    number: str | None = Field(description="receipt number of what it is about")
    summary_id: UUID | None = Field(description="the message with which it was mailed, if it waited for the morning")

    @classmethod
    def of(cls, notification: Notification, delivery: Delivery | None) -> "NotificationBody":
        """A message with the work on it; of a message that has ended, the record alone counts."""
        open_ = delivery if notification.ended_at is None else None
        attempts = open_.attempts if open_ else notification.attempts
        return cls.model_validate(
            {
                "id": notification.id,
                "template": notification.template,
                "title": title_of(notification.template),
                "party": notification.party,
                "language": notification.language,
                "state": shown_state(notification.state, open_.state if open_ else None, attempts),
                "attempts": attempts,
                "round": notification.round,
                "application_id": notification.application_id,
                "account_id": notification.account_id,
                "cause": notification.cause_event_type,
                "created_at": notification.created_at,
                "ended_at": notification.ended_at,
                "next_try_at": open_.next_try_at if open_ else None,
                "reason": open_.last_error if open_ else notification.reason,
                "number": notification.number,
                "summary_id": notification.summary_id,
            }
        )


class HistoryEntry(BaseModel):
    """Something that happened to a message or to an address, from the journal."""

    at: datetime
    action: str = Field(examples=["notification:send"])
    actor_kind: str = Field(examples=["system"])
    actor_id: UUID | None = Field(description="the officer who did it; null for the system")
    detail: dict[str, Any] = Field(examples=[{"round": 1}])


class NotificationDetail(BaseModel):
    """One message with what happened to it, the oldest first. Its address and its content are not shown."""

    message: NotificationBody
    history: list[HistoryEntry]
    can_be_sent_again: bool = Field(description="whether it has ended, and its content is still kept")


class ResendBody(BaseModel):
    """The reason for which a message is sent again."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "not_arrived"}]})

    reason: ResendReason


class TemplateBody(BaseModel):
    """A message that the system can send: its event ("" where none causes it), whom it informs, how it goes."""

    name: str
    title: Words = Field(description="the name in words")
    event: str
    audience: list[Audience]
    channels: list[str]
    may_wait: bool = Field(description="whether its reader chooses when it comes; else it goes at once")


class TranslationBody(BaseModel):
    """The mails in one language: messages there are, translated, and looked at by a native speaker."""

    language: Lang
    domain: str = Field(description="catalogue", examples=["mail"])
    messages: int
    translated: int
    reviewed: int


class RelayBody(BaseModel):
    """A mail relay as the process that answers knows it: `used`, left `aside`, or `probed` with one mail."""

    name: Literal["first", "second"]
    state: RelayState
    since: datetime | None = Field(description="first of the failures that were in a row; null: it works")
    failures: int = Field(description="failures in a row")
    error: str | None = Field(description="the last failure, a code", examples=["timeout", "certificate", "smtp-421"])


class PreviewBody(BaseModel):
    """A mail with sample data."""

    subject: str
    text: str
    html: str


class Resent(BaseModel):
    """A message that is being sent again."""

    id: UUID
    round: int
