"""HTTP: fee and old card handed over at the counter."""

from uuid import UUID

from fastapi import APIRouter

from services.review.card_desk.commands import counter
from services.review.card_desk.schemas.counter import HandOver
from services.review.cases.schemas import CaseBrief
from shared.auth import Role, permit
from shared.http.commands import Once

router = APIRouter(prefix="/v1/cases/{case_id}", tags=["card desk"])


@router.post(
    "/counter-reception",
    operation_id="receiveAtCounter",
    dependencies=[permit(Role.CARD_OFFICE, kinds=("officer",))],
)
async def take(case_id: UUID, body: HandOver, once: Once) -> CaseBrief:
    """Record what the applicant hands over at the counter: revenue stamps of exactly the fee, the old card, the
    envelope for the new one."""
    return await once(counter.take, case_id, body.amount_yen, body.residence_card_received, body.receives)
