"""Opening and acknowledging a certificate, by its owner and by the holder of a link."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.application.audit import Tag
from services.application.certificates import store
from services.application.certificates.commands.sending import hash_of
from services.application.certificates.commands.views import (
    Holder,
    Printing,
    facts_of,
    of_owner,
    usable,
    view_of,
)
from services.application.certificates.domain import MOST_TRIES, opens
from services.application.certificates.problems import LinkOver
from services.application.certificates.schemas import CertificateView, OpenedCertificate, Printed, Try
from services.application.tables import Application, Certificate, CertificateLink
from shared.events.application import CertificateReceived
from shared.work import Work


@dataclass(frozen=True, slots=True)
class Found:
    """A certificate that a link opened, with its application."""

    application: Application
    certificate: Certificate
    link: CertificateLink


async def open_link(work: Work, secret: str, birth_date: date) -> Try:
    """Show the certificate to somebody who has the link and knows the date of birth; a wrong one is counted."""
    found = await _found(work, secret, birth_date)
    if isinstance(found, int):
        return Try(tries_left=found)
    link = found.link
    link.opened += 1
    link.first_opened_at = link.first_opened_at or work.now
    link.last_opened_at = work.now
    work.journal("application", found.application.id, Tag.OPEN_CERTIFICATE, {"link_id": link.id})
    return Try(opened=_opened(work, found))


async def print_by_link(work: Work, secret: str, birth_date: date, printing: Printing) -> Printed:
    """The certificate for the holder of a link."""
    found = await _found(work, secret, birth_date)
    if isinstance(found, int):
        return Printed(tries_left=found)
    work.journal("application", found.application.id, Tag.DOWNLOAD_CERTIFICATE, {"link_id": found.link.id})
    return printing.of(found.application, found.certificate)


async def acknowledge_by_link(work: Work, secret: str, birth_date: date) -> Try:
    """The holder of a link acknowledges the certificate, once."""
    found = await _found(work, secret, birth_date)
    if isinstance(found, int):
        return Try(tries_left=found)
    _acknowledge(work, found.application, found.certificate, "recipient", {"link_id": found.link.id})
    return Try(opened=_opened(work, found))


async def acknowledge(work: Work, application_id: UUID) -> CertificateView:
    """The owner acknowledges the certificate, once."""
    application, certificate = await of_owner(work, application_id)
    _acknowledge(work, application, certificate, "owner", {})
    await work.session.flush()
    return await view_of(work.session, certificate, work.now)


def _acknowledge(
    work: Work, application: Application, certificate: Certificate, by: str, detail: Mapping[str, Any]
) -> None:
    if certificate.received_at is not None:
        return
    certificate.received_at, certificate.received_by = work.now, by
    work.journal("application", application.id, Tag.ACKNOWLEDGE_CERTIFICATE, detail)
    event = {
        "application_id": application.id,
        "account_id": application.account_id,
        "receipt_number": application.receipt_number,
        "certificate_number": certificate.number,
        "procedure": certificate.procedure,
        "by": by,
        "received_at": work.now,
    }
    work.emit(CertificateReceived.model_validate(event))


async def _found(work: Work, secret: str, birth_date: date) -> Found | int:
    """The certificate that a link opens with that date of birth; with another one, the tries that are left. Raises
    `LinkOver`."""
    link = await store.locked_link(work.session, hash_of(secret))
    if link is None or not opens(work.now, link.expires_at, link.ended_at is not None, link.wrong_tries):
        raise LinkOver()
    found = await store.of_number(work.session, link.certificate_number)
    assert found is not None, "a link is of a certificate"
    certificate, application = found
    if Holder.of(application).birth_date != birth_date.isoformat():
        link.wrong_tries += 1
        work.journal("application", application.id, Tag.TRY_CERTIFICATE, {"link_id": link.id})
        return MOST_TRIES - link.wrong_tries
    await work.session.refresh(certificate, with_for_update=True)
    return Found(application, usable(certificate, work.now), link)


def _opened(work: Work, found: Found) -> OpenedCertificate:
    return OpenedCertificate(
        **facts_of(found.certificate, work.now),
        holder_name=Holder.of(found.application).name,
        link_expires_at=found.link.expires_at,
    )
