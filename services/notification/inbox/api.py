"""HTTP: the inbox of a person, and of an officer for the cases that they have."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request

from services.notification.channels.mail.links import MessageLinks
from services.notification.inbox import commands, store
from services.notification.inbox.schemas import InboxItem, InboxMessage, LeftOut, MarkedRead, Opener, ReadUntil, Unread
from shared.auth import APPLICANT_ROLES, OFFICER_ROLES, Actor, permit, public
from shared.errors import NotFound
from shared.http import Page, PageQuery
from shared.http.commands import EachTime, EachTimeForAnybody
from shared.http.language import Language
from shared.http.openapi import refusals
from shared.service import CurrentRuntime

router = APIRouter(prefix="/v1/inbox", tags=["inbox"])
Reader = Annotated[Actor, permit(*APPLICANT_ROLES, *OFFICER_ROLES, in_person=True)]
# The link is the right: its reader may be signed out, and mail programs call it.
leaving_router = APIRouter(prefix="/v1/unsubscribe", tags=["inbox"], dependencies=[public])
_MOST_COUNTED = 100


@router.get("")
async def list_messages(
    request: Request,
    actor: Reader,
    paging: PageQuery,
    runtime: CurrentRuntime,
    lang: Language,
    everyone: Annotated[bool, Query(description="with those of colleagues about the same records")] = False,
    unread: Annotated[bool, Query(description="only those that the caller has not read")] = False,
    application_id: Annotated[UUID | None, Query()] = None,
) -> Page[InboxItem]:
    """Messages to the caller, newest first."""
    async with runtime.db.read() as session:
        found = await store.search(
            session,
            actor,
            everyone=everyone,
            unread=unread,
            application_id=application_id,
            after=paging.after(datetime, UUID),
            limit=paging.limit + 1,
        )
    opener = Opener(actor, runtime.sealer, request.app.state.site, lang)
    return paging.page([opener.item(each) for each in found], key=lambda item: (item.created_at, item.id))


@router.get("/unread")
async def count_unread(actor: Reader, runtime: CurrentRuntime) -> Unread:
    """The number of messages to the caller that were not read yet, counted up to 100."""
    async with runtime.db.read() as session:
        count = await store.count_unread(session, actor, _MOST_COUNTED + 1)
    return Unread(count=min(count, _MOST_COUNTED), more=count > _MOST_COUNTED)


@router.get("/{notification_id}")
async def read_message(
    request: Request, actor: Reader, runtime: CurrentRuntime, lang: Language, notification_id: UUID
) -> InboxMessage:
    """One message with its content. It stays unread until it is marked."""
    async with runtime.db.read() as session:
        found = await store.find(session, actor, notification_id)
    if found is None:
        raise NotFound()
    return Opener(actor, runtime.sealer, request.app.state.site, lang).message(found)


@router.post("/read")
async def mark_all_read(actor: Reader, body: ReadUntil, run: EachTime) -> MarkedRead:
    """Mark all messages to the caller up to one of them as read."""
    return await run(commands.mark_all_read, body.until)


@router.post("/{notification_id}/read")
async def mark_read(actor: Reader, notification_id: UUID, run: EachTime) -> MarkedRead:
    """Mark one message as read. The first time stands."""
    return await run(commands.mark_read, notification_id)


@leaving_router.post("/{secret}", responses=refusals(404))
async def leave_out(request: Request, secret: Annotated[str, Path(max_length=80)], run: EachTimeForAnybody) -> LeftOut:
    """Leave out mails of the topic of one message, by the link in it. What goes on being sent is in the inbox."""
    links: MessageLinks = request.app.state.leaving
    message_id = links.read(secret)
    if message_id is None:
        raise NotFound()
    return await run(commands.leave_out, message_id)
