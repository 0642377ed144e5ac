"""A certificate as its owner, an officer or the holder of a link reads it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.application.certificates import store
from services.application.certificates.domain import MOST_TRIES, Standing, issue_day, opens, standing
from services.application.certificates.problems import NoCertificate, NotInForce
from services.application.certificates.schemas import CertificateView, LinkView, Printed
from services.application.forms.catalogue import form_of
from services.application.forms.field import Form
from services.application.forms.options import options_of
from services.application.papers.certificate import CertificatePaper, title_of
from services.application.papers.codes import Certified, ProofKeys
from services.application.progress.commands.officer_reading import look_at_filed
from services.application.progress.schemas import words
from services.application.progress.store import own
from services.application.tables import Application, Certificate
from shared.auth import Owner
from shared.clock import legal_date
from shared.db import ReadSession
from shared.errors import Text
from shared.reference.grant_conditions import in_order, in_words
from shared.reference.offices import OFFICES
from shared.reference.periods import period_name
from shared.reference.statuses import STATUSES
from shared.work import Work


@dataclass(frozen=True, slots=True)
class Holder:
    """The person whom a certificate names, by the form that was filed."""

    name: str
    birth_date: str
    nationality: str
    sex: str | None

    @classmethod
    def of(cls, application: Application) -> "Holder":
        version, form = form_of(application.form_version, application.combined_with), Form(json.loads(application.form))
        sex = form["sex"]
        return cls(
            name=version.fact("name", form) or "",
            birth_date=version.fact("birth_date", form) or "",
            nationality=version.fact("nationality", form) or "",
            sex=sex if isinstance(sex, str) else None,
        )


async def of_owner(work: Work, application_id: UUID) -> tuple[Application, Certificate]:
    """The caller's application and its certificate, locked. Raises `NotFound`, `NoCertificate`, `NotInForce`."""
    application = await own(work.session, application_id, Owner.of(work.actor))
    certificate = await store.locked_of_application(work.session, application_id)
    return application, usable(certificate, work.now)


def usable(certificate: Certificate | None, now: datetime) -> Certificate:
    """The certificate, where it is ready and in force. Raises `NoCertificate`, `NotInForce`."""
    if certificate is None or certificate.ready_at is None:
        raise NoCertificate()
    if standing_of(certificate, now) is not Standing.VALID:
        raise NotInForce()
    return certificate


def standing_of(certificate: Certificate, now: datetime) -> Standing:
    """The standing of the certificate now."""
    return standing(certificate.valid_until, certificate.revoked_at is not None, legal_date(now))


@dataclass(frozen=True, slots=True)
class Printing:
    """The keys that sign a certificate's code, and the site where it is verified."""

    keys: ProofKeys
    site: str

    def of(self, application: Application, certificate: Certificate) -> Printed:
        """Everything that stands on the certificate."""
        return Printed(paper=_paper(application, certificate, self.keys.issue, self.site))


async def print_for_officer(work: Work, application_id: UUID, printing: Printing) -> Printed:
    """A certificate for the office that has the case; the look is in the journal."""
    application, _ = await look_at_filed(work, application_id)
    certificate = usable(await store.of_application(work.session, application_id), work.now)
    return printing.of(application, certificate)


def facts_of(certificate: Certificate, now: datetime) -> dict[str, Any]:
    """The facts that everybody who may see a certificate is answered."""
    return {
        "number": certificate.number,
        "procedure": certificate.procedure,
        "title": words(title_of(certificate.procedure)),
        "issued_on": issue_day(certificate.issued_at),
        "valid_until": certificate.valid_until,
        "standing": standing_of(certificate, now),
        "ready": certificate.ready_at is not None,
        "method": certificate.method,
        "received_at": certificate.received_at,
        "received_by": certificate.received_by,
        "revoked_at": certificate.revoked_at,
        "revocation_code": certificate.revocation_code,
    }


async def view_of(session: ReadSession, certificate: Certificate, now: datetime) -> CertificateView:
    """The certificate with its links, for its owner."""
    links = [
        LinkView(
            id=link.id,
            address=link.address,
            sent_at=link.sent_at,
            expires_at=link.expires_at,
            works=opens(now, link.expires_at, link.ended_at is not None, link.wrong_tries)
            and standing_of(certificate, now) is Standing.VALID,
            stopped_by_tries=link.wrong_tries >= MOST_TRIES,
            opened=link.opened,
            first_opened_at=link.first_opened_at,
            last_opened_at=link.last_opened_at,
        )
        for link in await store.links_of(session, certificate.number)
    ]
    return CertificateView(**facts_of(certificate, now), links=links)


def _paper(
    application: Application, certificate: Certificate, issue: Callable[[Certified], str], site: str
) -> CertificatePaper:
    holder, day = Holder.of(application), issue_day(certificate.issued_at)
    code = issue(Certified(certificate.number, day, certificate.valid_until))
    assert application.receipt_number is not None
    return CertificatePaper(
        number=certificate.number,
        procedure=certificate.procedure,
        name=holder.name,
        nationality=options_of("nationality", also=("JPN",)).get(holder.nationality)
        or Text(holder.nationality, holder.nationality),
        birth_date=holder.birth_date,
        sex=options_of("sex").get(holder.sex) if holder.sex else None,
        status_of_residence=next(row.name for row in STATUSES.rows if row.code == certificate.status_of_residence),
        period_of_stay=period_name(certificate.period_of_stay) if certificate.period_of_stay else None,
        conditions=tuple(in_words(code, value, day) for code, value in in_order(certificate.conditions)),
        receipt_number=application.receipt_number,
        office=OFFICES.get(day, application.office).name,
        issued_at=certificate.issued_at,
        issued_on=day,
        valid_until=certificate.valid_until,
        photo=certificate.photo,
        address=f"{site.rstrip('/')}/verify/{code}",
        code=code,
    )
