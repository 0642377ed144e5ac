"""Figures over HTTP."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from services.review.figures.domain import Times


class TimesView(BaseModel):
    """The times of cases, in days."""

    cases: int
    mean: float = Field(examples=[38.4])
    median: int = Field(examples=[36])
    p90: int = Field(description="90 of 100 were decided within so many days", examples=[58])

    @classmethod
    def of(cls, times: Times) -> "TimesView":
        return cls(cases=times.cases, mean=round(times.mean, 1), median=times.median, p90=times.p90)


class Figure(BaseModel):
    """The figures of one group; a key is null where it is not grouped by."""

    month: date | None
    office: str | None = Field(examples=["TYO"])
    procedure: str | None = Field(examples=["EXTEND"])
    status_of_residence: str | None = Field(examples=["ENG_HUM_INT"])
    carried_over: int = Field(description="received before and not closed before the period")
    received: int
    granted: int
    refused: int
    not_accepted: int
    withdrawn: int
    terminated: int
    open: int = Field(description="not closed at the end of the period")
    total: TimesView | None = Field(description="grants, from receipt to decision")
    office_time: TimesView | None = Field(description="the same without waiting for the applicant")
    applicant_time: TimesView | None = Field(description="waiting for the applicant")


class Figures(BaseModel):
    """Figures by group."""

    first: date
    last: date
    counted_at: datetime | None = Field(description="when they were counted; null: not yet")
    items: list[Figure]


class StepFigure(BaseModel):
    """The days of cases in one state before they left it."""

    state: str = Field(examples=["UNDER_REVIEW"])
    with_applicant: bool = Field(description="whether it is waiting for the applicant")
    times: TimesView


class StepFigures(BaseModel):
    """Time per step."""

    first: date
    last: date
    items: list[StepFigure]


class QueueFigure(BaseModel):
    """Open cases of one office and procedure, and the day on which they are done at the rate of the last months."""

    office: str
    procedure: str
    open: int
    with_applicant: int
    oldest: datetime
    ages: list[int] = Field(description="open cases younger than 7, 14, 30, 60, 90 days, and older ones")
    decided: int = Field(description="closed in the last three full months")
    done_on: date | None = Field(description="forecast for what is open now; null where nothing was closed")


class QueueFigures(BaseModel):
    """Open cases, by office and procedure."""

    counted_at: datetime | None
    items: list[QueueFigure]


class PublishedFigure(BaseModel):
    """The time that a decision takes now, for everybody. Null where there were fewer than five."""

    procedure: str
    status_of_residence: str
    times: TimesView | None


class PublishedFigures(BaseModel):
    """Times that decisions take now: grants of the last three full months, from receipt to decision."""

    first: date | None
    last: date | None
    fewest: int = Field(description="groups of fewer cases are left out", examples=[5])
    items: list[PublishedFigure]
