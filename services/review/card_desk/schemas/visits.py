"""Counter visits over HTTP."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from services.review.cases.schemas import Body, Part, example
from shared.text.typed import Moment


class Booking(Body):
    """The time that the applicant wants."""

    model_config = example({"starts_at": "2026-12-01T09:00:00+09:00"})
    starts_at: Annotated[Moment, Field(description="one of the times offered")]


class TimeOffered(BaseModel):
    """A time at which a visit can begin."""

    starts_at: datetime
    free: int = Field(description="places left; 0: full", examples=[2])


class BookedTime(Part):
    """The time that is booked."""

    starts_at: datetime
    booked_at: datetime


class CounterVisit(BaseModel):
    """The visit to a counter that a case needs; `times` are empty where none is needed."""

    receipt_number: str
    needed: bool
    office: str = Field(examples=["TYO"])
    booked: BookedTime | None
    times: list[TimeOffered]


class VisitOfDay(BaseModel):
    """A visit to the counter."""

    starts_at: datetime
    place: int
    case_id: UUID
    receipt_number: str
    state: str


class VisitsOfDay(BaseModel):
    """The visits of a day, in order."""

    day: date
    visits: list[VisitOfDay]
