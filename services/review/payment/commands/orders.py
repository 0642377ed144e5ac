"""Orders to pay online: made, placed at the provider, and ended."""

from uuid import UUID

from services.review.audit import Tag
from services.review.cases.commands.loading import load_waiting_parts, lock_own
from services.review.cases.store import Case, lock_case
from services.review.payment.domain import online
from services.review.payment.domain.online import OrderState
from services.review.payment.schemas.online import OrderMade
from services.review.payment.store.online import PaymentOrder, case_of_order, live_order
from services.review.payment_provider.port import Placed
from shared.ids import new_id
from shared.timers import at, cancel
from shared.work import Work

ORDER_EXPIRES = "payment_order_expires"
ORDER_CANCELLED = "payment_order_cancelled"


async def order(work: Work, application_id: UUID, method: str) -> OrderMade:
    """Order to pay the fee online. An order that is open for the same stays; one by another method is cancelled."""
    case = await lock_own(work, application_id)
    progress = (await load_waiting_parts(work, case)).progress
    found = online.offers(case.fee_yen, case.procedure, case.granted_period, work.today)
    offer = online.choose(progress, found, method)
    live = await live_order(work.session, case.id)
    if live is not None:
        if (live.method, live.total_yen) == (offer.method, offer.total_yen) and live.expires_at > work.now:
            return OrderMade(order_id=live.id)
        await end_order(work, live, OrderState.CANCELLED)
    made = PaymentOrder(
        id=new_id(),
        case_id=case.id,
        method=offer.method,
        fee_yen=offer.fee_yen,
        charge_yen=offer.charge_yen,
        state=OrderState.REQUESTED,
        reference=None,
        pay_number=None,
        pay_url=None,
        ordered_by=work.actor.id,
        ordered_at=work.now,
        expires_at=online.payable_until(work.now),
        ended_at=None,
    )
    work.session.add(made)
    await at(work.session, ORDER_EXPIRES, made.id, made.expires_at)
    work.journal("case", case.id, Tag.ORDER_PAYMENT, {"method": offer.method, "charge_yen": offer.charge_yen})
    return OrderMade(order_id=made.id)


async def note_placed(work: Work, order_id: UUID, placed: Placed) -> OrderMade:
    """Note how the provider wants an order to be paid. One that ended meanwhile is cancelled there."""
    case, found = await lock_order(work, order_id)
    if found is None or case is None or found.reference is not None:
        return OrderMade(order_id=order_id)
    found.reference, found.pay_number, found.pay_url = placed.reference, placed.pay_number, placed.pay_url
    if found.state == OrderState.REQUESTED:
        found.state = OrderState.OPEN
    elif found.state != OrderState.PAID:
        await at(work.session, ORDER_CANCELLED, found.id, work.now)
    work.journal("case", case.id, Tag.PLACE_ORDER)
    return OrderMade(order_id=order_id)


async def lock_order(work: Work, order_id: UUID) -> tuple[Case | None, PaymentOrder | None]:
    """An order and its case, both locked; nothing for an id that is no order's."""
    case_id = await case_of_order(work.session, order_id)
    if case_id is None:
        return None, None
    # The case first, as everywhere.
    case = await lock_case(work.session, case_id)
    return case, await work.session.get(PaymentOrder, order_id, with_for_update=True, populate_existing=True)


async def end_order(work: Work, found: PaymentOrder, state: OrderState) -> None:
    """End an order; one that is cancelled here is cancelled at the provider by a timer, which waits for no one."""
    found.state = state
    found.ended_at = work.now
    await cancel(work.session, ORDER_EXPIRES, found.id)
    if state is OrderState.CANCELLED and found.reference is not None:
        await at(work.session, ORDER_CANCELLED, found.id, work.now)
    # Before another order of the case is written: one alone is open.
    await work.session.flush()


async def cancel_live_order(work: Work, case_id: UUID) -> None:
    """Cancel the order of a case whose fee was paid otherwise; its caller writes the line of the journal."""
    live = await live_order(work.session, case_id)
    if live is not None:
        await end_order(work, live, OrderState.CANCELLED)


async def end_of_case(work: Work, case_id: UUID) -> None:
    """Cancel the order of a case that ended before it was paid."""
    case = await lock_case(work.session, case_id)
    live = await live_order(work.session, case_id) if case is not None else None
    if live is None:
        return
    await end_order(work, live, OrderState.CANCELLED)
    work.journal("case", case_id, Tag.END_ORDER, {"state": OrderState.CANCELLED})


async def expire(work: Work, order_id: UUID) -> None:
    """The time of an order is over."""
    case, found = await lock_order(work, order_id)
    if case is None or found is None or OrderState(found.state) not in online.LIVE:
        return
    await end_order(work, found, OrderState.EXPIRED)
    work.journal("case", case.id, Tag.END_ORDER, {"state": OrderState.EXPIRED})
