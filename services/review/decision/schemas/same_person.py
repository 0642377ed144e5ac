"""Other cases of the same person, and the findings about them."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.review.cases.domain.states import State
from services.review.cases.schemas import Body, Note, example
from services.review.decision.domain import same_person
from services.review.decision.domain.same_person import Relation


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
