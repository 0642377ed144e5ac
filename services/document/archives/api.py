"""HTTP of archives: send a ZIP, see what became of each file."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from services.document.archives import store
from services.document.archives.commands.taking import take
from services.document.archives.domain import EntryState
from services.document.archives.problems import OneRecordOnly
from services.document.archives.schemas import UPLOAD_FORM, ArchiveView, Begun, EntryView, sent
from services.document.files.commands.documents import for_one_record
from services.document.files.commands.uploads import Uploads
from shared.auth import BULK_ROLES, Actor, Owner, permit
from shared.http import Language, Page, PageQuery, refusals
from shared.http.marks import KeyedMark
from shared.service import CurrentRuntime

Filer = Annotated[Actor, permit(*BULK_ROLES)]
router = APIRouter(prefix="/v1/archives", tags=["documents"])


async def _admit(request: Request, actor: Filer) -> None:
    """Runs before anything reads the body: a caller who may not upload is refused at once. One file a form."""
    if for_one_record(actor):
        raise OneRecordOnly()
    uploads: Uploads = request.app.state.uploads
    await uploads.admit(actor, "")
    await request.form(max_files=1, max_fields=5, max_part_size=4096)


@router.post(
    "",
    status_code=202,
    responses=refusals(429),
    dependencies=[Depends(_admit)],
    openapi_extra=UPLOAD_FORM,
)
async def begin(request: Request, actor: Filer, mark: KeyedMark, response: Response, runtime: CurrentRuntime) -> Begun:
    """Send a ZIP of photos and PDFs. Each file is checked like one that is sent by itself, in the background.

    Names say what they are: `KEY_CODE.pdf` (or `KEY_CODE+CODE.pdf`), `KEY_PHOTO.jpg`, in folders `KEY/CODE.pdf`. A ZIP
    that cannot be unpacked is `refused`, and says why.
    """
    begun = await take(runtime.commands, request.app.state.objects, actor, mark, sent(await request.form()))
    response.headers["Location"] = f"/v1/archives/{begun.id}"
    return begun


@router.get("/{archive_id}")
async def read(runtime: CurrentRuntime, actor: Filer, archive_id: UUID, lang: Language) -> ArchiveView:
    """One archive: how far its check is, and the number of files in each state."""
    async with runtime.db.read() as session:
        row = await store.own(session, archive_id, Owner.of(actor))
        return ArchiveView.of(row, await store.counts_of(session, archive_id), lang)


@router.get("/{archive_id}/entries")
async def entries(
    runtime: CurrentRuntime,
    actor: Filer,
    archive_id: UUID,
    paging: PageQuery,
    lang: Language,
    state: Annotated[EntryState | None, Query(description="only files in this state")] = None,
) -> Page[EntryView]:
    """Files of an archive: for which row and what each is, its document, and why one cannot be used."""
    after = paging.after(int)
    async with runtime.db.read() as session:
        await store.own(session, archive_id, Owner.of(actor))
        found = await store.page_of(session, archive_id, state, after[0] if after else None, paging.limit + 1)
    return paging.page([EntryView.of(each, now, lang) for each, now in found], key=lambda item: (item.position,))
