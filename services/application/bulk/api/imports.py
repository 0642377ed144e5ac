"""Routes of imports: many applications in one file."""

import asyncio
import json
from collections.abc import AsyncIterator
from hashlib import sha256
from typing import Annotated, Any, Literal
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import StreamingResponse

from services.application.bulk import store
from services.application.bulk.commands import confirming, files, imports, selection
from services.application.bulk.commands.running import Imports
from services.application.bulk.domain.rows import RowProblem
from services.application.bulk.domain.states import IN_PROGRESS, RowState
from services.application.bulk.schemas import (
    UPLOAD_FORM,
    AttachToSelected,
    Begun,
    ConfirmedRow,
    ConfirmRow,
    FilesAttached,
    HandOverSelected,
    ImportView,
    KeyedFiles,
    Outcomes,
    RowView,
    Selection,
    SubmitRows,
    WithdrawSelected,
    sent,
)
from services.application.sheets.book import RowOutcome
from services.application.sheets.marking import marked_book
from shared.auth import APPLICANT_ROLES, BULK_ROLES, Actor, Owner, permit
from shared.errors import NotFound
from shared.http import Page, PageQuery, PaperLanguage, refusals
from shared.http.commands import EachTime, Once, OnceIfKeyed
from shared.service import CurrentRuntime, Runtime

Filer = Annotated[Actor, permit(*BULK_ROLES)]
router = APIRouter(prefix="/v1/imports", tags=["imports"])
selection_router = APIRouter(prefix="/v1/applications", tags=["applications"])

_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# How often progress is looked for, after how many looks something is said in any case, and how many there are; and
# after how long the caller comes again.
_LOOK_SECONDS, _QUIET_LOOKS, _LOOKS, _COME_AGAIN_MS = 0.5, 20, 120, 3000


async def _imports(request: Request) -> Imports:
    found: Imports = request.app.state.imports
    return found


Running = Annotated[Imports, Depends(_imports)]
LastEvent = Annotated[str | None, Header(alias="Last-Event-ID", description="the id of the last event that you have")]


async def _admit(request: Request, actor: Filer) -> None:
    """Runs before the body is read as a form: one file."""
    await request.form(max_files=1, max_fields=5, max_part_size=4096)


@router.post(
    "",
    status_code=202,
    responses=refusals(429),
    dependencies=[Depends(_admit)],
    openapi_extra=UPLOAD_FORM,
)
async def begin(request: Request, actor: Filer, response: Response, running: Running, once: Once) -> Begun:
    """Send a file with many applications: ours as XLSX or CSV, or one of the official bulk tools. It is read and
    checked in the background; every row becomes a draft, unless it is a `dry_run`.

    The `Idempotency-Key` is that of the file: sent again with it, the file is the same import. The rows need none: the
    same `key` in a row is the same application in whatever file it comes, until that is decided, withdrawn or over.
    """
    begun = await once(imports.begin, await sent(await request.form()), running.allowed)
    response.headers["Location"] = f"/v1/imports/{begun.id}"
    return begun


@router.get("")
async def own(
    runtime: CurrentRuntime,
    actor: Filer,
    paging: PageQuery,
    application_id: Annotated[UUID | None, Query(description="only those with a row for this application")] = None,
) -> Page[ImportView]:
    """The imports of the organisation or professional the caller acts for, newest first."""
    after = paging.after(UUID)
    async with runtime.db.read() as session:
        found = await store.page_of(
            session, Owner.of(actor), after[0] if after else None, paging.limit + 1, application_id
        )
        counts = await store.counts_of(session, [row.id for row in found])
        far = await store.how_far(session, found)
    views = [ImportView.of(row, counts[row.id], far[row.id]) for row in found]
    return paging.page(views, key=lambda item: (item.id,))


@router.get("/{import_id}")
async def read(runtime: CurrentRuntime, actor: Filer, import_id: UUID) -> ImportView:
    """One import: how far it is, and the number of rows in each state."""
    return await _view(runtime, import_id, Owner.of(actor))


@router.get("/{import_id}/rows")
async def rows(
    runtime: CurrentRuntime,
    actor: Filer,
    import_id: UUID,
    paging: PageQuery,
    state: Annotated[RowState | None, Query(description="only rows in this state")] = None,
    application_id: Annotated[UUID | None, Query(description="only the row for this application")] = None,
) -> Page[RowView]:
    """Rows in the order of the file, each with its applicant, each problem with its cell, and in both languages what
    to do."""
    after = paging.after(int)
    async with runtime.db.read() as session:
        await store.own(session, import_id, Owner.of(actor))
        found = await store.row_page(
            session, import_id, state, application_id, after[0] if after else None, paging.limit + 1
        )
    page = paging.page(found, key=lambda item: (item[0].position,))
    return Page[RowView](items=[RowView.of(*found) for found in page.items], next=page.next)


@router.get(
    "/{import_id}/events",
    response_class=StreamingResponse,
    responses={
        200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}},
        204: {"description": "the work is done, and `Last-Event-ID` names its outcome: do not come again"},
    },
)
async def events(
    runtime: CurrentRuntime, actor: Filer, import_id: UUID, running: Running, last_event_id: LastEvent = None
) -> Response:
    """Progress as server-sent events: `progress` with the import each time that it changes, to the end of the work.

    The stream ends after a minute, and at once where too many are open; browsers come again by themselves, with the id
    of the last event that they have. It is not sent again; what came after it is, as it is by then.
    """
    first = await _view(runtime, import_id, Owner.of(actor))
    is_known = last_event_id == _event_id(first)
    if is_known and first.state not in IN_PROGRESS:
        return Response(status_code=204)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    stream = _progress(runtime, running, first, Owner.of(actor), is_known=is_known)
    return StreamingResponse(stream, media_type="text/event-stream", headers=headers)


