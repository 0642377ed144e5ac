"""HTTP: write, approve, follow, stop and resume broadcasts, and the banners of the pages."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from services.notification.broadcasts import store
from services.notification.broadcasts.commands import deciding, writing
from services.notification.broadcasts.domain import Group, State
from services.notification.broadcasts.schemas import (
    BannerBody,
    BroadcastBody,
    BroadcastDetail,
    BroadcastInput,
    Reason,
    Version,
)
from services.notification.channels.mail.content.broadcasts import broadcast_of
from services.notification.channels.mail.rendering import render
from services.notification.messages.catalogue import BROADCAST
from services.notification.messages.samples import SAMPLE_NAME
from services.notification.messages.schemas import PreviewBody
from shared.auth import Record, permit, public, readers
from shared.errors import NotFound
from shared.http import IfMatch, Page, PageQuery, etag, expect
from shared.http.commands import EachTime, Once
from shared.journal.reading import Search, find, head
from shared.languages import Lang, known
from shared.service import CurrentRuntime

_OPERATOR = permit(*readers(Record.BROADCAST))
_MOST_LINES = 500
_MOST_BANNERS = 20

router = APIRouter(prefix="/v1/broadcasts", tags=["broadcasts"], dependencies=[_OPERATOR])
# For the gateway alone, which passes no such path on: it shows each banner to those who are in its group.
banners = APIRouter(prefix="/v1/banners", tags=["broadcasts"], dependencies=[public])


@router.get("")
async def list_broadcasts(
    paging: PageQuery, runtime: CurrentRuntime, state: Annotated[State | None, Query()] = None
) -> Page[BroadcastBody]:
    """Broadcasts, newest first."""
    async with runtime.db.read() as session:
        found = await store.search(session, state, paging.after(datetime, UUID), paging.limit + 1)
    return paging.page([BroadcastBody.of(row) for row in found], key=lambda body: (body.created_at, body.id))


@router.post("", status_code=201)
async def write(body: BroadcastInput, once: Once) -> BroadcastBody:
    """Write a draft. Nobody gets anything before another operator has approved it."""
    return await once(writing.write, body)


@router.get("/{broadcast_id}")
async def read(broadcast_id: UUID, runtime: CurrentRuntime, response: Response) -> BroadcastDetail:
    """One broadcast with its progress and its history."""
    async with runtime.db.read() as session:
        row = await store.find(session, broadcast_id)
        if row is None:
            raise NotFound()
        in_group_now = await store.count_group(session, Group(row.audience), row.codes)
        counts = await store.count_messages(session, broadcast_id)
        lines = Search(aggregate="broadcast", aggregate_id=broadcast_id)
        history = await find(session, lines, await head(session), None, _MOST_LINES)
    response.headers["ETag"] = etag(row.revision)
    return BroadcastDetail.with_progress(row, in_group_now, counts, history)


@router.put("/{broadcast_id}")
async def change(
    broadcast_id: UUID, body: BroadcastInput, response: Response, run: EachTime, if_match: IfMatch = None
) -> BroadcastBody:
    """Change a draft."""
    changed = await run(writing.change, broadcast_id, body, lambda revision: expect(revision, if_match))
    response.headers["ETag"] = etag(changed.revision)
    return changed


@router.get("/{broadcast_id}/preview")
async def preview(
    request: Request, broadcast_id: UUID, runtime: CurrentRuntime, language: Annotated[Lang, Query()] = "ja"
) -> PreviewBody:
    """The mail as a reader of a language gets it. `html` is for a sandboxed frame."""
    async with runtime.db.read() as session:
        row = await store.find(session, broadcast_id)
    if row is None:
        raise NotFound()
    content: dict[str, Any] = dict(broadcast_of(row.kind, {known(lang): said for lang, said in row.texts.items()}))
    rendered = render(BROADCAST, content, language, request.app.state.site, SAMPLE_NAME)
    return PreviewBody(subject=rendered.subject, text=rendered.text, html=rendered.html)


@router.post("/{broadcast_id}/propose")
async def propose(broadcast_id: UUID, body: Version, once: Once) -> BroadcastBody:
    """Propose a draft to another operator."""
    return await once(writing.propose, broadcast_id, body.revision)


@router.post("/{broadcast_id}/approve")
async def approve(broadcast_id: UUID, body: Version, once: Once) -> BroadcastBody:
    """Approve a proposal. Never one's own: 403 `four-eyes`. It begins at its time."""
    return await once(deciding.approve, broadcast_id, body.revision)


@router.post("/{broadcast_id}/send-back")
async def send_back(broadcast_id: UUID, body: Reason, once: Once) -> BroadcastBody:
    """Make a proposal a draft again."""
    return await once(deciding.send_back, broadcast_id, body.reason)


@router.post("/{broadcast_id}/stop")
async def stop(broadcast_id: UUID, body: Reason, once: Once) -> BroadcastBody:
    """Stop it. What was sent stays sent, and is counted; an approved one can be resumed until `resumable_until`."""
    return await once(deciding.stop, broadcast_id, body.reason)


@router.post("/{broadcast_id}/resume")
async def resume(broadcast_id: UUID, body: Reason, once: Once) -> BroadcastBody:
    """Resume one that was stopped, where it was: nobody gets it twice. 409 `not-resumable` for one that was never
    approved, or was stopped too long ago."""
    return await once(deciding.resume, broadcast_id, body.reason)


@router.post("/{broadcast_id}/end-banner")
async def end_banner(broadcast_id: UUID, body: Reason, once: Once) -> BroadcastBody:
    """Take the banner of a broadcast down that was sent."""
    return await once(deciding.end_banner, broadcast_id, body.reason)


@banners.get("")
async def list_banners(runtime: CurrentRuntime) -> list[BannerBody]:
    """Banners that pages show now or later."""
    async with runtime.db.read() as session:
        found = await store.with_banner(session, runtime.clock.now(), _MOST_BANNERS)
    return [BannerBody.of(row) for row in found]
