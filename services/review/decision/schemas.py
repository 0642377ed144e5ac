"""Proposals, decisions and cases of the same person over HTTP."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator

from services.review.cases.domain.flow import Outcome
from services.review.cases.domain.states import State
from services.review.cases.schemas import Body, Code, Note, Part, example
from services.review.cases.store import Case, Proposal
from services.review.decision.domain import same_person
from services.review.decision.domain.batch import MOST_AT_ONCE, Obstacle
from services.review.decision.domain.same_person import Relation
from shared.errors import Problem
from shared.text import half_width
from shared.text.typed import Typed


class SamePersonBody(Body):
    """The relation of another case with the same person key to this one."""

    model_config = example(
        {
            "other_case_id": "01a20911-fd7b-71e3-a6cc-c197026e68d4",
            "finding": "both_needed",
            "reason": "転職に伴う就労資格証明書との同時申請",
        }
    )
    other_case_id: UUID
    finding: same_person.Relation
    reason: Note


class ProposalBody(Body):
    """The proposed end of a case. A grant names the period of stay, anything else the reason."""

    model_config = example({"outcome": "grant", "period_of_stay": "Y3"})
    outcome: Outcome
    period_of_stay: Annotated[str, Typed(half_width, most=12)] | None = None
    reentry: Literal["single", "multiple"] | None = Field(None, description="where re-entry was filed along with it")
    reason_code: Code | None = None
    reason: Note | None = None


class Decision(Body):
    """The second officer's word. To send a proposal back, say why in `note`."""

    model_config = example({"approve": True, "note": "起案どおり"})
    approve: bool
    note: Note | None = None
    proposal_id: UUID | None = Field(None, description="the proposal that was read: 409 where another one waits")


class RecallBody(Body):
    """The reason for which a decision is taken back before it takes effect."""

    model_config = example({"reason": "在留期間の誤り"})
    reason: Note


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


class Words(BaseModel):
    """A sentence in both languages."""

    ja: str
    en: str


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
        words = problem.detail or problem.title
        message = Words(ja=words.ja, en=words.en)
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


class GrantableView(Part):
    """The choices of a grant today. Without periods and `up_to` it names none."""

    periods: list[str] = Field(description="the longest first", examples=[["Y5", "Y3", "Y1", "M3"]])
    up_to: str | None = Field(description="any period up to this one, set per person", examples=["Y5"])
    reentry: bool = Field(description="re-entry was filed along: `single` or `multiple` has to be named")


class ProposalView(Part):
    id: UUID
    outcome: Outcome
    period_of_stay: str | None
    reentry: str | None
    reason_code: str | None
    reason: str | None
    proposed_by: UUID
    proposed_at: datetime
    approved: bool | None = Field(description="null while it waits for its decision")
    decided_by: UUID | None
    decided_at: datetime | None
    note: str | None
    effective_at: datetime | None = Field(description="when an approved one takes effect, unless it is recalled")
    took_effect_at: datetime | None
    recalled_by: UUID | None
    recalled_at: datetime | None
    recall_reason: str | None


class FindingView(BaseModel):
    """The examiner's finding about another case, with its reason."""

    model_config = ConfigDict(from_attributes=True)

    finding: Relation
    reason: str
    found_by: UUID
    found_at: datetime


class SamePersonView(BaseModel):
    """Another case with the same person key. The filer is not shown."""

    case_id: UUID
    receipt_number: str
    office: str = Field(description="may be another than the officer's: the case itself is seen there alone")
    procedure: str
    status_of_residence: str
    state: State
    submitted_at: datetime
    decided_at: datetime | None
    holds_decision: bool = Field(description="decided, and not resolved: the decision of this case waits")
    resolved: FindingView | None
