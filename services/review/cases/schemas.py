"""The case as every step answers it, and the parts that all requests share."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.review.cases.domain.states import State
from services.review.cases.store import Case
from shared.text.typed import LongText

Note = LongText
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,79}$")]


def example(value: dict[str, Any]) -> ConfigDict:
    """The configuration of a model that shows `value` as its example in the OpenAPI document."""
    return ConfigDict(json_schema_extra={"example": value})


class Body(BaseModel):
    """Unknown members are refused: a mistyped field must not be lost silently."""

    model_config = ConfigDict(extra="forbid")


class Part(BaseModel):
    """A record of a case, read from its row."""

    model_config = ConfigDict(from_attributes=True)


EXAMPLE: dict[str, Any] = {
    "id": "01a20911-fd7b-71e3-a6cc-c197026e68d3",
    "application_id": "01a20911-fd7b-71e3-a6cc-c19546560fcd",
    "receipt_number": "東オンＥＮ26000001",
    "office": "TYO",
    "procedure": "EXTEND",
    "combined_with": [],
    "status_of_residence": "ENG_HUM_INT",
    "nationality": "VNM",
    "state": "AWAITING_FEE",
    "state_since": "2026-07-15T02:00:00Z",
    "state_by": "01a20911-fd7b-71e3-a6cc-c1916bbe12dd",
    "submitted_at": "2026-07-01T01:23:45Z",
    "stay_expiry": "2026-08-31",
    "special_period_end": "2026-10-31T14:59:59Z",
    "examiner_id": "01a20911-fd7b-71e3-a6cc-c1916bbe12df",
    "examiner_since": "2026-07-02T00:10:00Z",
    "documents_due": None,
    "fee_yen": 5500,
    "fee_paid": False,
    "materials_received": False,
    "granted_period": "Y3",
    "stay_until": "2029-08-31",
    "address_office": None,
    "moved_on": None,
    "standard_end": "2026-08-31",
}


class CaseBrief(BaseModel):
    """A case in a list, and after each step."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"example": EXAMPLE})

    id: UUID
    application_id: UUID
    receipt_number: str
    office: str
    procedure: str
    combined_with: list[str]
    status_of_residence: str
    nationality: str
    state: State
    state_since: datetime
    state_by: UUID | None = Field(description="the officer who brought it there; null: the applicant or the clock")
    submitted_at: datetime
    stay_expiry: date | None = Field(description="end of the present stay")
    special_period_end: datetime | None = Field(description="until when the present status holds (特例期間)")
    examiner_id: UUID | None
    examiner_since: datetime | None = Field(
        description="since when the examiner has it; without one: since when nobody has it any more"
    )
    documents_due: date | None = Field(description="until when requested documents are awaited")
    fee_yen: int | None = Field(description="what the grant costs; null before a grant")
    fee_paid: bool
    materials_received: bool
    granted_period: str | None
    stay_until: date | None = Field(description="end of the stay granted")
    address_office: str | None = Field(description="in charge of the applicant's address, where that changed")
    moved_on: date | None = Field(description="from when the applicant lives there")
    standard_end: date | None = Field(description="end of the standard processing period, the applicant's time added")

    @classmethod
    def of(cls, case: Case) -> "CaseBrief":
        return cls.model_validate(case)


class Termination(Body):
    """The reason for which a case ends without a decision (終止)."""

    model_config = example({"reason_code": "left_japan", "note": "出国済み"})
    reason_code: Code
    note: Note | None = None


class CorrectionAnswer(Body):
    """The examiner's answer to a correction; declining it needs a reason, which the applicant reads."""

    model_config = example({"agreed": True, "reason": None})
    agreed: bool
    reason: Note | None = None


class CorrectionView(Part):
    """A correction of the application: codes of what it changes. The application service shows it side by side."""

    id: UUID
    changed: list[str]
    requested_at: datetime | None = Field(description="null: made before the examination, without being asked for")
    agreed: bool | None
    answered_by: UUID | None
    answered_at: datetime | None
    reason: str | None
    corrected_at: datetime | None
