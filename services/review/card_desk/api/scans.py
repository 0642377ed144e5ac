"""HTTP: scanning the envelopes with old cards."""

from fastapi import APIRouter

from services.review.card_desk.commands import scans
from services.review.card_desk.schemas.batches import Outcomes, Scan
from shared.auth import Role, permit
from shared.http.commands import Once

router = APIRouter(prefix="/v1/card-desk", tags=["card desk"])


@router.post("/scans", operation_id="scanEnvelopes", dependencies=[permit(Role.CARD_OFFICE, kinds=("officer",))])
async def scan(body: Scan, once: Once) -> Outcomes:
    """Record envelopes by receipt number; each line is answered for itself."""
    return await once(scans.scan, body.numbers, body.residence_card_received)
