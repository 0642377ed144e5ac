"""Online payment over HTTP: for the applicant, and for the payment provider."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from services.review.cases.schemas import Body, Part, example
from services.review.payment.domain.online import NoticeKind, NoticeOutcome, Offer, OrderState, ReceiptState
from services.review.payment.store.online import PaymentOrder, PaymentReceipt

Method = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]
ProviderId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{1,80}$")]


class PaymentChoice(Body):
    """The way in which the applicant wants to pay."""

    model_config = example({"method": "convenience_store"})
    method: Method = Field(description="one of the offers")


class OrderMade(BaseModel):
    """The order that the applicant can pay."""

    order_id: UUID


class OfferView(BaseModel):
    """One way to pay, and what it costs."""

    method: str = Field(examples=["convenience_store"])
    fee_yen: int = Field(examples=[27000])
    charge_yen: int = Field(description="the charge of this payment, beside the fee", examples=[330])
    total_yen: int = Field(examples=[27330])

    @classmethod
    def of(cls, offer: Offer) -> "OfferView":
        return cls(method=offer.method, fee_yen=offer.fee_yen, charge_yen=offer.charge_yen, total_yen=offer.total_yen)


class OrderView(Part):
    """An order to pay: by its number, or on the provider's page."""

    id: UUID
    method: str = Field(examples=["convenience_store"])
    fee_yen: int
    charge_yen: int
    total_yen: int
    state: OrderState
    pay_number: str | None = Field(examples=["4901 2345 6789"])
    pay_url: str | None
    ordered_at: datetime
    expires_at: datetime


class ReceiptView(Part):
    """Money that came in online."""

    transaction_id: str
    amount_yen: int = Field(description="the fee and the charge")
    paid_at: datetime
    state: ReceiptState


class OnlinePayment(BaseModel):
    """The fee of an application, and how it is paid online."""

    receipt_number: str
    fee_yen: int | None = Field(description="null before a grant")
    fee_paid: bool
    offers: list[OfferView] = Field(description="ways to pay now; empty where nothing is to be paid online")
    orders: list[OrderView] = Field(description="the newest first")
    receipts: list[ReceiptView] = Field(description="oldest first")

    @classmethod
    def of(
        cls,
        receipt_number: str,
        fee_yen: int | None,
        fee_paid: bool,
        offers: Sequence[Offer],
        orders: Sequence[PaymentOrder],
        receipts: Sequence[PaymentReceipt],
    ) -> "OnlinePayment":
        return cls(
            receipt_number=receipt_number,
            fee_yen=fee_yen,
            fee_paid=fee_paid,
            offers=[OfferView.of(offer) for offer in offers],
            orders=[OrderView.model_validate(order) for order in orders],
            receipts=[ReceiptView.model_validate(receipt) for receipt in receipts],
        )


class NoticeBody(BaseModel):
    """A notice of the payment provider. Members that it adds later are not read."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "event_id": "evt_000001",
                "kind": "paid",
                "order_id": "01a20911-fd7b-71e3-a6cc-c197026e68d3",
                "transaction_id": "txn_000001",
                "amount_yen": 27330,
                "at": "2026-11-29T01:23:45Z",
            }
        }
    )

    event_id: ProviderId
    kind: NoticeKind
    order_id: UUID
    transaction_id: ProviderId | None = Field(None, description="of kind `paid`")
    amount_yen: Annotated[int, Field(ge=1, le=100_000_000)] | None = Field(None, description="of kind `paid`")
    at: AwareDatetime

    @model_validator(mode="after")
    def _complete(self) -> "NoticeBody":
        if self.kind is NoticeKind.PAID and (self.transaction_id is None or self.amount_yen is None):
            raise ValueError("a notice of kind `paid` names transaction_id and amount_yen")
        return self


class NoticeTaken(BaseModel):
    """The outcome of a notice. `repeated` and `outdated` changed nothing."""

    outcome: NoticeOutcome
