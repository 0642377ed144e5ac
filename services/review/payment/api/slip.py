"""HTTP: the fee."""

from uuid import UUID

from fastapi import APIRouter

from services.review.cases.schemas import CaseBrief
from services.review.payment.commands import slip
from services.review.payment.schemas.slip import Payment
from shared.auth import Role, permit
from shared.http.commands import Once

router = APIRouter(prefix="/v1/cases/{case_id}", tags=["payment"])


@router.post("/fee", operation_id="recordFee", dependencies=[permit(Role.CARD_OFFICE, kinds=("officer",))])
async def pay_fee(case_id: UUID, body: Payment, once: Once) -> CaseBrief:
    """Record the fee. The amount must be exactly the fee of the decision."""
    return await once(slip.pay_fee, case_id, body.amount_yen, body.paid_on, body.reference)
