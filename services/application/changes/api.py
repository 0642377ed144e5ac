"""Routes after filing: corrections, requested documents, contact, address, and how long a decision takes."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from services.application.changes import store
from services.application.changes.commands import (
    background,
    contact,
    corrections,
    more_time,
    requested_documents,
    views,
)
from services.application.changes.commands.after_grant import after_grant_of
from services.application.changes.commands.expectations import expectation_of
from services.application.changes.schemas import (
    AddressBody,
    Addresses,
    AfterGrant,
    AnswerBody,
    AnswerSaved,
    Background,
    CaseFile,
    ContactBody,
    ContactChanged,
    Corrected,
    CorrectionBody,
    Corrections,
    DocumentsSubmitted,
    Expectation,
    MoreTimeAsked,
    MoreTimeBody,
    Moved,
    Others,
    RequestedBody,
    RequestedDocuments,
)
from services.application.filing.api import Keys
from services.application.progress import store as progress_store
from services.application.progress.api import Applicant, Reader
from services.application.progress.schemas import listed
from shared.auth import Actor, Owner, Record, permit, readers
from shared.clock import legal_date
from shared.errors import NotFound
from shared.http import IfMatch, etag, expect, refusals
from shared.http.commands import EachTime, Once
from shared.service import CurrentRuntime

Officer = Annotated[Actor, permit(*readers(Record.APPLICATION), kinds=("officer",))]
router = APIRouter(prefix="/v1/applications", tags=["applications"])


@router.post("/{application_id}/corrections")
async def correct(
    actor: Applicant,
    application_id: UUID,
    body: CorrectionBody,
    response: Response,
    once: Once,
    keys: Keys,
    if_match: IfMatch = None,
) -> Corrected:
    """Correct a filed application: at once before its examination, later where the examiner agrees (`waiting`)."""
    correction = body.correction()
    corrected = await once(corrections.correct, application_id, lambda r: expect(r, if_match), correction, keys)
    response.headers["ETag"] = etag(corrected.revision)
    return corrected


@router.get("/{application_id}/corrections")
async def read_corrections(runtime: CurrentRuntime, actor: Reader, application_id: UUID, run: EachTime) -> Corrections:
    """The corrections, before and after, and how the application can be corrected now."""
    if actor.kind == "officer":
        return await run(views.look_at_corrections, application_id)
    async with runtime.db.read() as session:
        application, progress = await progress_store.with_progress(session, application_id, Owner.of(actor))
        return await views.corrections_of(session, application, progress)


@router.get("/{application_id}/requested-documents")
async def read_requested_documents(
    runtime: CurrentRuntime, actor: Reader, application_id: UUID, run: EachTime
) -> RequestedDocuments:
    """The documents that the examiner asked for, item by item with the answers that are saved, and earlier answers."""
    if actor.kind == "officer":
        return await run(requested_documents.look_at_requested_documents, application_id)
    async with runtime.db.read() as session:
        application, progress = await progress_store.with_progress(session, application_id, Owner.of(actor))
        today = legal_date(runtime.clock.now())
        return await requested_documents.requested_documents_of(session, application, progress, today)


@router.put("/{application_id}/requested-documents")
async def save_answer(actor: Applicant, application_id: UUID, body: AnswerBody, run: EachTime) -> AnswerSaved:
    """Save the answer to one item: files, or a reason why there are none. Nothing is submitted yet."""
    return await run(requested_documents.save_answer, application_id, body.request_id, body.place, body.answer())


@router.post("/{application_id}/requested-documents")
async def submit_documents(
    actor: Applicant, application_id: UUID, body: RequestedBody, once: Once
) -> DocumentsSubmitted:
    """Submit the documents that the examiner asked for: those given, or without them the answers that are saved."""
    attachments = None if body.documents is None else [entry.attachment() for entry in body.documents]
    return await once(requested_documents.submit_documents, application_id, body.request_id, attachments)


@router.post("/{application_id}/requested-documents/more-time")
async def ask_for_more_time(actor: Applicant, application_id: UUID, body: MoreTimeBody, once: Once) -> MoreTimeAsked:
    """Ask the examiner for more time to submit requested documents. Until the answer the day stays."""
    return await once(more_time.ask, application_id, body.request_id, body.wanted_on, body.reason)


@router.post("/{application_id}/contact")
async def change_contact(actor: Applicant, application_id: UUID, body: ContactBody, once: Once) -> ContactChanged:
    """Send news of a filed application to another address, or in another language."""
    return await once(contact.change_contact, application_id, body.notify())


@router.post("/{application_id}/address")
async def change_address(actor: Applicant, application_id: UUID, body: AddressBody, once: Once) -> Moved:
    """Record that the applicant moves. The form stays as it was filed, and so does the receipt number."""
    return await once(contact.change_address, application_id, body.new_address())


@router.get("/{application_id}/address")
async def read_addresses(runtime: CurrentRuntime, actor: Reader, application_id: UUID, run: EachTime) -> Addresses:
    """The applicant's address as it was filed, and those stated since."""
    if actor.kind == "officer":
        return await run(views.look_at_addresses, application_id)
    async with runtime.db.read() as session:
        application, _ = await progress_store.with_progress(session, application_id, Owner.of(actor))
        if application.submitted_at is None:
            raise NotFound()
        return await views.addresses_of(session, application)


@router.get("/{application_id}/expectation")
async def read_expectation(runtime: CurrentRuntime, actor: Applicant, application_id: UUID) -> Expectation:
    """The duration of a decision by each source, and how long this application has waited."""
    async with runtime.db.read() as session:
        application, _ = await progress_store.with_progress(session, application_id, Owner.of(actor))
        return await expectation_of(session, application, legal_date(runtime.clock.now()))


@router.get("/{application_id}/after-grant", responses=refusals(409))
async def read_after_grant(runtime: CurrentRuntime, actor: Applicant, application_id: UUID) -> AfterGrant:
    """Next steps after the decision: fee and ways to pay, what to send and where, a certificate, or a refusal."""
    async with runtime.db.read() as session:
        application, progress = await progress_store.with_progress(session, application_id, Owner.of(actor))
        period = await store.granted_period(session, application_id)
        return after_grant_of(application, progress, period, legal_date(runtime.clock.now()))


@router.get("/{application_id}/others")
async def read_others(runtime: CurrentRuntime, actor: Applicant, application_id: UUID) -> Others:
    """The owner's other drafts and pending applications for the same person, so that they are not mistaken."""
    async with runtime.db.read() as session:
        application, _ = await progress_store.with_progress(session, application_id, Owner.of(actor))
        rows = await store.others_of(session, application)
        return Others(items=[listed(row, progress, actor) for row, progress in rows])


@router.get("/{application_id}/background")
async def read_background(application_id: UUID, officer: Officer, run: EachTime) -> Background:
    """Hints about an application, earlier ones of the person, and the organisation's record, for officers of its
    office. Each look is journalled."""
    return await run(background.look_at_background, application_id)


@router.get("/{application_id}/case-file")
async def read_case_file(application_id: UUID, officer: Officer, run: EachTime) -> CaseFile:
    """An application with its corrections, requested documents and background in one answer, for officers of its
    office. It is one look in the journal."""
    return await run(background.look_at_case_file, application_id)
