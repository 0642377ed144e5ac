"""Routes of filing: drafts, the check, filing, withdrawal."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from services.application.filing import store
from services.application.filing.commands import drafts, submission, withdrawal
from services.application.filing.domain.assessment import assess
from services.application.filing.domain.person_keys import PersonKeys
from services.application.filing.schemas import (
    BeginBody,
    Checked,
    DeclarationText,
    DeclarationTexts,
    DocumentsBody,
    FormBody,
    Receipt,
    Saved,
    Shown,
    SubmitBody,
    WantedDocument,
    WithdrawBody,
    Withdrawn,
    hints_shown,
)
from services.application.progress.problems import NotFiled
from services.application.progress.schemas import words
from services.application.progress.store import with_progress
from services.application.settings import Settings
from shared.auth import APPLICANT_ROLES, Actor, Owner, permit, public
from shared.clock import legal_date
from shared.http import IfMatch, etag, expect, refusals
from shared.http.commands import EachTime, Once
from shared.reference.declarations import declarations, declared_version
from shared.service import CurrentRuntime

Applicant = Annotated[Actor, permit(*APPLICANT_ROLES)]


def person_keys(runtime: CurrentRuntime) -> PersonKeys:
    """The hashes by which this installation finds a person again."""
    assert isinstance(runtime.settings, Settings)
    return PersonKeys.of(runtime.settings.person_key.get_secret_value())


Keys = Annotated[PersonKeys, Depends(person_keys)]
router = APIRouter(prefix="/v1/applications", tags=["applications"])
declarations_router = APIRouter(tags=["reference"])


@router.post("", status_code=201)
async def begin(actor: Applicant, body: BeginBody, response: Response, once: Once, keys: Keys) -> Saved:
    """Begin a draft. Values are normalised (width, case, hyphens); only what cannot be read is refused."""
    saved = await once(drafts.begin, body.draft(), keys)
    response.headers["ETag"] = etag(saved.revision)
    response.headers["Location"] = f"/v1/applications/{saved.id}"
    return saved


@router.put("/{application_id}/form")
async def edit_form(
    actor: Applicant,
    application_id: UUID,
    body: FormBody,
    response: Response,
    run: EachTime,
    keys: Keys,
    if_match: IfMatch = None,
) -> Saved:
    """Replace the form of a draft."""
    notify = body.notify.notify() if body.notify else None
    saved = await run(drafts.edit_form, application_id, lambda r: expect(r, if_match), body.form, notify, keys)
    response.headers["ETag"] = etag(saved.revision)
    return saved


@router.put("/{application_id}/documents")
async def edit_documents(
    actor: Applicant,
    application_id: UUID,
    body: DocumentsBody,
    response: Response,
    run: EachTime,
    if_match: IfMatch = None,
) -> Saved:
    """Replace the photo and the documents of a draft. One PDF may hold several documents."""
    attachments = [entry.attachment() for entry in body.documents]
    saved = await run(drafts.edit_documents, application_id, lambda r: expect(r, if_match), body.photo_id, attachments)
    response.headers["ETag"] = etag(saved.revision)
    return saved


@router.get("/{application_id}/check")
async def check(runtime: CurrentRuntime, actor: Applicant, application_id: UUID) -> Checked:
    """The problems that keep a draft from being filed today, and the documents that it needs."""
    today = legal_date(runtime.clock.now())
    async with runtime.db.read() as session:
        found = await store.dossier(session, application_id, Owner.of(actor), actor.account_id, today)
    assessment = assess(found.draft(), today)
    return Checked(
        complete=not assessment.problems,
        problems=[Shown.of(problem) for problem in assessment.problems],
        hints=hints_shown(found.application),
        required_documents=[
            WantedDocument(
                code=wanted.code,
                ja=wanted.name.ja,
                en=wanted.name.en,
                requirement="required" if wanted.required else "conditional",
                satisfied=wanted.satisfied,
            )
            for wanted in assessment.documents
        ],
    )


@router.post("/{application_id}/submit")
async def submit(actor: Applicant, application_id: UUID, body: SubmitBody, once: Once, keys: Keys) -> Receipt:
    """File it: the receipt number is given at once, and this moment counts. Refused with every problem there is."""
    return await once(submission.submit, application_id, body.declarations.declared(), keys)


@router.get("/{application_id}/receipt", responses=refusals(409))
async def receipt(runtime: CurrentRuntime, actor: Applicant, application_id: UUID) -> Receipt:
    """The receipt of a filed application, as its filing gave it; `status` and `revision` are those of now."""
    async with runtime.db.read() as session:
        application, _ = await with_progress(session, application_id, Owner.of(actor))
    if application.receipt_number is None:
        raise NotFiled()
    return Receipt.of(application)


@declarations_router.get("/v1/declarations", dependencies=[public])
async def declaration_texts(runtime: CurrentRuntime) -> DeclarationTexts:
    """The declarations that are made when filing today, word for word."""
    today = legal_date(runtime.clock.now())
    items = [DeclarationText(code=code, text=words(row.text)) for code, row in declarations(today).items()]
    return DeclarationTexts(version=declared_version(today), items=items)


@router.post("/{application_id}/withdraw")
async def withdraw(actor: Applicant, application_id: UUID, body: WithdrawBody, once: Once) -> Withdrawn:
    """Take a filed application back (取下げ), before the decision."""
    return await once(withdrawal.withdraw, application_id, body.reason)
