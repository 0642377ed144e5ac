"""HTTP: payments that the card office looks into: differences, refunds, refused notices."""

from uuid import UUID

from fastapi import APIRouter

from services.review.payment.commands import reconciliation, refunds
from services.review.payment.schemas.desk import (
    DifferenceResolved,
    DifferenceView,
    PaymentDesk,
    RefundableView,
    RefundBody,
    RefundDecision,
    RefundView,
    RefusalView,
    RefusedNotice,
    Resolution,
)
from services.review.payment.store.reconciliation import open_differences, refundable, refused_notices
from shared.auth import Caller, Record, Role, permit, scope_of
from shared.errors import Forbidden, Text
from shared.http.commands import Once
from shared.service import CurrentRuntime

MOST = 200
_CARD_OFFICE = [permit(Role.CARD_OFFICE, kinds=("officer",))]

router = APIRouter(prefix="/v1/payment-desk", tags=["payment"])


@router.get(
    "",
    operation_id="readPaymentDesk",
    dependencies=[permit(Role.CARD_OFFICE, Role.AUDITOR, kinds=("officer",))],
)
async def read(caller: Caller, runtime: CurrentRuntime) -> PaymentDesk:
    """The payments to look into: those of one's own office, and those of no case."""
    scope = scope_of(caller, Record.CASE)
    if scope.nothing:
        raise Forbidden(Text("所属官署が登録されていません", "Your account has no office"), code="no-office")
    office = None if scope.everywhere else scope.office
    async with runtime.db.read() as session:
        differences = await open_differences(session, office, MOST)
        money = await refundable(session, office, MOST)
        refused = await refused_notices(session, office, MOST)
    return PaymentDesk(
        differences=[
            DifferenceView(
                id=row.id,
                day=row.day,
                kind=row.kind,
                transaction_id=row.transaction_id,
                receipt_number=number,
                case_id=row.case_id,
                amount_yen=row.amount_yen,
                noted_at=row.noted_at,
            )
            for row, number in differences
        ],
        refundable=[
            RefundableView(
                receipt_id=row.id,
                case_id=case.id,
                receipt_number=case.receipt_number,
                transaction_id=row.transaction_id,
                amount_yen=row.amount_yen,
                ordered_yen=order.total_yen,
                paid_at=row.paid_at,
                state=row.state,
                refund=RefundView.model_validate(refund) if refund else None,
                refused=RefusalView(at=refused_one.refused_at, reason=refused_one.refusal) if refused_one else None,
            )
            for row, order, refund, refused_one, case in money
        ],
        refused_notices=[
            RefusedNotice(
                received_at=row.received_at,
                kind=row.kind,
                outcome=row.outcome,
                order_id=row.order_id,
                transaction_id=row.transaction_id,
                amount_yen=row.amount_yen,
                case_id=row.case_id,
                receipt_number=number,
            )
            for row, number in refused
        ],
    )


@router.post("/receipts/{receipt_id}/refund", operation_id="proposeRefund", dependencies=_CARD_OFFICE)
async def propose(receipt_id: UUID, body: RefundBody, once: Once) -> RefundView:
    """Propose to give money back: what was paid twice, in another amount, or for a case that was terminated."""
    return await once(refunds.propose, receipt_id, body.reason, body.way)


@router.post("/refunds/{refund_id}/decision", operation_id="decideRefund", dependencies=_CARD_OFFICE)
async def decide(refund_id: UUID, body: RefundDecision, once: Once) -> RefundView:
    """Approve a refund that another officer proposed, or refuse it with a note."""
    return await once(refunds.decide, refund_id, body.approve, body.note)


@router.post("/differences/{difference_id}/resolution", operation_id="resolveDifference", dependencies=_CARD_OFFICE)
async def resolve(difference_id: UUID, body: Resolution, once: Once) -> DifferenceResolved:
    """Write down what was found out about a difference."""
    return await once(reconciliation.resolve, difference_id, body.note)
