"""What officers send."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.review.domain import same_person
from services.review.domain.checklist import Finding
from services.review.domain.flow import Outcome
from shared.text import half_width, one_line, several_lines
from shared.text.typed import Amount, Day, LongText, Moment, Typed

Note = LongText
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,79}$")]


class Body(BaseModel):
    """Unknown members are refused: a mistyped field must not be lost silently."""

    model_config = ConfigDict(extra="forbid")


class Reassignment(Body):
    """To whom the case goes."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"examiner_id": "01a20911-fd7b-71e3-a6cc-c1916bbe12df", "note": "異動のため"}}
    )
    examiner_id: UUID
    note: Note | None = None


class Findings(Body):
    """Answers to the checklist; a question left out counts as `not_asked`."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "findings": {"status_applicability": "yes", "taxes": "unknown", "immigration_history": "not_asked"},
                "note": "雇用契約書を確認済み",
            }
        }
    )
    findings: dict[Code, Finding]
    note: Note | None = None


class RequestedDocument(Body):
    """One document, and what the applicant is told about it."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"code": "RES_TAX", "message": "直近年度の課税証明書を提出してください"}}
    )
    code: Code
    message: Annotated[str, Typed(several_lines, most=2000)]


class DocumentsWanted(Body):
    """A notice to hand in documents (資料提出通知書)."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "items": [{"code": "RES_TAX", "message": "直近年度の課税証明書を提出してください"}],
                "due_on": "2026-07-29",
            }
        }
    )
    items: list[RequestedDocument] = Field(min_length=1, max_length=30)
    due_on: Day


class Invitation(Body):
    """An invitation to talk (事情聴取)."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"held_at": "2026-07-20T10:00:00+09:00", "instructions": "パスポートを持参"}}
    )
    held_at: Moment | None = None
    instructions: Note | None = None


class SamePersonBody(Body):
    """The relation of another case with the same person key to this one."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "other_case_id": "01a20911-fd7b-71e3-a6cc-c197026e68d4",
                "finding": "both_needed",
                "reason": "転職に伴う就労資格証明書との同時申請",
            }
        }
    )
    other_case_id: UUID
    finding: same_person.Finding
    reason: Note


class ProposalBody(Body):
    """How the case should end. A grant names the period of stay, anything else the reason."""

    model_config = ConfigDict(json_schema_extra={"example": {"outcome": "grant", "period_of_stay": "Y3"}})
    outcome: Outcome
    period_of_stay: Annotated[str, Typed(half_width, most=12)] | None = None
    reentry: Literal["single", "multiple"] | None = Field(None, description="where re-entry was filed along with it")
    reason_code: Code | None = None
    reason: Note | None = None


class Decision(Body):
    """The second officer's word. To send a proposal back, say why in `note`."""

    model_config = ConfigDict(json_schema_extra={"example": {"approve": True, "note": "起案どおり"}})
    approve: bool
    note: Note | None = None


class Termination(Body):
    """Why a case ends without a decision (終止)."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason_code": "left_japan", "note": "出国済み"}})
    reason_code: Code
    note: Note | None = None


class Payment(Body):
    """A fee that came in."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"amount_yen": 5500, "paid_on": "2026-07-20", "reference": "PAY-2026-000123"}}
    )
    amount_yen: Amount
    paid_on: Day
    reference: Annotated[str, Typed(one_line, most=80)]


class MaterialsReceived(Body):
    """The envelope arrived; was the old residence card in it?"""

    model_config = ConfigDict(json_schema_extra={"example": {"residence_card_received": True}})
    residence_card_received: bool


class NewCard(Body):
    """The new residence card."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"card_number": "AB12345678CD", "expires_on": "2029-08-31"}}
    )
    card_number: Annotated[str, Typed(half_width, most=40)]
    expires_on: Day


class Mailing(Body):
    """How the card travels."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"carrier": "letter_pack_plus", "tracking_number": "123456789012"}}
    )
    carrier: Code
    tracking_number: Annotated[str, Typed(half_width, most=40)]


class Visit(Body):
    """Why the card has to be collected at a counter, and until when."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason_code": "returned_mail", "visit_by": "2026-08-31"}})
    reason_code: Code
    visit_by: Day | None = None


class CertificateBody(Body):
    """A certificate, by mail or e-mail."""

    model_config = ConfigDict(json_schema_extra={"example": {"method": "EMAIL", "valid_until": "2026-10-15"}})
    method: Literal["POST", "EMAIL"]
    valid_until: Day | None = None
