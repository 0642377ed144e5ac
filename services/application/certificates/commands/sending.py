"""Sending a link to a certificate, and stopping one."""

import secrets
from hashlib import sha256
from uuid import UUID

from services.application.audit import Tag
from services.application.certificates import store
from services.application.certificates.commands.views import of_owner, view_of
from services.application.certificates.domain import MOST_LINKS, link_expires_at
from services.application.certificates.problems import TooManyLinks
from services.application.certificates.schemas import CertificateView
from services.application.tables import Application, Certificate, CertificateLink
from shared.errors import NotFound
from shared.events.application import CertificateLinkSent
from shared.events.fields import Recipient
from shared.ids import new_id
from shared.text import masked_address
from shared.work import Work


async def send_link(work: Work, application_id: UUID, email: str, language: str, site: str) -> CertificateView:
    """Send the certificate to an address, for the first time or again: a link sent there before opens nothing then."""
    application, certificate = await of_owner(work, application_id)
    links = await store.links_of(work.session, certificate.number)
    if len(links) >= MOST_LINKS:
        raise TooManyLinks(MOST_LINKS)
    for link in links:
        if link.address == masked_address(email) and link.ended_at is None:
            link.ended_at = work.now
    send_to(work, application, certificate, email, language, site)
    work.journal("application", application_id, Tag.SEND_CERTIFICATE, {"number": certificate.number})
    await work.session.flush()
    return await view_of(work.session, certificate, work.now)


async def stop_link(work: Work, application_id: UUID, link_id: UUID) -> CertificateView:
    """Stop a link: it opens nothing any more."""
    _, certificate = await of_owner(work, application_id)
    link = next((one for one in await store.links_of(work.session, certificate.number) if one.id == link_id), None)
    if link is None:
        raise NotFound()
    link.ended_at = link.ended_at or work.now
    work.journal("application", application_id, Tag.STOP_CERTIFICATE_LINK, {"link_id": link_id})
    await work.session.flush()
    return await view_of(work.session, certificate, work.now)


def send_to(
    work: Work, application: Application, certificate: Certificate, email: str, language: str, site: str
) -> None:
    """A new link for that address. Its secret is in the mail alone."""
    secret = secrets.token_urlsafe(32)
    expires_at = link_expires_at(work.now, certificate.valid_until)
    work.session.add(
        CertificateLink(
            id=new_id(),
            certificate_number=certificate.number,
            secret_hash=hash_of(secret),
            address=masked_address(email),
            language=language,
            sent_at=work.now,
            expires_at=expires_at,
            ended_at=None,
            wrong_tries=0,
            opened=0,
            first_opened_at=None,
            last_opened_at=None,
        )
    )
    assert application.receipt_number is not None
    work.emit(
        CertificateLinkSent(
            application_id=application.id,
            account_id=application.account_id,
            receipt_number=application.receipt_number,
            certificate_number=certificate.number,
            procedure=certificate.procedure,
            recipient=Recipient.reading(language, work.seal(email)),
            sealed_link=work.seal(f"{site.rstrip('/')}/certificate/{secret}"),
            expires_at=expires_at,
            sent_at=work.now,
        )
    )


def hash_of(secret: str) -> bytes:
    """The hash that is kept of a link's secret: it cannot be read out of the database."""
    return sha256(secret.encode()).digest()
