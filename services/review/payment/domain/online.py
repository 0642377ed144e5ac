"""Online payment of the fee: what is offered, orders, and what a notice of the provider changes."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from services.review.cases.domain.flow import Progress
from services.review.cases.domain.refusal import NotNow, Wrong
from services.review.cases.domain.states import State
from shared.clock import end_of_day_jst, legal_date
from shared.errors import Text
from shared.reference.after_grant import payment_ways, way_charge

# Slips of convenience stores are good for two weeks; the applicant can order another one afterwards.
PAYABLE_FOR = timedelta(days=14)


class OrderState(StrEnum):
    """The state of an order to pay."""

    REQUESTED = "requested"  # kept here; the provider has not answered yet
    OPEN = "open"  # the provider expects the money
    PAID = "paid"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


LIVE = frozenset({OrderState.REQUESTED, OrderState.OPEN})


class ReceiptState(StrEnum):
    """The use of money that came in: it pays the fee of its case, or nothing, or it was given back."""

    PAYS = "pays"
    SURPLUS = "surplus"  # twice, of another amount, or for a case whose fee is not due
    REFUNDED = "refunded"


class NoticeKind(StrEnum):
    """Kinds of the provider's notices about an order."""

    PAID = "paid"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class NoticeOutcome(StrEnum):
    """The outcome of a notice. The last two are refusals."""

    APPLIED = "applied"
    SURPLUS = "surplus"  # money that pays nothing: twice, or after a slip
    REPEATED = "repeated"
    OUTDATED = "outdated"  # says less than what is known already
    WRONG_AMOUNT = "wrong_amount"
    UNKNOWN_ORDER = "unknown_order"


REFUSED = frozenset({NoticeOutcome.WRONG_AMOUNT, NoticeOutcome.UNKNOWN_ORDER})


@dataclass(frozen=True, slots=True)
class Offer:
    """One way to pay online, with what it costs: the fee and the charge of the payment."""

    method: str
    fee_yen: int
    charge_yen: int

    @property
    def total_yen(self) -> int:
        return self.fee_yen + self.charge_yen


def offers(fee_yen: int | None, procedure: str, period: str | None, today: date) -> list[Offer]:
    """The ways to pay a fee online today; revenue stamps are no such way."""
    if not fee_yen:
        return []
    ways = [way for way in payment_ways(today) if way.charge_yen]
    return [Offer(way.code, fee_yen, way_charge(way, procedure, today, period)) for way in ways]


def is_due(case: Progress) -> bool:
    """Whether the fee of a case waits to be paid."""
    return case.state is State.AWAITING_FEE and not case.fee_paid


def choose(case: Progress, found: list[Offer], method: str) -> Offer:
    """The offer of that method; raises `NotNow` where nothing is to be paid, and `Wrong` for another method."""
    if case.fee_paid:
        raise NotNow("fee-paid-already", Text("手数料は納付済みです", "The fee is paid already"))
    if not is_due(case) or not found:
        raise NotNow(
            "nothing-to-pay", Text("現在、オンラインで納付する手数料はありません", "There is no fee to pay online now")
        )
    for offer in found:
        if offer.method == method:
            return offer
    listed = ", ".join(offer.method for offer in found)
    raise Wrong(
        "payment-method",
        Text("納付方法は {listed} のいずれかです", "Use one of {listed}").with_values(listed=listed),
        "/method",
    )


def payable_until(now: datetime) -> datetime:
    """Until when an order can be paid: the end of a day in Japan."""
    return end_of_day_jst(legal_date(now + PAYABLE_FOR))


def judge_money(order_total: int, amount_yen: int, fee_due: bool, known: bool) -> NoticeOutcome:
    """The outcome of money that came in for an order; `known`: this transaction was recorded before.

    Money that arrives after the order has expired still pays a fee that is due: it is there, and it was meant for it.
    """
    if known:
        return NoticeOutcome.REPEATED
    if amount_yen != order_total:
        return NoticeOutcome.WRONG_AMOUNT
    return NoticeOutcome.APPLIED if fee_due else NoticeOutcome.SURPLUS


def came_in(outcome: NoticeOutcome, settled: bool) -> bool:
    """Whether money came in that is to be recorded; `settled`: the provider's file of the day has it."""
    return outcome in (NoticeOutcome.APPLIED, NoticeOutcome.SURPLUS) or (
        settled and outcome is NoticeOutcome.WRONG_AMOUNT
    )


def judge_end(order: OrderState) -> NoticeOutcome:
    """The outcome of the notice that an order is over: outdated, where it is paid or over already."""
    return NoticeOutcome.APPLIED if order in LIVE else NoticeOutcome.OUTDATED
