"""Routes of progress: what needs its owner, one application, its timeline, card materials."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.application.progress import store
from services.application.progress.commands import card_materials, officer_reading
from services.application.progress.commands.timeline import timeline_of
from services.application.progress.schemas import (
    ApplicationView,
    MaterialsBody,
    MaterialsSent,
    Needs,
    Timeline,
    needed,
    viewed,
)
from shared.auth import APPLICANT_ROLES, Actor, Owner, Record, permit, readers
from shared.http import etag
from shared.http.commands import EachTime, Once
from shared.service import CurrentRuntime

Applicant = Annotated[Actor, permit(*APPLICANT_ROLES)]
Reader = Annotated[Actor, permit(*APPLICANT_ROLES, *readers(Record.APPLICATION))]
Officer = Annotated[Actor, permit(*readers(Record.APPLICATION), kinds=("officer",))]
ReceiptNumber = Annotated[str, Query(max_length=80, examples=["東オンＥＮ26000001"])]
router = APIRouter(prefix="/v1/applications", tags=["applications"])


# As many of each need as the first page of a portal shows.
_NEEDED = 5


@router.get("/needs")
async def needs(runtime: CurrentRuntime, actor: Applicant) -> Needs:
    """The caller's drafts, requests for documents, stays that end soon, results and fees: what needs them now."""
    async with runtime.db.read() as session:
        found = await store.needs_of(session, Owner.of(actor), runtime.clock.now(), _NEEDED)
    return Needs(**{need: needed(count, rows, actor) for need, (count, rows) in found.items()})


@router.get("/received")
async def read_received(officer: Officer, run: EachTime, receipt_number: ReceiptNumber) -> ApplicationView:
    """The application with a receipt number, in any width and with spaces, for officers of its office. The look is
    journalled."""
    return await run(officer_reading.read_numbered, receipt_number)


@router.get("/{application_id}")
async def read(
    runtime: CurrentRuntime, actor: Reader, application_id: UUID, response: Response, run: EachTime
) -> ApplicationView:
    """One application. Officers see what was filed with their office, and each look is journalled."""
    if actor.kind == "officer":
        return await run(officer_reading.read_filed, application_id)
    async with runtime.db.read() as session:
        application, progress = await store.with_progress(session, application_id, Owner.of(actor))
    response.headers["ETag"] = etag(application.revision)
    return viewed(application, progress, actor)


@router.post("/{application_id}/card-materials")
async def send_card_materials(actor: Applicant, application_id: UUID, body: MaterialsBody, once: Once) -> MaterialsSent:
    """After the grant: the fee is paid and the old card is in the mail."""
    return await once(card_materials.send_card_materials, application_id, body.materials())


@router.get("/{application_id}/timeline")
async def timeline(runtime: CurrentRuntime, actor: Applicant, application_id: UUID) -> Timeline:
    """Steps of an application, in both languages."""
    async with runtime.db.read() as session:
        application, _ = await store.with_progress(session, application_id, Owner.of(actor))
        return await timeline_of(session, application)
