"""Routes of certificates: the owner's and officers', and those of a link for people without an account."""

from asyncio import to_thread
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request, Response

from services.application.certificates import store
from services.application.certificates.commands import designation, receiving, sending, views
from services.application.certificates.problems import LinkOver, NoCertificate, WrongBirthDate
from services.application.certificates.schemas import (
    BirthDateBody,
    CertificateView,
    LinkBody,
    OpenedCertificate,
    Printed,
    Try,
)
from services.application.papers.certificate import certificate_pdf, title_of
from services.application.papers.codes import ProofKeys
from services.application.papers.designation import TITLE, designation_pdf
from services.application.papers.signing import PdfSigner
from services.application.progress.store import with_progress
from services.application.settings import Settings
from shared.auth import APPLICANT_ROLES, Actor, Owner, Record, permit, public, readers
from shared.http import refusals
from shared.http.commands import EachTime, EachTimeForAnybody, Once
from shared.service import CurrentRuntime, Runtime
from shared.text.typed import AsSent

Applicant = Annotated[Actor, permit(*APPLICANT_ROLES)]
Reader = Annotated[Actor, permit(*APPLICANT_ROLES, *readers(Record.APPLICATION))]
Secret = Annotated[
    str, AsSent("the secret of a link: what nobody sent opens nothing"), Path(max_length=200, examples=["kJ3…"])
]
router = APIRouter(prefix="/v1/applications/{application_id}/certificate", tags=["certificates"])
designation_router = APIRouter(prefix="/v1/applications/{application_id}/designation", tags=["certificates"])
links_router = APIRouter(prefix="/v1/certificate-links/{secret}", tags=["certificates"], dependencies=[public])
_PDF = {
    "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
    "description": "The certificate, signed",
}


def _settings(runtime: Runtime) -> Settings:
    assert isinstance(runtime.settings, Settings)
    return runtime.settings


async def _pdf_signer(request: Request) -> PdfSigner:
    signer: PdfSigner = request.app.state.pdf_signer
    return signer


Signer = Annotated[PdfSigner, Depends(_pdf_signer)]


async def _printing(runtime: CurrentRuntime) -> views.Printing:
    settings = _settings(runtime)
    return views.Printing(ProofKeys.of(settings.proof_key.get_secret_value()), settings.public_url)


Printing = Annotated[views.Printing, Depends(_printing)]


async def _file(signer: PdfSigner, printed: Printed) -> Response:
    """The signed PDF; the refusal of a link is raised here because the try itself is kept."""
    paper = printed.paper
    if paper is None:
        raise _refusal(printed.tries_left)

    def make() -> bytes:
        return signer.sign(certificate_pdf(paper), title_of(paper.procedure).ja)

    content = await to_thread(make)
    name = f"certificate-{paper.number}.pdf"
    return Response(
        content, media_type="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@router.get("", responses=refusals(409))
async def read_certificate(runtime: CurrentRuntime, actor: Applicant, application_id: UUID) -> CertificateView:
    """The certificate of a granted application, and the links by which it was sent: who opened it, and when."""
    async with runtime.db.read() as session:
        await with_progress(session, application_id, Owner.of(actor))
        certificate = await store.of_application(session, application_id)
        if certificate is None:
            raise NoCertificate()
        return await views.view_of(session, certificate, runtime.clock.now())


@router.get("/file", response_class=Response, responses={200: _PDF, **refusals(409)})
async def read_certificate_file(
    runtime: CurrentRuntime, actor: Reader, application_id: UUID, run: EachTime, signer: Signer, printing: Printing
) -> Response:
    """The certificate as a signed PDF, for the owner, and for the office to print; an officer's look is journalled."""
    if actor.kind == "officer":
        return await _file(signer, await run(views.print_for_officer, application_id, printing))
    async with runtime.db.read() as session:
        application, _ = await with_progress(session, application_id, Owner.of(actor))
        certificate = views.usable(await store.of_application(session, application_id), runtime.clock.now())
    return await _file(signer, printing.of(application, certificate))


@designation_router.get("/file", response_class=Response, responses={200: _PDF, **refusals(409)})
async def read_designation_file(
    runtime: CurrentRuntime, actor: Reader, application_id: UUID, run: EachTime, signer: Signer
) -> Response:
    """The designation paper (指定書) as a signed PDF, for the office to print, and for its holder to read."""
    if actor.kind == "officer":
        paper = (await run(designation.print_for_officer, application_id)).paper
    else:
        async with runtime.db.read() as session:
            application, _ = await with_progress(session, application_id, Owner.of(actor))
            paper = await designation.paper_of(session, application)
    content = await to_thread(lambda: signer.sign(designation_pdf(paper), TITLE.ja))
    return Response(
        content,
        media_type="application/pdf",
        headers={"Content-Disposition": 'attachment; filename="designation.pdf"'},
    )


@router.post("/receipt", responses=refusals(409))
async def acknowledge_certificate(actor: Applicant, application_id: UUID, once: Once) -> CertificateView:
    """Acknowledge the certificate (受領登録)."""
    return await once(receiving.acknowledge, application_id)


@router.post("/links", status_code=201, responses=refusals(409))
async def send_certificate(
    runtime: CurrentRuntime, actor: Applicant, application_id: UUID, body: LinkBody, once: Once
) -> CertificateView:
    """Send a link to the certificate to an address, for example abroad; it works for 14 days."""
    return await once(sending.send_link, application_id, body.email, body.language, _settings(runtime).public_url)


@router.post("/links/{link_id}/stop", responses=refusals(409))
async def stop_certificate_link(actor: Applicant, application_id: UUID, link_id: UUID, once: Once) -> CertificateView:
    """Stop a link that was sent to a wrong address."""
    return await once(sending.stop_link, application_id, link_id)


@links_router.post("", responses=refusals(404, 409))
async def open_certificate(secret: Secret, body: BirthDateBody, run: EachTimeForAnybody) -> OpenedCertificate:
    """Open a link with the date of birth of the certificate's holder. After five wrong ones it is over."""
    return _taken(await run(receiving.open_link, secret, body.birth_date))


@links_router.post("/receipt", responses=refusals(404, 409))
async def acknowledge_by_link(secret: Secret, body: BirthDateBody, run: EachTimeForAnybody) -> OpenedCertificate:
    """Acknowledge the certificate (受領登録)."""
    return _taken(await run(receiving.acknowledge_by_link, secret, body.birth_date))


@links_router.post("/file", response_class=Response, responses={200: _PDF, **refusals(404, 409)})
async def read_file_by_link(
    secret: Secret, body: BirthDateBody, run: EachTimeForAnybody, signer: Signer, printing: Printing
) -> Response:
    """The certificate as a signed PDF."""
    return await _file(signer, await run(receiving.print_by_link, secret, body.birth_date, printing))


def _taken(tried: Try) -> OpenedCertificate:
    """The certificate; the refusal is raised here because the try itself is kept."""
    if tried.opened is None:
        raise _refusal(tried.tries_left)
    return tried.opened


def _refusal(tries_left: int) -> WrongBirthDate | LinkOver:
    return WrongBirthDate(tries_left) if tries_left > 0 else LinkOver()
