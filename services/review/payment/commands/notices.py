"""Money that the payment provider reports, by a notice or in the file of a day."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.review.audit import Tag
from services.review.cases.commands.loading import Loaded, event_header, load_waiting_parts, save
from services.review.cases.store import Case
from services.review.payment.commands.orders import cancel_live_order, end_order, lock_order
from services.review.payment.domain import online, slip
from services.review.payment.domain.online import NoticeKind, NoticeOutcome, OrderState, ReceiptState
from services.review.payment.schemas.online import NoticeTaken
from services.review.payment.store.online import (
    PaymentNotice,
    PaymentOrder,
    PaymentReceipt,
    notice_of,
    receipt_of,
)
from services.review.payment.store.slip import FeePayment
from shared.clock import legal_date
from shared.events.review import FeePaid, OtherAmountPaid
from shared.ids import new_id
from shared.work import Work


@dataclass(frozen=True, slots=True)
class Money:
    """Money that the provider took for an order: one transaction."""

    order_id: UUID
    transaction_id: str
    amount_yen: int
    paid_at: datetime


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice of the provider with a right signature. `transaction_id` and `amount_yen` are those of a payment."""

    event_id: str
    kind: NoticeKind
    order_id: UUID
    at: datetime
    transaction_id: str | None = None
    amount_yen: int | None = None


async def take_notice(work: Work, notice: Notice) -> NoticeTaken:
    """Do what a notice says, once. A notice that is refused is recorded as well; the route tells the provider so."""
    case, order = await lock_order(work, notice.order_id)
    known = await notice_of(work.session, notice.event_id)
    if known is not None:
        refused = NoticeOutcome(known.outcome) in online.REFUSED
        return NoticeTaken(outcome=NoticeOutcome(known.outcome) if refused else NoticeOutcome.REPEATED)
    if case is None or order is None:
        outcome = NoticeOutcome.UNKNOWN_ORDER
    elif notice.kind is NoticeKind.PAID:
        assert notice.transaction_id is not None
        assert notice.amount_yen is not None
        money = Money(order.id, notice.transaction_id, notice.amount_yen, notice.at)
        outcome = await take_money(work, case, order, money)
    else:
        outcome = await _take_end(work, case, order, notice.kind)
    work.session.add(
        PaymentNotice(
            id=(notice_id := new_id()),
            event_id=notice.event_id,
            kind=notice.kind,
            order_id=notice.order_id,
            case_id=case.id if case else None,
            transaction_id=notice.transaction_id,
            amount_yen=notice.amount_yen,
            outcome=outcome,
            received_at=work.now,
        )
    )
    if case is None:
        work.journal("payment_notice", notice_id, Tag.TAKE_NOTICE, {"outcome": outcome})
    elif outcome is not NoticeOutcome.APPLIED:
        work.journal("case", case.id, Tag.TAKE_NOTICE, {"outcome": outcome})
    return NoticeTaken(outcome=outcome)


async def take_money(
    work: Work, case: Case, order: PaymentOrder, money: Money, *, settled: bool = False
) -> NoticeOutcome:
    """Record money for an order that the caller has locked with its case. It pays the fee, or is to be given back.

    Another amount than the order's is recorded where the provider's file of the day says so (`settled`): a notice
    alone may report a wrong one.
    """
    loaded = await load_waiting_parts(work, case)
    due = online.is_due(loaded.progress) and case.fee_yen == order.fee_yen
    known = await receipt_of(work.session, money.transaction_id) is not None
    outcome = online.judge_money(order.total_yen, money.amount_yen, due, known)
    if online.came_in(outcome, settled):
        pays = outcome is NoticeOutcome.APPLIED
        receipt = PaymentReceipt(
            id=new_id(),
            transaction_id=money.transaction_id,
            order_id=order.id,
            case_id=case.id,
            amount_yen=money.amount_yen,
            paid_at=money.paid_at,
            day=legal_date(money.paid_at),
            state=ReceiptState.PAYS if pays else ReceiptState.SURPLUS,
            recorded_at=work.now,
        )
        work.session.add(receipt)
        if OrderState(order.state) is not OrderState.PAID:
            await end_order(work, order, OrderState.PAID)
        await work.session.flush()
        if pays:
            await _pay(work, loaded, order, receipt)
        if outcome is NoticeOutcome.WRONG_AMOUNT:
            event = {"amount_yen": money.amount_yen, "ordered_yen": order.total_yen, "fee_due": due}
            work.emit(OtherAmountPaid.model_validate(event_header(case) | event | {"paid_at": money.paid_at}))
    return outcome


async def _pay(work: Work, loaded: Loaded, order: PaymentOrder, receipt: PaymentReceipt) -> None:
    case = loaded.case
    # An order that had expired was paid after all, and another one was open.
    await cancel_live_order(work, case.id)
    await save(work, loaded, slip.fee_came_in(loaded.progress))
    work.session.add(
        FeePayment(
            case_id=case.id,
            amount_yen=order.fee_yen,
            paid_on=receipt.day,
            reference=receipt.transaction_id,
            recorded_by=None,
            receipt_id=receipt.id,
            recorded_at=work.now,
        )
    )
    work.journal("case", case.id, Tag.PAY_FEE, {"amount_yen": order.fee_yen, "method": order.method})
    event = {"amount_yen": order.fee_yen, "method": order.method, "paid_at": receipt.paid_at}
    work.emit(FeePaid.model_validate(event_header(case) | event))


async def _take_end(work: Work, case: Case, order: PaymentOrder, kind: NoticeKind) -> NoticeOutcome:
    outcome = online.judge_end(OrderState(order.state))
    if outcome is NoticeOutcome.APPLIED:
        state = OrderState.EXPIRED if kind is NoticeKind.EXPIRED else OrderState.CANCELLED
        await end_order(work, order, state)
        work.journal("case", case.id, Tag.END_ORDER, {"state": state})
    return outcome
