"""The payment provider as the service needs it: an order to pay, its end, a refund, and the file of a day."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from shared.errors import Text, Unavailable


class ProviderUnavailable(Unavailable):
    """The provider does not answer, or not as agreed; trying again later is right."""

    code = "payment-provider-unavailable"
    title = Text("納付の受付が一時的に利用できません", "Online payment is not available for the moment")

    def __init__(self) -> None:
        super().__init__(
            Text(
                "しばらくしてから、もう一度お試しください。納付は始まっていません。",
                "Try again in a few minutes. Nothing was paid.",
            )
        )


class RefundRefused(Exception):
    """The provider refuses a refund for good; `reason` is its word for it. Trying again changes nothing."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Order:
    """An order that somebody pays. Its id makes it one, however often it is sent."""

    id: UUID
    receipt_number: str
    method: str
    amount_yen: int
    expires_at: datetime
    return_url: str


@dataclass(frozen=True, slots=True)
class Placed:
    """The order at the provider: a number to pay with, or a page to pay on."""

    reference: str
    pay_number: str | None
    pay_url: str | None


class PaymentProvider(Protocol):
    """Every method raises `ProviderUnavailable` where the provider cannot be used, and may be called again."""

    async def place(self, order: Order) -> Placed:
        """Have the provider expect the payment of `order`."""
        ...

    async def cancel(self, reference: str) -> None:
        """Have the provider take no more money for an order. Nothing happens where it is over or paid."""
        ...

    async def refund(self, refund_id: UUID, transaction_id: str, amount_yen: int) -> None:
        """Give back a payment, once for `refund_id`. Raises `RefundRefused` where it never will."""
        ...

    async def settlements(self, day: date) -> bytes:
        """The reconciliation file of a day in Japan: what was paid and given back, as CSV."""
        ...
