"""Requests and answers about webhooks, as they go over HTTP."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from services.notification.webhooks.catalogue import TYPES
from services.notification.webhooks.domain.addresses import WANTED, webhook_url
from shared.auth import Role
from shared.errors import Text
from shared.http import Words
from shared.text import one_line
from shared.text.typed import AsSent, Moment, Typed, rule

_WEBHOOK: dict[str, Any] = {
    "id": "01a20911-fd7b-71e3-a6cc-c19c41d77a05",
    "name": "人事システム",
    "url": "https://hr.example.co.jp/zairyu",
    "types": ["application.submitted", "review.completed"],
    "role": "org_staff",
    "account_id": "01a20911-fd7b-71e3-a6cc-c1916bbe12df",
    "client_id": None,
    "created_at": "2026-07-01T01:23:45Z",
    "disabled_at": None,
    "disabled_reason": None,
    "failing_since": None,
    "waiting": 0,
    "secrets": [{"id": "01a20911-fd7b-71e3-a6cc-c19c41d77a06", "created_at": "2026-07-01T01:23:45Z", "ends_at": None}],
    "revision": 1,
}
_MESSAGE: dict[str, Any] = {
    "id": "01a20911-fd7b-71e3-a6cc-c19c41d77a07",
    "webhook_message_id": "01a20911-fd7b-71e3-a6cc-c19b60d1f441",
    "type": "application.submitted",
    "application_id": "01a20911-fd7b-71e3-a6cc-c19546560fcd",
    "state": "accepted",
    "attempts": 1,
    "created_at": "2026-07-01T01:23:45Z",
    "next_try_at": None,
    "ended_at": "2026-07-01T01:23:46Z",
}
_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - the example of the specification

Name = Annotated[str, Typed(one_line, most=80)]


def _url(value: str) -> str:
    try:
        # Whether this machine may be reached is a setting, which the command asks.
        return webhook_url(value, loopback=True)
    except ValueError as error:
        raise rule("webhook-url", WANTED) from error


Url = Annotated[
    str,
    StringConstraints(min_length=1, max_length=500, strip_whitespace=False),
    AfterValidator(_url),
    AsSent("an address is used as it is"),
]


def _type(value: str) -> str:
    if value not in TYPES:
        raise rule(
            "webhook-type",
            Text("次から選んでください: {known}", "Choose from: {known}").with_values(known=" ".join(TYPES)),
        )
    return value


Types = Annotated[
    list[Annotated[str, StringConstraints(max_length=50), AfterValidator(_type), AsSent("one of a list")]],
    Field(max_length=len(TYPES), description="events that it is informed of; empty: all"),
]
State = Literal["waiting", "sending", "accepted", "failed"]


class Input(BaseModel):
    """A request's body. A field that is not known is refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class WebhookInput(Input):
    """A webhook to add."""

    name: Name = Field(examples=["人事システム"])
    url: Url = Field(description="https, at a public address", examples=["https://hr.example.co.jp/zairyu"])
    types: Types = Field(default_factory=list, examples=[["application.submitted", "review.completed"]])
    role: Role | None = Field(None, description="of whose applications; needed where this session has several")


class WebhookChange(Input):
    """The changes; what is left out stays as it is."""

    name: Name | None = None
    url: Url | None = None
    types: Types | None = None

    @model_validator(mode="after")
    def _something(self) -> "WebhookChange":
        if self.name is None and self.url is None and self.types is None:
            raise rule("nothing-to-change", Text("変更する項目を指定してください", "Give what is to be different"))
        return self


class TimeSpan(Input):
    """The messages that are sent again: those made in this time that failed, or all."""

    since: Moment = Field(examples=["2026-07-01T00:00:00Z"])
    until: Moment = Field(examples=["2026-07-02T00:00:00Z"])
    accepted: bool = Field(False, description="also those that were accepted")


class SecretBody(BaseModel):
    """A secret that signs messages. `ends_at`: it was replaced, and signs until then."""

    id: UUID
    created_at: datetime
    ends_at: datetime | None


class WebhookBody(BaseModel):
    """A webhook."""

    model_config = ConfigDict(json_schema_extra={"examples": [_WEBHOOK]})

    id: UUID
    name: str
    url: str
    types: list[str] = Field(description="empty: all")
    role: Role
    account_id: UUID = Field(description="who answers for it, and is informed when it is stopped")
    client_id: UUID | None = Field(description="the API client that added it; null: a person did")
    created_at: datetime
    disabled_at: datetime | None
    disabled_reason: str | None = Field(
        description=(
            "by-owner, no-answer, gone, membership-ended, registration-expired, account-suspended, account-closed or"
            " client-ended"
        )
    )
    failing_since: datetime | None = Field(description="nothing was accepted since; null: the last answer was good")
    waiting: int = Field(description="messages that are not accepted yet, counted up to 1000")
    secrets: list[SecretBody]
    revision: int


class WebhookCreated(WebhookBody):
    """A new webhook, with its secret, which is shown this once."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**_WEBHOOK, "secret": _SECRET}]})

    secret: str


class SecretCreated(BaseModel):
    """A new secret, shown this once. The one before signs beside it for a day."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"webhook_id": _WEBHOOK["id"], "secret": _SECRET, "earlier_ends_at": "2026-07-02T01:23:45Z"}]
        }
    )

    webhook_id: UUID
    secret: str
    earlier_ends_at: datetime | None


class WebhookList(BaseModel):
    """The webhooks of the organisation or person."""

    items: list[WebhookBody]


class TypeBody(BaseModel):
    """One kind of message, and the members of its `data`."""

    type: str = Field(examples=["application.submitted"])
    name: Words
    fields: list[str] = Field(examples=[["application_id", "receipt_number", "link", "submitted_at"]])


class MessageBody(BaseModel):
    """One message to one webhook."""

    model_config = ConfigDict(json_schema_extra={"examples": [_MESSAGE]})

    id: UUID
    webhook_message_id: UUID = Field(description="the header `webhook-id`, the same at every attempt")
    type: str
    application_id: UUID | None
    state: State
    attempts: int
    created_at: datetime
    next_try_at: datetime | None = Field(description="null: it has ended")
    ended_at: datetime | None


class AttemptBody(BaseModel):
    """One attempt: the request beside its body and its signature, and the beginning of the answer."""

    number: int
    at: datetime
    milliseconds: int
    outcome: str = Field(
        description="accepted, refused, redirected, gone, busy, timed-out, not-reached, address-refused"
    )
    status: int | None
    sent: dict[str, str] = Field(description="headers of the request, without the signature")
    answered: dict[str, str] = Field(description="headers of the answer, without what may be secret")
    answer: str | None = Field(description="the first 4 KB of the answer")


class MessageDetail(MessageBody):
    """One message, with the latest of its attempts."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **_MESSAGE,
                    "body": '{"type":"application.submitted","timestamp":"2026-07-01T01:23:45Z","data":{}}',
                    "tried": [
                        {
                            "number": 1,
                            "at": "2026-07-01T01:23:46Z",
                            "milliseconds": 42,
                            "outcome": "accepted",
                            "status": 204,
                            "sent": {"content-type": "application/json"},
                            "answered": {},
                            "answer": "",
                        }
                    ],
                }
            ]
        }
    )

    body: str
    tried: list[AttemptBody]


class SentAgain(BaseModel):
    """The number of messages that are sent again."""

    count: int


class Nothing(BaseModel):
    """An answer without content."""
