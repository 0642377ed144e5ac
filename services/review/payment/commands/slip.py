"""Payment of the fee, as the card office records it."""

from datetime import date
from uuid import UUID

from services.review.audit import Tag
from services.review.cases.commands.loading import event_header, load, officer, save
from services.review.cases.domain.refusal import Change
from services.review.cases.schemas import CaseBrief
from services.review.payment.commands.orders import cancel_live_order
from services.review.payment.domain import slip
from services.review.payment.store.slip import FeePayment
from shared.events.review import FeePaid
from shared.work import Work


async def pay_fee(
    work: Work, case_id: UUID, amount_yen: int, paid_on: date, reference: str, method: str | None = None
) -> CaseBrief:
    """Record that the fee came in, by slip or by another `method`."""
    loaded = await load(work, case_id)
    known = await work.session.get(FeePayment, case_id)
    before = Change(known.recorded_at, known.recorded_by) if known else None
    after = slip.pay_fee(loaded.progress, officer(work.actor), amount_yen, before)
    slip.check_day(paid_on, work.today)
    await cancel_live_order(work, case_id)
    await save(work, loaded, after)
    payment = FeePayment(
        case_id=case_id,
        amount_yen=amount_yen,
        paid_on=paid_on,
        reference=reference,
        recorded_by=work.actor_id,
        receipt_id=None,
        recorded_at=work.now,
    )
    work.session.add(payment)
    paid = {"amount_yen": amount_yen} | ({"method": method} if method else {})
    work.journal("case", case_id, Tag.PAY_FEE, paid)
    work.emit(FeePaid.model_validate(event_header(loaded.case) | paid | {"paid_at": work.now}))
    return CaseBrief.of(loaded.case)
