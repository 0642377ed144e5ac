"""The payments that the card office looks into, over HTTP."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field

from services.review.cases.schemas import Body, Note, Part, example
from services.review.payment.domain.online import NoticeKind, NoticeOutcome, ReceiptState
from services.review.payment.domain.reconciliation import Difference
from services.review.payment.domain.refunds import Way


class RefundBody(Body):
    """The reason for which money is given back."""

    model_config = example({"reason": "納付書と二重に納付された", "way": "provider"})
    reason: Note
    way: Way = Field(Way.PROVIDER, description="`otherwise` only for money that the provider refused to give back")


class RefundDecision(Body):
    """The second officer's answer to a refund; refusing it needs a note."""

    model_config = example({"approve": True, "note": None})
    approve: bool
    note: Note | None = None


class RefundView(Part):
    """A refund, and how far it is."""

    id: UUID
    reason: str
    proposed_by: UUID
    proposed_at: datetime
    approved: bool | None
    decided_by: UUID | None
    decided_at: datetime | None
    note: str | None
    refunded_at: datetime | None
    way: Way


class RefusalView(BaseModel):
    """The provider's refusal to give money back."""

    at: datetime
    reason: str = Field(description="the provider's word for it, and its status", examples=["account closed (422)"])


class Resolution(Body):
    """The finding of the officer who looked into a difference."""

    model_config = example({"note": "収納代行者に確認済み。翌日のデータに含まれる。"})
    note: Note


class DifferenceResolved(BaseModel):
    """A difference that was looked into."""

    id: UUID
    resolved_at: datetime


class DifferenceView(BaseModel):
    """A place where the provider's file and our records disagree."""

    id: UUID
    day: date
    kind: Difference
    transaction_id: str
    receipt_number: str | None = Field(description="of the case, where one is known")
    case_id: UUID | None
    amount_yen: int | None
    noted_at: datetime


class RefundableView(BaseModel):
    """Money that is to be given back."""

    receipt_id: UUID
    case_id: UUID
    receipt_number: str
    transaction_id: str
    amount_yen: int
    ordered_yen: int = Field(description="the fee and the charge that were to be paid")
    paid_at: datetime
    state: ReceiptState
    refund: RefundView | None = Field(description="the one that is proposed or approved")
    refused: RefusalView | None = Field(description="the last refund that the provider refused for good")


class RefusedNotice(BaseModel):
    """A notice of the provider that was refused: money of another amount, or for an order that is not ours."""

    received_at: datetime
    kind: NoticeKind
    outcome: NoticeOutcome
    order_id: UUID
    transaction_id: str | None
    amount_yen: int | None
    case_id: UUID | None
    receipt_number: str | None


class PaymentDesk(BaseModel):
    """The payments to look into, oldest first; the notices newest first. At most 200 of each."""

    differences: list[DifferenceView]
    refundable: list[RefundableView]
    refused_notices: list[RefusedNotice]
