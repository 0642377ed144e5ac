"""Issue a certificate, note its receipt, revoke it."""

from uuid import UUID

from services.review.audit import Tag
from services.review.cases.commands.loading import event_header, load, load_of_application, officer, save
from services.review.cases.domain.refusal import NotNow
from services.review.cases.domain.word_lists import check_listed
from services.review.cases.schemas import CaseBrief
from services.review.certificates import domain
from services.review.certificates.store import Certificate, next_serial
from services.review.decision.commands.effect import sealed_conditions
from shared.errors import Text
from shared.events.application import CertificateReceived
from shared.events.review import CertificateIssued, CertificateRevoked
from shared.messaging import NotYet
from shared.work import Work


async def issue_certificate(work: Work, case_id: UUID, method: str) -> CaseBrief:
    """Issue the certificate of a granted case, by mail or e-mail."""
    loaded = await load(work, case_id)
    await save(work, loaded, domain.issue_certificate(loaded.progress, officer(work.actor)))
    case = loaded.case
    certificate = Certificate(
        case_id=case_id,
        number=domain.certificate_number(case.office, work.today, await next_serial(work.session)),
        method=method,
        valid_until=domain.last_day(case.procedure, work.today),
        issued_by=work.actor_id,
        issued_at=work.now,
        received_at=None,
        revoked_by=None,
        revoked_at=None,
        revocation_code=None,
        revocation_reason=None,
    )
    work.session.add(certificate)
    detail = {"number": certificate.number, "method": method, "valid_until": certificate.valid_until}
    work.journal("case", case_id, Tag.ISSUE_CERTIFICATE, detail)
    event = event_header(case) | {
        "certificate_number": certificate.number,
        "procedure": case.procedure,
        "status_of_residence": case.status_of_residence,
        "period_of_stay": case.granted_period,
        "photo_id": case.photo_id if domain.has_photo(case.procedure) else None,
        "method": method,
        "valid_until": certificate.valid_until,
        "conditions": await sealed_conditions(work, case_id),
        "issued_at": work.now,
    }
    work.emit(CertificateIssued.model_validate(event))
    return CaseBrief.of(case)


async def revoke_certificate(work: Work, case_id: UUID, reason_code: str, reason: str) -> CaseBrief:
    """Revoke the certificate of a case; its verification says so from then on."""
    loaded = await load(work, case_id)
    domain.revoke_certificate(loaded.progress, officer(work.actor))
    check_listed(reason_code, domain.REVOCATIONS, "/reason_code")
    certificate = await work.session.get(Certificate, case_id)
    if certificate is None or not certificate.in_force:
        raise NotNow(
            "no-certificate-in-force",
            Text("有効な証明書がありません", "There is no certificate in force: it was revoked"),
        )
    certificate.revoked_by, certificate.revoked_at = work.actor_id, work.now
    certificate.revocation_code, certificate.revocation_reason = reason_code, reason
    work.journal("case", case_id, Tag.REVOKE_CERTIFICATE, {"number": certificate.number, "reason_code": reason_code})
    event = event_header(loaded.case) | {
        "certificate_number": certificate.number,
        "procedure": loaded.case.procedure,
        "reason_code": reason_code,
        "sealed_reason": work.seal(reason),
        "revoked_at": work.now,
    }
    work.emit(CertificateRevoked.model_validate(event))
    return CaseBrief.of(loaded.case)


async def note_receipt(work: Work, received: CertificateReceived) -> None:
    """Note that the recipient has the certificate."""
    case = (await load_of_application(work, received.application_id)).case
    certificate = await work.session.get(Certificate, case.id)
    if certificate is None:
        raise NotYet(f"the certificate of application {received.application_id} is not issued here")
    certificate.received_at = received.received_at
    work.journal("case", case.id, Tag.NOTE_RECEIPT, {"number": certificate.number, "by": received.by})
