"""The examiners of an office over HTTP: what they examine, when they are away, and their load."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from services.review.cases.schemas import Body, Code, Part, example
from shared.text.typed import Day

Codes = Annotated[list[Code], Field(max_length=100)]


class SkillBody(Body):
    """The procedures and statuses that an examiner examines: empty lists are everything."""

    model_config = example({"procedures": ["EXTEND", "CHANGE"], "statuses": ["STUDENT"]})
    procedures: Codes
    statuses: Codes


class NewAbsence(Body):
    """The days on which an officer is away, the last one included."""

    model_config = example({"first_day": "2026-07-20", "last_day": "2026-07-31"})
    first_day: Day
    last_day: Day


class AbsenceView(Part):
    """An absence that is not over."""

    id: UUID
    officer_id: UUID
    first_day: date
    last_day: date
    recorded_by: UUID
    recorded_at: datetime


class ExaminerView(BaseModel):
    """An examiner of the office, as far as this service knows them."""

    officer_id: UUID
    procedures: list[str] = Field(description="what they examine; empty for every procedure")
    statuses: list[str] = Field(description="the same of statuses of residence")
    cases: int = Field(description="cases in examination")
    at_work: int = Field(description="of these, how many wait for nobody else; the limit is about them")
    absent: bool = Field(description="away today")
    absences: list[AbsenceView]


class Examiners(BaseModel):
    """The examiners of an office who have cases, or of whom something is recorded."""

    office: str
    limit: int = Field(description="how many cases one of them may have at work when they take the next")
    items: list[ExaminerView]
