"""Fee and old card, handed over at the counter instead of paid online and sent."""

from uuid import UUID

from services.review.card_desk.domain.counter import REVENUE_STAMP, Receives, check_handed_over
from services.review.cards.commands import take_materials
from services.review.cases.commands.loading import load
from services.review.cases.schemas import CaseBrief
from services.review.payment.commands.slip import pay_fee
from shared.work import Work


async def take(
    work: Work, case_id: UUID, amount_yen: int | None, residence_card_received: bool, receives: Receives | None
) -> CaseBrief:
    """Record what an applicant hands over: revenue stamps of that amount, the old card, the envelope; all or nothing.

    Who collects the new card at the counter needs no envelope, and gets it by no batch.
    """
    loaded = await load(work, case_id)
    check_handed_over(amount_yen, residence_card_received, receives)
    if amount_yen is not None:
        await pay_fee(work, case_id, amount_yen, work.today, loaded.case.receipt_number, REVENUE_STAMP)
    if receives is not None:
        await take_materials(work, case_id, residence_card_received, collects=receives is Receives.COUNTER)
    return CaseBrief.of(loaded.case)
