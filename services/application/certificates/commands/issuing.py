"""Effects of review's and document's events on a certificate: it is issued, gets its photo, is revoked."""

from base64 import b64decode
from collections.abc import Iterable

from services.application.audit import Tag
from services.application.certificates import store
from services.application.certificates.commands.sending import send_to
from services.application.tables import Application, Certificate
from shared.events.document import PhotoReleased
from shared.events.fields import GrantedCondition
from shared.events.review import CertificateIssued, CertificateRevoked
from shared.messaging import NotYet
from shared.reference.grant_conditions import together
from shared.work import Work


async def on_issued(work: Work, event: CertificateIssued, site: str) -> None:
    """Keep the certificate. It is ready at once where it has no photo."""
    if event.certificate_number is None or await store.of_application(work.session, event.application_id) is not None:
        return
    application = await work.session.get(Application, event.application_id, with_for_update=True)
    if application is None:
        raise NotYet(f"application {event.application_id} is not filed here")
    certificate = Certificate(
        number=event.certificate_number,
        application_id=event.application_id,
        procedure=event.procedure,
        status_of_residence=event.status_of_residence or application.status_of_residence,
        period_of_stay=event.period_of_stay,
        method=event.method,
        issued_at=event.issued_at,
        valid_until=event.valid_until,
        photo=None,
        ready_at=None,
        received_at=None,
        received_by=None,
        revoked_at=None,
        revocation_code=None,
        conditions=stated(work, event.conditions),
    )
    work.session.add(certificate)
    work.journal("application", event.application_id, Tag.CERTIFICATE_ISSUED, {"number": certificate.number})
    if event.photo_id is None:
        await _make_ready(work, application, certificate, site)


def stated(work: Work, granted: Iterable[GrantedCondition]) -> dict[str, str]:
    """The conditions of a grant as they are kept: choices, and the officers' words, opened."""
    return together(
        (one.code, one.choice if one.choice is not None else work.keys.open(one.sealed_text or "")) for one in granted
    )


async def on_photo(work: Work, event: PhotoReleased, site: str) -> None:
    """Keep the photo; the certificate can be drawn now, also where there is none any more."""
    certificate = await store.locked_of_application(work.session, event.application_id)
    if certificate is None:
        raise NotYet(f"the certificate of application {event.application_id} is not issued here")
    if certificate.ready_at is not None:
        return
    application = await work.session.get(Application, certificate.application_id)
    assert application is not None, "its certificate refers to it"
    if event.sealed_photo is not None:
        certificate.photo = b64decode(work.keys.open(event.sealed_photo))
    work.journal("application", application.id, Tag.CERTIFICATE_READY, {"number": certificate.number})
    await _make_ready(work, application, certificate, site)


async def on_revoked(work: Work, event: CertificateRevoked) -> None:
    """Note that the certificate counts no more, and stop its links."""
    certificate = await store.locked_of_application(work.session, event.application_id)
    if certificate is None:
        raise NotYet(f"the certificate of application {event.application_id} is not issued here")
    certificate.revoked_at, certificate.revocation_code = event.revoked_at, event.reason_code
    await store.end_links(work.session, certificate.number, work.now)
    work.journal("application", event.application_id, Tag.CERTIFICATE_REVOKED, {"number": certificate.number})


async def _make_ready(work: Work, application: Application, certificate: Certificate, site: str) -> None:
    """The certificate can be read; where it goes by e-mail, the applicant's own address is sent a link."""
    certificate.ready_at = work.now
    await work.session.flush()
    if certificate.method == "EMAIL" and application.notify_email and certificate.revoked_at is None:
        send_to(work, application, certificate, application.notify_email, application.notify_language, site)
