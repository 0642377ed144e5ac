"""The steps of an application in one service, and the part that the service itself knows of them."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from shared.db import ReadSession

StepKind = Literal["command", "timer", "letter", "mail", "webhook", "file", "scan", "payment", "card"]


class Step(BaseModel):
    """Something that happened to an application, in codes: no step names a person, an address or a file."""

    at: datetime
    kind: StepKind
    name: str = Field(description="audit tag, kind of timer, template or type", examples=["case:open"])
    state: str | None = Field(None, description="as the service has it now", examples=["sent"])
    by: str | None = Field(None, description="kind of actor, or the part of the system", examples=["officer"])
    subject: UUID | None = Field(None, description="the record of the service: a case, a file, a message")
    event_id: UUID | None = Field(None, description="the event that led to it")
    timer: str | None = Field(None, description="the timer that led to it", examples=["documents-overdue"])


class Sent(BaseModel):
    """An event about the application; without `sent_at` it waits in the outbox."""

    event_id: UUID
    type: str = Field(examples=["zairyu.ApplicationSubmitted.v1"])
    recorded_at: datetime
    sent_at: datetime | None


class Taken(BaseModel):
    """An event that this service's group has seen: its effect is there, or it is a dead letter."""

    event_id: UUID
    at: datetime
    state: Literal["handled", "parked", "deferred", "waiting"] = "handled"


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a following that only the service itself can answer.

    `find` gives the application of a receipt number. `subjects` are the ids of its records that belong to the
    application: the journal, timers and events have them as keys. `steps` are those that the journal does not hold.
    """

    subjects: Callable[[ReadSession, UUID], Awaitable[Sequence[UUID]]]
    steps: Callable[[ReadSession, UUID], Awaitable[Sequence[Step]]]
    find: Callable[[ReadSession, str], Awaitable[UUID | None]] | None = None
