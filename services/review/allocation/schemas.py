"""Allocation over HTTP."""

from uuid import UUID

from pydantic import BaseModel, Field

from services.review.allocation.domain import WAITING, WAITS
from services.review.allocation.store import OpenCounts
from services.review.cases.domain.states import State
from services.review.cases.schemas import EXAMPLE, Body, CaseBrief, Note, example
from services.review.cases.store import Case


class Reassignment(Body):
    """The examiner who gets the case."""

    model_config = example({"examiner_id": "01a20911-fd7b-71e3-a6cc-c1916bbe12df", "note": "異動のため"})
    examiner_id: UUID
    note: Note | None = None


class QueuedCase(CaseBrief):
    """A case of the work queue."""

    model_config = example(EXAMPLE | {"late": False})

    late: bool = Field(description="whether it waits for something longer than the target")

    @classmethod
    def of_queue(cls, case: Case, late: bool) -> "QueuedCase":
        return cls(**CaseBrief.of(case).model_dump(), late=bool(late))


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


class QueueCounts(BaseModel):
    """The open cases: by state, and by what they wait for, in the order of a case's way."""

    states: list[StateCount]
    waits: list[WaitCount]

    @classmethod
    def of(cls, counts: OpenCounts) -> "QueueCounts":
        return cls(
            states=[StateCount(state=state, cases=counts.states.get(state, 0)) for state in State if state in WAITING],
            waits=[
                WaitCount(
                    wait=wait.name,
                    states=list(wait.states),
                    cases=counts.waits[wait.name][0],
                    late=counts.waits[wait.name][1],
                )
                for wait in WAITS
            ],
        )
