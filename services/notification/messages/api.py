"""HTTP: search and resend messages, preview the mails."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request

from services.notification.channels.mail.rendering import render
from services.notification.messages import store
from services.notification.messages.catalogue import MESSAGES, by_template
from services.notification.messages.commands.resend import resend_message
from services.notification.messages.commands.search import journal_search
from services.notification.messages.samples import SAMPLE_NAME, sample
from services.notification.messages.schemas import NotificationBody, PreviewBody, Resent, State, TemplateBody
from shared.auth import APPLICANT_ROLES, OFFICER_ROLES, Caller, Record, Role, permit, readers
from shared.db import ReadSession
from shared.errors import NotFound
from shared.http import Page, PageQuery
from shared.http.commands import Once
from shared.http.marks import RequestMark
from shared.service import CurrentRuntime

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
) -> Page[NotificationBody]:
    """Messages, newest first. People and API clients see those about the records of the organisation or person for
    which they act, and people with a session of their own those about their account; operators and auditors see all,
    and each look is journalled."""
    visible = None if caller.kind == "officer" else store.visible_to(caller)

    async def page(session: ReadSession) -> Page[NotificationBody]:
        found = await store.search(
            session,
            visible=visible,
            application_id=application_id,
            state=state,
            template=template,
            after=paging.after(datetime, UUID),
            limit=paging.limit + 1,
        )
        return paging.page([NotificationBody.of(*row) for row in found], key=lambda body: (body.created_at, body.id))

    if caller.kind != "officer":
        async with runtime.db.read() as session:
            return await page(session)
    async with runtime.commands.work(caller, mark) as work:
        shown = await page(work.session)
        criteria = {"state": state, "template": template, "application_id": application_id}
        journal_search(work, criteria, [item.id for item in shown.items])
        return shown


@router.get("/templates", dependencies=[permit(*OFFICER_ROLES)])
async def templates() -> list[TemplateBody]:
    """Every mail that the system can send."""
    return [TemplateBody(name=k.template, event=k.event.event_type(), audience=k.audience) for k in MESSAGES]


@router.get("/templates/{name}/preview", dependencies=[permit(*OFFICER_ROLES)])
async def preview(request: Request, name: str, language: Annotated[Literal["ja", "en"], Query()] = "ja") -> PreviewBody:
    """A mail as its recipients see it, with sample data. `html` is for a sandboxed frame."""
    try:
        content = sample(by_template(name), datetime.now(UTC).date())
    except KeyError as error:
        raise NotFound() from error
    rendered = render(name, dict(content), language, request.app.state.site, SAMPLE_NAME)
    return PreviewBody(subject=rendered.subject, text=rendered.text, html=rendered.html)


@router.post("/{notification_id}/resend", status_code=202, dependencies=[permit(Role.OPERATOR)])
async def resend(request: Request, notification_id: UUID, once: Once) -> Resent:
    """Send a message again that has ended, to the account's present address. 409 `content-erased` after its time."""
    resent = await once(resend_message, notification_id)
    wake_sender: Callable[[], None] = request.app.state.wake_sender
    wake_sender()
    return resent
