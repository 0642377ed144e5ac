"""HTTP: the old card, the new one, and its mail (カード交付係)."""

from uuid import UUID

from fastapi import APIRouter

from services.review.cards import commands
from services.review.cards.schemas import Mailing, MaterialsReceived, NewCard, Return, Visit
from services.review.cases.schemas import CaseBrief
from shared.auth import Role, permit
from shared.http.commands import Once

router = APIRouter(prefix="/v1/cases/{case_id}", tags=["cards"])


@router.post(
    "/card-materials-received",
    operation_id="recordCardMaterials",
    dependencies=[permit(Role.CARD_OFFICE, kinds=("officer",))],
)
async def take_materials(case_id: UUID, body: MaterialsReceived, once: Once) -> CaseBrief:
    """Record the envelope with the old card."""
    return await once(commands.take_materials, case_id, body.residence_card_received)


@router.post("/card", operation_id="recordCard", dependencies=[permit(Role.CARD_OFFICE, kinds=("officer",))])
async def issue_card(case_id: UUID, body: NewCard, once: Once) -> CaseBrief:
    """Record the new card."""
    return await once(commands.issue_card, case_id, body.card_number, body.expires_on)


@router.post("/mailing", operation_id="recordMailing", dependencies=[permit(Role.CARD_OFFICE, kinds=("officer",))])
async def mail(case_id: UUID, body: Mailing, once: Once) -> CaseBrief:
    """Record that the card is in the mail."""
    return await once(commands.mail, case_id, body.carrier, body.tracking_number)


@router.post(
    "/counter-visit", operation_id="requireCounterVisit", dependencies=[permit(Role.CARD_OFFICE, kinds=("officer",))]
)
async def require_visit(case_id: UUID, body: Visit, once: Once) -> CaseBrief:
    """Have the card collected at a counter instead of mailing it."""
    return await once(commands.require_visit, case_id, body.reason_code, body.visit_by)


@router.post("/card-return", operation_id="recordReturn", dependencies=[permit(Role.CARD_OFFICE, kinds=("officer",))])
async def return_card(case_id: UUID, body: Return, once: Once) -> CaseBrief:
    """Record that the letter came back, or is lost; a lost card is made again."""
    return await once(commands.return_card, case_id, body.kind)


@router.post("/delivery", operation_id="recordDelivery", dependencies=[permit(Role.CARD_OFFICE, kinds=("officer",))])
async def deliver(case_id: UUID, once: Once) -> CaseBrief:
    """Record that the card reached its holder, which ends the case."""
    return await once(commands.deliver, case_id)
