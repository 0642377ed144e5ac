"""What the card office sends (カード交付係)."""

from uuid import UUID

from fastapi import APIRouter

from services.review.api.bodies import CertificateBody, Mailing, MaterialsReceived, NewCard, Payment, Visit
from services.review.commands import handing_over
from services.review.commands.answers import CaseBrief
from shared.auth import Role, permit
from shared.http.commands import Once

router = APIRouter(
    prefix="/v1/cases/{case_id}", tags=["card office"], dependencies=[permit(Role.CARD_OFFICE, kinds=("officer",))]
)


@router.post("/fee", operation_id="recordFee")
async def pay_fee(case_id: UUID, body: Payment, once: Once) -> CaseBrief:
    """Record the fee. The amount must be exactly the fee of the decision."""
    return await once(handing_over.pay_fee, case_id, body.amount_yen, body.paid_on, body.reference)


@router.post("/card-materials-received", operation_id="recordCardMaterials")
async def take_materials(case_id: UUID, body: MaterialsReceived, once: Once) -> CaseBrief:
    """Record the envelope with the old card."""
    return await once(handing_over.take_materials, case_id, body.residence_card_received)


@router.post("/card", operation_id="recordCard")
async def issue_card(case_id: UUID, body: NewCard, once: Once) -> CaseBrief:
    """Record the new card."""
    return await once(handing_over.issue_card, case_id, body.card_number, body.expires_on)


@router.post("/mailing", operation_id="recordMailing")
async def mail(case_id: UUID, body: Mailing, once: Once) -> CaseBrief:
    """Record that the card is in the mail."""
    return await once(handing_over.mail, case_id, body.carrier, body.tracking_number)


@router.post("/counter-visit", operation_id="requireCounterVisit")
async def require_visit(case_id: UUID, body: Visit, once: Once) -> CaseBrief:
    """Have the card collected at a counter instead of mailing it."""
    return await once(handing_over.require_visit, case_id, body.reason_code, body.visit_by)


@router.post("/delivery", operation_id="recordDelivery")
async def deliver(case_id: UUID, once: Once) -> CaseBrief:
    """Record that the card reached its holder, which ends the case."""
    return await once(handing_over.deliver, case_id)


@router.post("/certificate", operation_id="issueCertificate")
async def issue_certificate(case_id: UUID, body: CertificateBody, once: Once) -> CaseBrief:
    """Issue the certificate of a granted COE or WORKCERT, which ends the case."""
    return await once(handing_over.issue_certificate, case_id, body.method, body.valid_until)
