"""What the card office sends (カード交付係)."""

from uuid import UUID

from fastapi import APIRouter

from services.review.api.bodies import CertificateBody, Mailing, MaterialsReceived, NewCard, Payment, Visit
from services.review.commands import handing_over
from services.review.commands.answers import CaseBrief
from shared.auth import Caller, Role, permit
from shared.http.marks import KeyedMark
from shared.service import CurrentRuntime

router = APIRouter(
    prefix="/v1/cases/{case_id}", tags=["card office"], dependencies=[permit(Role.CARD_OFFICE, kinds=("officer",))]
)


@router.post("/fee", operation_id="recordFee")
async def pay_fee(case_id: UUID, body: Payment, caller: Caller, mark: KeyedMark, runtime: CurrentRuntime) -> CaseBrief:
    """Record the fee. The amount must be exactly the fee of the decision."""
    return await runtime.commands.once(
        caller,
        mark,
        lambda work: handing_over.pay_fee(work, case_id, body.amount_yen, body.paid_on, body.reference),
        CaseBrief,
    )


@router.post("/card-materials-received", operation_id="recordCardMaterials")
async def take_materials(
    case_id: UUID, body: MaterialsReceived, caller: Caller, mark: KeyedMark, runtime: CurrentRuntime
) -> CaseBrief:
    """Record the envelope with the old card."""
    return await runtime.commands.once(
        caller,
        mark,
        lambda work: handing_over.take_materials(work, case_id, body.residence_card_received),
        CaseBrief,
    )


@router.post("/card", operation_id="recordCard")
async def issue_card(
    case_id: UUID, body: NewCard, caller: Caller, mark: KeyedMark, runtime: CurrentRuntime
) -> CaseBrief:
    """Record the new card."""
    return await runtime.commands.once(
        caller,
        mark,
        lambda work: handing_over.issue_card(work, case_id, body.card_number, body.expires_on),
        CaseBrief,
    )


@router.post("/mailing", operation_id="recordMailing")
async def mail(case_id: UUID, body: Mailing, caller: Caller, mark: KeyedMark, runtime: CurrentRuntime) -> CaseBrief:
    """Record that the card is in the mail."""
    return await runtime.commands.once(
        caller,
        mark,
        lambda work: handing_over.mail(work, case_id, body.carrier, body.tracking_number),
        CaseBrief,
    )


@router.post("/counter-visit", operation_id="requireCounterVisit")
async def require_visit(
    case_id: UUID, body: Visit, caller: Caller, mark: KeyedMark, runtime: CurrentRuntime
) -> CaseBrief:
    """Have the card collected at a counter instead of mailing it."""
    return await runtime.commands.once(
        caller,
        mark,
        lambda work: handing_over.require_visit(work, case_id, body.reason_code, body.visit_by),
        CaseBrief,
    )


@router.post("/delivery", operation_id="recordDelivery")
async def deliver(case_id: UUID, caller: Caller, mark: KeyedMark, runtime: CurrentRuntime) -> CaseBrief:
    """Record that the card reached its holder, which ends the case."""
    return await runtime.commands.once(caller, mark, lambda work: handing_over.deliver(work, case_id), CaseBrief)


@router.post("/certificate", operation_id="issueCertificate")
async def issue_certificate(
    case_id: UUID, body: CertificateBody, caller: Caller, mark: KeyedMark, runtime: CurrentRuntime
) -> CaseBrief:
    """Issue the certificate of a granted COE or WORKCERT, which ends the case."""
    return await runtime.commands.once(
        caller,
        mark,
        lambda work: handing_over.issue_certificate(work, case_id, body.method, body.valid_until),
        CaseBrief,
    )
