"""Refunds: proposed by one officer, decided by another, carried out by the provider, or otherwise where it refuses."""

from uuid import UUID

from services.review.audit import Tag
from services.review.cases.commands.loading import lock
from services.review.cases.domain.states import State
from services.review.cases.store import lock_case
from services.review.payment.domain import refunds
from services.review.payment.domain.online import ReceiptState
from services.review.payment.domain.refunds import Way
from services.review.payment.schemas.desk import RefundView
from services.review.payment.store.online import PaymentReceipt, Refund, refused_refund, standing_refund
from services.review.payment_provider.port import PaymentProvider, RefundRefused
from shared.errors import NotFound
from shared.ids import new_id
from shared.timers import at
from shared.work import Work

REFUND = "payment_refund"


async def propose(work: Work, receipt_id: UUID, reason: str, way: Way) -> RefundView:
    """Propose to give money back."""
    receipt = await work.session.get(PaymentReceipt, receipt_id)
    if receipt is None:
        raise NotFound()
    case = await lock(work, receipt.case_id)
    await work.session.refresh(receipt)
    proposed = await standing_refund(work.session, receipt_id) is not None
    refused = await refused_refund(work.session, receipt_id) is not None
    refunds.check_refundable(ReceiptState(receipt.state), State(case.state), proposed, way, refused)
    refund = Refund(
        id=new_id(),
        receipt_id=receipt_id,
        reason=reason,
        proposed_by=work.actor_id,
        proposed_at=work.now,
        approved=None,
        decided_by=None,
        decided_at=None,
        note=None,
        refunded_at=None,
        way=way,
        refused_at=None,
        refusal=None,
    )
    work.session.add(refund)
    proposal = {"amount_yen": receipt.amount_yen, "reason": reason, "way": way}
    work.journal("case", case.id, Tag.PROPOSE_REFUND, proposal)
    return RefundView.model_validate(refund)


async def decide(work: Work, refund_id: UUID, approve: bool, note: str | None) -> RefundView:
    """Approve a refund, or refuse it with a note. The provider then carries it out; what is given back otherwise is
    given back with the approval."""
    refund = await work.session.get(Refund, refund_id)
    receipt = await work.session.get(PaymentReceipt, refund.receipt_id) if refund else None
    if refund is None or receipt is None:
        raise NotFound()
    case = await lock(work, receipt.case_id)
    await work.session.refresh(refund)
    refunds.check_decision(refund.proposed_by, refund.decided_by is not None, work.actor_id, approve, note)
    refund.approved = approve
    refund.decided_by = work.actor_id
    refund.decided_at = work.now
    refund.note = note
    work.journal("case", case.id, Tag.DECIDE_REFUND, {"approved": approve, "note": note})
    if approve and refund.way == Way.OTHERWISE:
        _give_back(work, refund, receipt)
    elif approve:
        await at(work.session, REFUND, refund.id, work.now)
    return RefundView.model_validate(refund)


async def carry_out(work: Work, provider: PaymentProvider, refund_id: UUID) -> None:
    """Have the provider give the money back. Raises `ProviderUnavailable`, and is tried again; what it refuses for good
    is left to the officers."""
    refund = await work.session.get(Refund, refund_id)
    receipt = await work.session.get(PaymentReceipt, refund.receipt_id) if refund else None
    if refund is None or receipt is None:
        return
    case = await lock_case(work.session, receipt.case_id)
    await work.session.refresh(refund)
    if case is None or not refund.approved or refund.refunded_at is not None or refund.refused_at is not None:
        return
    try:
        await provider.refund(refund.id, receipt.transaction_id, receipt.amount_yen)
    except RefundRefused as refused:
        refund.refused_at, refund.refusal = work.now, refused.reason
        work.journal("case", case.id, Tag.REFUSE_REFUND, {"amount_yen": receipt.amount_yen, "reason": refused.reason})
    else:
        _give_back(work, refund, receipt)


def _give_back(work: Work, refund: Refund, receipt: PaymentReceipt) -> None:
    refund.refunded_at = work.now
    receipt.state = ReceiptState.REFUNDED
    work.journal("case", receipt.case_id, Tag.REFUND, {"amount_yen": receipt.amount_yen, "way": refund.way})
