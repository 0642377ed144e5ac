"""HTTP: search and resend messages, preview the mails."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from services.notification.channels.mail.rendering import render
from services.notification.channels.mail.texts import translated
from services.notification.channels.protocol import MAIL
from services.notification.messages import store
from services.notification.messages.catalogue import MESSAGES, WITHOUT_EVENT
from services.notification.messages.commands.resend import resend_message
from services.notification.messages.commands.search import journal_look, journal_search
from services.notification.messages.domain import mailbox, number_of
from services.notification.messages.samples import SAMPLE_NAME, sample_of
from services.notification.messages.schemas import (
    HistoryEntry,
    NotificationBody,
    NotificationDetail,
    PreviewBody,
    RelayBody,
    ResendBody,
    Resent,
    State,
    TemplateBody,
    TranslationBody,
    title_of,
)
from shared.auth import APPLICANT_ROLES, OFFICER_ROLES, Caller, Record, Role, permit, readers
from shared.db import ReadSession
from shared.errors import Forbidden, NotFound
from shared.http import Page, PageQuery
from shared.http.commands import Once
from shared.http.marks import RequestMark
from shared.journal.reading import Search, find, head
from shared.languages import Lang, known
from shared.service import CurrentRuntime

_MOST_LINES = 200

router = APIRouter(prefix="/v1/notifications", tags=["notifications"])


@router.get("", dependencies=[permit(*APPLICANT_ROLES, *readers(Record.NOTIFICATION))])
async def search(
    caller: Caller,
    mark: RequestMark,
    paging: PageQuery,
    runtime: CurrentRuntime,
    state: Annotated[State | None, Query()] = None,
    template: Annotated[str | None, Query(max_length=80)] = None,
    application_id: Annotated[UUID | None, Query()] = None,
    number: Annotated[str | None, Query(max_length=40, description="receipt number, as it is typed")] = None,
    cause: Annotated[str | None, Query(max_length=80, description="type of the event that led to it")] = None,
    account_id: Annotated[UUID | None, Query(description="whose messages; for officers")] = None,
    address: Annotated[str | None, Query(max_length=254, description="the mail address; for officers")] = None,
) -> Page[NotificationBody]:
    """Messages, newest first. People and API clients see those about the records of the organisation or person for
    which they act, and people with a session of their own those about their account; operators and auditors see all,
    and each look is journalled."""
    officer = caller.kind == "officer"
    if not officer and (account_id is not None or address is not None):
        raise Forbidden()
    wanted = store.Wanted(
        visible=None if officer else store.visible_to(caller),
        application_id=application_id,
        account_id=account_id,
        number=number_of(number),
        cause=cause,
        template=template,
        state=state,
        address_keys=runtime.sealer.hashes(mailbox(address)) if address is not None else None,
    )

    async def page(session: ReadSession) -> Page[NotificationBody]:
        found = await store.search(session, wanted, paging.after(datetime, UUID), paging.limit + 1)
        return paging.page([NotificationBody.of(*row) for row in found], key=lambda body: (body.created_at, body.id))

    if not officer:
        async with runtime.db.read() as session:
            return await page(session)
    async with runtime.commands.work(caller, mark) as work:
        shown = await page(work.session)
        criteria = {
            "state": state,
            "template": template,
            "application_id": application_id,
            "account_id": account_id,
            "number": wanted.number,
            "cause": cause,
            # Which address it was is not written down.
            "by_address": True if address is not None else None,
        }
        journal_search(work, criteria, [item.id for item in shown.items])
        return shown


@router.get("/templates", dependencies=[permit(*OFFICER_ROLES)])
async def templates() -> list[TemplateBody]:
    """Every message that the system can send."""
    kinds = [
        TemplateBody(
            name=kind.template,
            title=title_of(kind.template),
            event=kind.event.event_type(),
            audience=list(kind.audience),
            channels=list(kind.channels),
            may_wait=kind.may_wait,
        )
        for kind in MESSAGES
    ]
    others = [
        TemplateBody(name=name, title=title_of(name), event="", audience=[], channels=[MAIL], may_wait=False)
        for name in WITHOUT_EVENT
    ]
    return [*kinds, *others]


@router.get("/translations", dependencies=[permit(*readers(Record.NOTIFICATION))])
async def translations() -> list[TranslationBody]:
    """Progress of the mails in each language beside the official ones."""
    found = await asyncio.to_thread(translated)
    return [
        TranslationBody(
            language=known(one.lang),
            domain=one.domain,
            messages=one.messages,
            translated=one.translated,
            reviewed=one.reviewed,
        )
        for one in found
    ]


@router.get("/relays", dependencies=[permit(*readers(Record.NOTIFICATION))])
async def relays(request: Request) -> list[RelayBody]:
    """The mail relays in the order in which they are preferred, as the process that answers knows them."""
    return [RelayBody.model_validate(one, from_attributes=True) for one in request.app.state.relays.health]


@router.get("/templates/{name}/preview", dependencies=[permit(*OFFICER_ROLES)])
async def preview(request: Request, name: str, language: Annotated[Lang, Query()] = "ja") -> PreviewBody:
    """A mail as its recipients see it, with sample data. `html` is for a sandboxed frame."""
    try:
        content = sample_of(name, datetime.now(UTC).date())
    except KeyError as error:
        raise NotFound() from error
    rendered = render(name, dict(content), language, request.app.state.site, SAMPLE_NAME)
    return PreviewBody(subject=rendered.subject, text=rendered.text, html=rendered.html)


@router.get("/{notification_id}", dependencies=[permit(*readers(Record.NOTIFICATION))])
async def look(caller: Caller, mark: RequestMark, runtime: CurrentRuntime, notification_id: UUID) -> NotificationDetail:
    """One message and what happened to it; each look is journalled."""
    async with runtime.commands.work(caller, mark) as work:
        found = await store.find(work.session, notification_id)
        if found is None:
            raise NotFound()
        lines = Search(aggregate="notification", aggregate_id=notification_id)
        history = await find(work.session, lines, await head(work.session), None, _MOST_LINES)
        journal_look(work, notification_id)
    notification, delivery = found
    return NotificationDetail(
        message=NotificationBody.of(notification, delivery),
        history=[HistoryEntry.model_validate(line, from_attributes=False) for line in history],
        can_be_sent_again=notification.ended_at is not None and delivery is not None,
    )


@router.post("/{notification_id}/resend", status_code=202, dependencies=[permit(Role.OPERATOR)])
async def resend(request: Request, notification_id: UUID, body: ResendBody, once: Once) -> Resent:
    """Send a message again that has ended, to the account's present address. 409 `content-erased` after its time."""
    resent = await once(resend_message, notification_id, body.reason)
    wake_sender: Callable[[], None] = request.app.state.wake_sender
    wake_sender()
    return resent
