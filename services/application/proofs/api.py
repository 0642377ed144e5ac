"""Routes of proofs: the PDF for its owner, and the verification for anybody."""

import json
from asyncio import to_thread
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Response

from services.application.certificates import store as certificates
from services.application.certificates.commands.views import facts_of
from services.application.forms.catalogue import form_of
from services.application.forms.field import Form
from services.application.papers.certificate import title_of
from services.application.papers.codes import PURPOSE, Certified, ProofKeys
from services.application.progress.problems import NotFiled
from services.application.progress.schemas import shown_state, words
from services.application.progress.store import of_number, with_progress
from services.application.proofs.domain.proof import Filed
from services.application.proofs.paper import Paper, make_pdf
from services.application.proofs.problems import NotPending
from services.application.proofs.schemas import ProofKey, ProofKeyList, ProofView
from services.application.settings import Settings
from services.application.tables import Application, Progress
from shared.auth import APPLICANT_ROLES, Actor, Owner, permit, public
from shared.clock import legal_date
from shared.http import refusals
from shared.service import CurrentRuntime, Runtime
from shared.text.typed import AsSent

Applicant = Annotated[Actor, permit(*APPLICANT_ROLES)]
Code = Annotated[
    str, AsSent("anything is a code: what nobody signed is not genuine"), Path(examples=["1f3a.TYOEN2600…"])
]
router = APIRouter(tags=["proofs"])
_PDF = {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}, "description": "The proof"}


def _settings(runtime: Runtime) -> Settings:
    assert isinstance(runtime.settings, Settings)
    return runtime.settings


async def proof_keys(runtime: CurrentRuntime) -> ProofKeys:
    """The keys that sign and verify proofs."""
    return ProofKeys.of(_settings(runtime).proof_key.get_secret_value())


Keys = Annotated[ProofKeys, Depends(proof_keys)]


@router.get(
    "/v1/applications/{application_id}/proof",
    response_class=Response,
    responses={200: _PDF, **refusals(409)},
)
async def proof(runtime: CurrentRuntime, actor: Applicant, application_id: UUID, keys: Keys) -> Response:
    """The proof of a pending application (受付証明) as a PDF with a QR code, to show to an employer or the police."""
    async with runtime.db.read() as session:
        application, progress = await with_progress(session, application_id, Owner.of(actor))
    if application.receipt_number is None:
        raise NotFiled()
    filed = _filed(application, progress)
    if not filed.pending:
        raise NotPending()
    now = runtime.clock.now()
    code = keys.issue(filed.proven(legal_date(now)))
    paper = Paper(
        receipt_number=filed.receipt_number,
        applicant=filed.applicant,
        birth_year=filed.birth_year,
        procedures=filed.procedure_names,
        status_of_residence=filed.status_name,
        office=filed.office_name,
        received_on=filed.received_on,
        stay_expiry=filed.stay_expiry,
        special_period_end=filed.special_period_day,
        issued_at=now,
        address=f"{_settings(runtime).public_url.rstrip('/')}/verify/{code}",
        code=code,
    )
    content = await to_thread(make_pdf, paper)
    name = f"proof-{code.split('.')[1]}.pdf"
    return Response(
        content, media_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


@router.get("/v1/proofs", dependencies=[public])
async def keys_of_proofs(keys: Keys) -> ProofKeyList:
    """The public keys with which anybody verifies a code without this system, offline too."""
    items = [ProofKey(id=name, public_key=public_key) for name, public_key in keys.published().items()]
    form = "KEY.RECEIPT-NUMBER.RECEIVED.SPECIAL-PERIOD-END.ISSUED.SIGNATURE or KEY.CERTIFICATE.ISSUED.UNTIL.SIGNATURE"
    return ProofKeyList(purpose=PURPOSE.decode(), code=form, keys=items)


@router.get("/v1/proofs/{code}", dependencies=[public])
async def verify(runtime: CurrentRuntime, code: Code, keys: Keys) -> ProofView:
    """Whether a code is genuine, and its application pending or its certificate valid now. Nothing about the person is
    said.

    A code that nobody signed is answered like any other (200), and says nothing of any application.
    """
    proven = keys.read(code)
    if proven is None:
        return ProofView(genuine=False)
    if isinstance(proven, Certified):
        return await _certificate(runtime, proven)
    async with runtime.db.read() as session:
        found = await of_number(session, proven.receipt_number)
    if found is None:
        return ProofView(genuine=False)
    filed = _filed(*found)
    return ProofView(
        genuine=True,
        kind="proof",
        pending=filed.pending,
        receipt_number=filed.receipt_number,
        procedure=filed.procedures[0],
        procedure_name=words(filed.procedure_names[0]),
        received_on=filed.received_on,
        special_period_end=filed.special_period_day,
        issued_on=proven.issued_on,
    )


async def _certificate(runtime: Runtime, certified: Certified) -> ProofView:
    async with runtime.db.read() as session:
        found = await certificates.of_number(session, certified.number)
    if found is None:
        return ProofView(genuine=False)
    certificate, _ = found
    facts = facts_of(certificate, runtime.clock.now())
    return ProofView(
        genuine=True,
        kind="certificate",
        procedure=certificate.procedure,
        procedure_name=words(title_of(certificate.procedure)),
        issued_on=facts["issued_on"],
        certificate_number=certificate.number,
        standing=facts["standing"],
        valid_until=certificate.valid_until,
        revoked_on=legal_date(certificate.revoked_at) if certificate.revoked_at else None,
    )


def _filed(application: Application, progress: Progress | None) -> Filed:
    assert application.receipt_number is not None
    assert application.office is not None
    assert application.legal_date is not None
    version, form = form_of(application.form_version), Form(json.loads(application.form))
    return Filed(
        receipt_number=application.receipt_number,
        procedures=(application.procedure, *application.combined_with),
        status_of_residence=application.status_of_residence,
        office=application.office,
        received_on=application.legal_date,
        stay_expiry=application.stay_expiry,
        special_period_end=application.special_period_end,
        state=application.state,
        progress=shown_state(application, progress),
        applicant=version.fact("name", form) or "",
        birth_year=(version.fact("birth_date", form) or "")[:4],
    )
