"""Requests and answers about dead letters."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.errors import Text
from shared.operations.letters.fields import EventField
from shared.text.lines import several_lines
from shared.text.typed import AsSent, Typed, rule

Action = Literal["replay", "drop"]
Scope = Literal["letter", "group", "all"]
Status = Literal["proposed", "running", "done", "withdrawn"]
OfGroup = Annotated[str | None, AsSent("as the list of groups has it"), Field(max_length=2000)]

_ID = "01a20911-fd7b-71e3-a6cc-c19ac3a3cc4a"
_ORDER_EXAMPLE: Any = {"action": "replay", "scope": "letter", "letter_id": _ID, "reason": "Corrected in release 1.4.2"}


class OrderBody(BaseModel):
    """An order: what to do with one letter, with a group of them (all three of its marks, as the list has them), or
    with all. To drop all is proposed, and done when another operator approves it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_ORDER_EXAMPLE]})

    action: Action
    scope: Scope
    letter_id: UUID | None = None
    error_type: OfGroup = None
    error: OfGroup = None
    event_type: OfGroup = None
    reason: Annotated[str, Typed(several_lines, most=500)]

    @model_validator(mode="after")
    def _names_its_letters(self) -> Self:
        if (self.scope == "letter") != (self.letter_id is not None):
            raise rule(
                "letter-not-named",
                Text(
                    "letter_id は scope が letter のとき、かつそのときに限り指定してください",
                    "Give letter_id where the scope is letter, and only there",
                ),
            )
        if self.scope != "group" and (self.error_type, self.error, self.event_type) != (None, None, None):
            raise rule(
                "group-not-wanted",
                Text(
                    "error_type、error、event_type は scope が group のときに限り指定してください",
                    "Give error_type, error and event_type only where the scope is group",
                ),
            )
        return self


class Order(BaseModel):
    """An order, and how far it is. Letters that arrived after it are no part of it."""

    id: UUID
    action: Action
    scope: Scope
    letter_id: UUID | None
    error_type: str | None
    error: str | None
    event_type: str | None
    reason: str
    status: Status
    total: int = Field(
        description="letters that it meant when it was given; those that wait behind them come with them"
    )
    resolved: int = Field(description="letters that had their effect or were dropped, with those behind them")
    failed: int = Field(description="letters that failed again")
    ordered_by: UUID
    ordered_at: datetime
    approved_by: UUID | None
    finished_at: datetime | None

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class Group(BaseModel):
    """Letters that failed alike."""

    error_type: str | None
    error: str | None = Field(description="the place in the code, and what is wrong there; never a value")
    event_type: str | None
    count: int
    oldest: datetime


class LetterLine(BaseModel):
    """One letter in a list."""

    id: UUID
    status: Literal["parked", "refused"]
    error_type: str | None
    error: str | None
    event_type: str | None
    key: str = Field(description="id of the record that the event is about")
    attempts: int
    first_failed_at: datetime
    behind: int = Field(description="letters that wait behind it")


class Letters(BaseModel):
    """The dead letters of a service."""

    counts: dict[str, int] = Field(examples=[{"parked": 1, "deferred": 0, "waiting": 2, "refused": 0}])
    groups: list[Group]
    letters: list[LetterLine] = Field(description="the oldest 200 that wait for a decision")
    orders: list[Order] = Field(description="open orders, and the latest others")


class Waiting(BaseModel):
    """A letter that waits behind another."""

    id: UUID
    event_type: str | None
    since: datetime


class Header(BaseModel):
    """A header of the message."""

    name: str
    value: str


class Letter(LetterLine):
    """One letter with its event beside the schema."""

    topic: str
    partition: int
    offset: int
    event_id: UUID | None
    size: int = Field(description="bytes of the body")
    headers: list[Header] = Field(description="attributes of the event; other headers by their length alone")
    is_known: bool = Field(description="whether this version of the service handles events of this type")
    opens_now: bool = Field(description="whether this version can read the event: whether a replay reaches its handler")
    why_not: str | None = Field(description="why it cannot be read, by place; never a value")
    fields: list[EventField]
    waiting: list[Waiting] = Field(description="the first 50 that wait behind it")
    orders: list[Order] = Field(description="orders about this letter")
