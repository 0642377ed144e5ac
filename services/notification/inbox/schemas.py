"""Messages of the inbox, as they go over HTTP."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.notification.channels.mail.rendering import Site, body_for_inbox, subject_for_inbox
from services.notification.inbox import store
from services.notification.messages.catalogue import content_of
from services.notification.messages.domain import Party
from shared.auth import Actor
from shared.languages import OFFICIAL, Lang
from shared.sealing import Sealer
from shared.words import Words


class LeftOut(BaseModel):
    """The topic of which a reader gets no more mails."""

    topic: Literal["colleagues", "cases"]


class InboxItem(BaseModel):
    """One message of the list."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "01a20911-fd7b-71e3-a6cc-c19ac3a3cc4a",
                    "template": "application_received",
                    "subject": {"ja": "申請を受け付けました", "en": "Application received"},
                    "own": True,
                    "application_id": "01a20911-fd7b-71e3-a6cc-c19546560fcd",
                    "case_id": None,
                    "number": "東オンＥＮ26000001",
                    "created_at": "2026-07-01T01:23:45Z",
                    "read_at": None,
                }
            ]
        }
    )

    id: UUID
    template: str = Field(description="what kind of message it is; GET /v1/notifications/templates lists them")
    subject: Words | None = Field(description="null: the content is no longer kept")
    own: bool = Field(description="whether it was sent to the caller, and not to a colleague")
    application_id: UUID | None
    case_id: UUID | None = Field(description="of a message to an officer, the case that it is about")
    number: str | None = Field(description="receipt number of what it is about")
    created_at: datetime
    read_at: datetime | None = Field(description="when the caller read it; null: not yet")


class InboxMessage(InboxItem):
    """One message with its content."""

    text: Words | None = Field(description="null: not kept any more, or `withheld`")
    html: Words | None = Field(description="the same as an HTML fragment without styles, scripts and pictures")
    withheld: bool = Field(description="whether the content has a link that only the mail shows, such as a password's")
    mailed: str = Field(
        description="how the mail ended: created, held (for the morning), sent, failed, summarised, or inbox: none was"
        " wanted"
    )


# The template of a message, and the values that it shows.
Content = tuple[str, dict[str, Any]]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Opener:
    """Opens messages for `actor`, a reader of `lang`, with links to pages of `site`."""

    actor: Actor
    sealer: Sealer
    site: Site
    lang: Lang

    def item(self, found: store.Found) -> InboxItem:
        """A message of the list."""
        return self._item(found, self._content(found))

    def _item(self, found: store.Found, content: Content | None) -> InboxItem:
        notification, _, read_at, case_id = found
        return InboxItem(
            id=notification.id,
            template=notification.template,
            subject=Words(**self._in_languages(subject_for_inbox, content)) if content else None,
            own=notification.account_id == self.actor.account_id,
            application_id=notification.application_id,
            case_id=case_id if notification.party == Party.OFFICER else None,
            number=notification.number,
            created_at=notification.created_at,
            read_at=read_at,
        )

    def message(self, found: store.Found) -> InboxMessage:
        """A message with its content. A link that proves the address to which it was mailed is shown by the mail
        alone: else anybody at a session left open could set a password."""
        notification = found[0]
        withheld = "link" in content_of(notification.template).model_fields
        content = self._content(found)
        bodies = self._in_languages(body_for_inbox, content) if content and not withheld else None
        return InboxMessage(
            **dict(self._item(found, content)),
            text=Words(**{lang: text for lang, (text, _) in bodies.items()}) if bodies else None,
            html=Words(**{lang: html for lang, (_, html) in bodies.items()}) if bodies else None,
            withheld=withheld,
            mailed=notification.state,
        )

    def _in_languages(self, written: Callable[..., T], content: Content) -> dict[str, T]:
        """A message as `written` in the official languages and in the reader's."""
        return {lang: written(*content, lang, self.site) for lang in dict.fromkeys((*OFFICIAL, self.lang))}

    def _content(self, found: store.Found) -> Content | None:
        notification, sealed_content, *_ = found
        if sealed_content is None:
            return None
        content = content_of(notification.template).model_validate_json(self.sealer.open(sealed_content))
        return notification.template, dict(content)


class Unread(BaseModel):
    """The number of own messages that were not read yet."""

    count: int
    more: bool = Field(description="whether there are more than were counted")


class ReadUntil(BaseModel):
    """The messages that were read: all own ones up to this one, the newest that the reader was shown."""

    until: UUID


class MarkedRead(BaseModel):
    """The number of messages that were marked as read."""

    count: int
