"""Many alike proposals, decided in one pass."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field, field_validator

from services.review.cases.domain.flow import Outcome
from services.review.cases.schemas import Body, Note, example
from services.review.cases.store import Case, Proposal
from services.review.decision.domain.batch import MOST_AT_ONCE, Obstacle
from shared.errors import Problem
from shared.http import Words

_CHOSEN = {
    "case_id": "01a20911-fd7b-71e3-a6cc-c197026e68d3",
    "proposal_id": "01a20911-fd7b-71e3-a6cc-c196b4396419",
}


class ChosenProposal(Body):
    """A proposal that was read, of a case."""

    model_config = example(_CHOSEN)
    case_id: UUID
    proposal_id: UUID


class BatchDecision(Body):
    """Proposals that are alike, to be approved in one pass."""

    model_config = example({"cases": [_CHOSEN], "note": None})
    cases: list[ChosenProposal] = Field(min_length=1, max_length=MOST_AT_ONCE)
    note: Note | None = None

    @field_validator("cases")
    @classmethod
    def _each_once(cls, cases: list[ChosenProposal]) -> list[ChosenProposal]:
        return list({one.case_id: one for one in cases}.values())


class Decided(BaseModel):
    """The outcome for one proposal of a pass."""

    case_id: UUID
    done: bool
    code: str | None = Field(None, description="why it was refused", examples=["not-opened"])
    message: Words | None = None
    changed_by: UUID | None = Field(None, description="the officer who was first, where one was")
    changed_at: datetime | None = None

    @classmethod
    def of(cls, case_id: UUID, problem: Problem | None) -> "Decided":
        if problem is None:
            return cls(case_id=case_id, done=True)
        message = Words.of(problem.detail or problem.title)
        return cls(case_id=case_id, done=False, code=problem.code, message=message, **problem.members)


class Decisions(BaseModel):
    """The outcome of a pass, in the order in which the proposals were named."""

    done: int
    items: list[Decided]


class WaitingProposal(BaseModel):
    """A proposal that waits for a decision."""

    case_id: UUID
    proposal_id: UUID
    receipt_number: str
    procedure: str
    combined_with: list[str]
    status_of_residence: str
    nationality: str
    outcome: Outcome
    period_of_stay: str | None
    reason_code: str | None
    proposed_by: UUID
    proposed_at: datetime
    obstacle: Obstacle | None = Field(description="why the caller cannot decide about it in a pass of several")

    @classmethod
    def of(cls, case: Case, proposal: Proposal, obstacle: Obstacle | None) -> "WaitingProposal":
        of_case = ("receipt_number", "procedure", "combined_with", "status_of_residence", "nationality")
        of_proposal = ("outcome", "period_of_stay", "reason_code", "proposed_by", "proposed_at")
        return cls(
            case_id=case.id,
            proposal_id=proposal.id,
            obstacle=obstacle,
            **{name: getattr(case, name) for name in of_case},
            **{name: getattr(proposal, name) for name in of_proposal},
        )


class WaitingProposals(BaseModel):
    """Some of them."""

    items: list[WaitingProposal]
