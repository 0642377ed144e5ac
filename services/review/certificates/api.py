"""HTTP: certificates (カード交付係)."""

from uuid import UUID

from fastapi import APIRouter

from services.review.cases.schemas import CaseBrief
from services.review.certificates import commands
from services.review.certificates.schemas import CertificateBody, Revocation
from shared.auth import Role, permit
from shared.http.commands import Once

router = APIRouter(prefix="/v1/cases/{case_id}", tags=["certificates"])


@router.post(
    "/certificate", operation_id="issueCertificate", dependencies=[permit(Role.CARD_OFFICE, kinds=("officer",))]
)
async def issue_certificate(case_id: UUID, body: CertificateBody, once: Once) -> CaseBrief:
    """Issue the certificate of a granted application whose result is a paper, which ends the case."""
    return await once(commands.issue_certificate, case_id, body.method)


@router.post(
    "/certificate-revocation",
    operation_id="revokeCertificate",
    dependencies=[permit(Role.CARD_OFFICE, kinds=("officer",))],
)
async def revoke_certificate(case_id: UUID, body: Revocation, once: Once) -> CaseBrief:
    """Revoke the certificate, with a reason of `revocations` in the lists. Its verification says so at once."""
    return await once(commands.revoke_certificate, case_id, body.reason_code, body.reason)
