"""The queue over HTTP."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel, Field

from services.review.allocation.domain.waits import MOST_COUNTED, WAITS
from services.review.allocation.store.queue import OpenCounts
from services.review.cases.domain.clock import CONCERNS, Dates, shown
from services.review.cases.domain.states import OPEN, State
from services.review.cases.schemas import EXAMPLE, CaseBrief, example
from services.review.cases.store import Case


class QueuedCase(CaseBrief):
    """A case of the work queue."""

    model_config = example(EXAMPLE | {"late": False, "concerns": ["special_7"], "flags": ["urgent"]})

    late: bool = Field(description="whether it waits for something longer than the target")
    concerns: list[str] = Field(description="deadlines that are near or over; of one deadline the nearest word")
    flags: list[str]

    @classmethod
    def of_queue(cls, case: Case, late: bool, flags: Sequence[str], now: datetime) -> "QueuedCase":
        concerns = [concern.name for concern in shown(State(case.state), Dates.of(case), now)]
        return cls(**CaseBrief.of(case).model_dump(), late=bool(late), concerns=concerns, flags=list(flags))


class FoundCases(BaseModel):
    """Cases of the work queue, in its order."""

    items: list[QueuedCase]


class StateCount(BaseModel):
    """The number of cases in one state."""

    state: State
    cases: int = Field(examples=[12])


class WaitCount(BaseModel):
    """The number of cases that wait for one thing. A case can wait for fee and card materials at once."""

    wait: str = Field(examples=["examination"])
    states: list[State] = Field(description="in which cases wait for it")
    cases: int = Field(examples=[12])
    late: int = Field(description="of these, how many longer than the target", examples=[1])


class ConcernCount(BaseModel):
    """The number of cases of which one deadline is near or over; those that end within 7 days are among those that end
    within 14."""

    concern: str = Field(examples=["special_7"])
    cases: int = Field(examples=[3])


class QueueCounts(BaseModel):
    """The open cases: by state, by what they wait for in the order of a case's way, and by deadline. Where a number is
    `most`, there may be more."""

    most: int = Field(description="up to which cases of one kind are counted", examples=[1_000])
    states: list[StateCount]
    waits: list[WaitCount]
    concerns: list[ConcernCount]

    @classmethod
    def of(cls, counts: OpenCounts) -> "QueueCounts":
        return cls(
            most=MOST_COUNTED,
            states=[StateCount(state=state, cases=counts.states.get(state, 0)) for state in State if state in OPEN],
            waits=[
                WaitCount(
                    wait=wait.name,
                    states=list(wait.states),
                    cases=counts.waits[wait.name][0],
                    late=counts.waits[wait.name][1],
                )
                for wait in WAITS
            ],
            concerns=[ConcernCount(concern=one.name, cases=counts.concerns[one.name]) for one in CONCERNS],
        )
