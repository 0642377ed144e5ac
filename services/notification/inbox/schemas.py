"""Messages of the inbox, as they go over HTTP."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class Words(BaseModel):
    """A text in both languages."""

    ja: str
    en: str


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