@router.get(
    "/{import_id}/workbook",
    response_class=StreamingResponse,
    responses={200: {"content": {_SPREADSHEET: {"schema": {"type": "string", "format": "binary"}}}}, **refusals(409)},
)
async def workbook(
    runtime: CurrentRuntime, actor: Filer, import_id: UUID, running: Running, lang: PaperLanguage
) -> StreamingResponse:
    """The same workbook with every wrong cell marked and explained, and with the receipt numbers of what is filed."""
    async with runtime.db.read() as session:
        row = await store.own(session, import_id, Owner.of(actor))
        imports.require_read(row)
        content = await store.content_of(session, import_id)
        found = await store.outcomes_of(session, import_id)
    outcomes = {(each.sheet, each.number): _outcome(each) for each in found}
    name = quote(f"{row.name.rsplit('.', 1)[0]}-checked.xlsx")
    return StreamingResponse(
        marked_book(running.books, content, row.name, outcomes, lang),
        media_type=_SPREADSHEET,
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "Cache-Control": "no-store"},
    )


@router.post("/{import_id}/files", responses=refusals(409))
async def attach(actor: Filer, import_id: UUID, body: KeyedFiles, run: EachTime) -> FilesAttached:
    """Attach uploaded photos and PDFs to the rows with their keys. The answer says of each file what became of it;
    `POST .../check` checks the rows again."""
    return await run(files.attach, import_id, body.files)


@router.post("/{import_id}/check", status_code=202, responses=refusals(409))
async def check(actor: Filer, import_id: UUID, run: EachTime) -> Begun:
    """Check every row that is not filed again, as its draft is now."""
    return await run(imports.check_again, import_id)


@router.post("/{import_id}/confirm", responses=refusals(409))
async def confirm(actor: Filer, import_id: UUID, body: ConfirmRow, running: Running, run: EachTime) -> ConfirmedRow:
    """Say that a draft is right as it is where the cell of its row could not be read (`unread`): the row is checked
    again, and that cell hinders nothing any more, also when the same file is sent again."""
    return await run(confirming.confirm, import_id, body.application_id, body.pointer, running.keys)


@router.post("/{import_id}/submit", status_code=202, responses=refusals(409))
async def submit(actor: Filer, import_id: UUID, body: SubmitRows, once: Once) -> Begun:
    """File every row that can be filed, with both declarations for all of them. This moment counts for each row, and
    each row is filed once, whatever happens meanwhile; rows that cannot be filed stay, and say why.

    The `Idempotency-Key` is that of the press, and with another one nothing is filed twice either.
    """
    return await once(imports.submit, import_id, body.declarations.declared())


@router.delete("/{import_id}", status_code=204, responses=refusals(409))
async def delete(actor: Filer, import_id: UUID, once: OnceIfKeyed) -> None:
    """Delete an import with its file and rows. Its drafts and applications stay."""
    await once(imports.delete, import_id)


@selection_router.post("/selection", responses=refusals(409))
async def act_on_selection(actor: Annotated[Actor, permit(*APPLICANT_ROLES)], body: Selection, once: Once) -> Outcomes:
    """Withdraw, delete, hand over, or attach a document to up to 500. Each succeeds or is refused by itself.

    The `Idempotency-Key` is that of the whole request: with it again the first answer comes, also for those that it
    refused. A new key tries those again, and those that are done already say so or stay as they are.
    """
    ids = body.application_ids
    if isinstance(body, WithdrawSelected):
        return await once(selection.withdraw_each, ids, body.reason)
    if isinstance(body, AttachToSelected):
        return await once(selection.attach_to_each, ids, body.document_id, body.codes)
    if isinstance(body, HandOverSelected):
        return await once(selection.hand_over_each, ids, body.account_id)
    return await once(selection.delete_each, ids)


async def _view(runtime: Runtime, import_id: UUID, owner: Owner) -> ImportView:
    async with runtime.db.read() as session:
        row = await store.own(session, import_id, owner)
        counts = await store.counts_of(session, [import_id])
        far = await store.how_far(session, [row])
    return ImportView.of(row, counts[import_id], far[import_id])


async def _progress(
    runtime: Runtime, running: Imports, view: ImportView, owner: Owner, *, is_known: bool
) -> AsyncIterator[str]:
    with running.watched(owner.id) as stays:
        yield f"retry: {_COME_AGAIN_MS}\n" + ("\n" if is_known else _event(view))
        quiet = 0
        for _ in range(_LOOKS if stays else 0):
            if view.state not in IN_PROGRESS:
                return
            await asyncio.sleep(_LOOK_SECONDS)
            try:
                seen = await _view(runtime, view.id, owner)
            except NotFound:
                return
            quiet += 1
            if seen != view:
                view, quiet = seen, 0
                yield _event(view)
            elif quiet % _QUIET_LOOKS == 0:
                yield ": still here\n\n"


def _event(view: ImportView) -> str:
    data = json.dumps(view.model_dump(mode="json"), ensure_ascii=False)
    return f"event: progress\nid: {_event_id(view)}\ndata: {data}\n\n"


def _event_id(view: ImportView) -> str:
    """The id of an event: another one whenever something in the view is another."""
    return sha256(view.model_dump_json().encode()).hexdigest()[:32]


def _outcome(row: Any) -> RowOutcome:
    state: Literal["ready", "wrong", "filed", "draft"] = "draft"
    if row.state in (RowState.READY, RowState.WRONG, RowState.FILED):
        state = row.state
    problems = [RowProblem.of(each) for each in row.problems]
    return RowOutcome(state, row.receipt_number, tuple((each.cell, each.problem.message) for each in problems))
