"""What a command answers; kept in the journal for repeated requests, so it holds no card number and no free text."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.review.domain.states import State
from services.review.store import Case

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
    "submitted_at": "2026-07-01T01:23:45Z",
    "stay_expiry": "2026-08-31",
    "special_period_end": "2026-10-31T14:59:59Z",
    "examiner_id": "01a20911-fd7b-71e3-a6cc-c1916bbe12df",
    "documents_due": None,
    "fee_yen": 5500,
    "fee_paid": False,
    "materials_received": False,
    "granted_period": "Y3",
    "stay_until": "2029-08-31",
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
    submitted_at: datetime
    stay_expiry: date | None = Field(description="end of the present stay")
    special_period_end: datetime | None = Field(description="until when the present status holds (特例期間)")
    examiner_id: UUID | None
    documents_due: date | None = Field(description="until when requested documents are awaited")
    fee_yen: int | None = Field(description="what the grant costs; null before a grant")
    fee_paid: bool
    materials_received: bool
    granted_period: str | None
    stay_until: date | None = Field(description="end of the stay granted")

    @classmethod
    def of(cls, case: Case) -> "CaseBrief":
        return cls.model_validate(case)


class DocumentsRequested(CaseBrief):
    """The case after a request for documents, with the id under which the applicant answers it."""

    model_config = ConfigDict(
        json_schema_extra={"example": EXAMPLE | {"request_id": "01a20911-fd7b-71e3-a6cc-c198a3921390"}}
    )

    request_id: UUID
