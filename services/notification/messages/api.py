"""HTTP: what was told to whom, sending again, and how the mails look."""

from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from services.notification.channels.mail.rendering import render
from services.notification.channels.mail.samples import SAMPLE_NAME, sample
from services.notification.delivery.sender import Sender
from services.notification.messages import commands, store
from services.notification.messages.catalogue import MAILS, Audience, by_template
from services.notification.messages.commands import Resent
from services.notification.messages.domain import shown_state
from services.notification.messages.store import Delivery, Notification
from shared.auth import APPLICANT_ROLES, OFFICER_ROLES, Caller, Record, Role, permit, readers
from shared.db import ReadSession
from shared.errors import NotFound
from shared.http import Page, PageQuery
from shared.http.commands import Once
from shared.http.marks import RequestMark
from shared.service import CurrentRuntime

router = APIRouter(prefix="/v1/notifications", tags=["notifications"])

State = Literal["created", "sending", "temporary-failure", "sent", "failed"]


class NotificationBody(BaseModel):
    """One message. Where it went and what it said is not shown: only that, when and how it ended."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "01a20911-fd7b-71e3-a6cc-c19ac3a3cc4a",
                    "template": "application_received",
                    "party": "applicant",
                    "language": "ja",
                    "state": "sent",
                    "attempts": 1,
                    "round": 1,
                    "application_id": "01a20911-fd7b-71e3-a6cc-c19546560fcd",
                    "account_id": "01a20911-fd7b-71e3-a6cc-c1916bbe12df",
                    "cause": "zairyu.ApplicationSubmitted.v1",
                    "created_at": "2026-07-01T01:23:45Z",
                    "ended_at": "2026-07-01T01:23:45Z",
                    "next_try_at": None,
                    "reason": None,
                }
            ]
        }
    )

    id: UUID
    template: str
    party: Literal["account", "applicant", "old_address"]
    language: Literal["ja", "en"]
    state: State
    attempts: int
    round: int = Field(description="1, and one more for each resend")
    application_id: UUID | None
    account_id: UUID | None
    cause: str = Field(description="type of the event that led to it")
    created_at: datetime
    ended_at: datetime | None
    next_try_at: datetime | None
    reason: str | None = Field(description="why the last attempt failed, as a code")


class TemplateBody(BaseModel):
    """A mail that the system can send."""

    name: str
    event: str
    audience: Audience


class PreviewBody(BaseModel):
    """A mail with sample data."""

    subject: str
    text: str
    html: str


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
    """Messages, newest first. People and outside systems see those about the records of the organisation or person for
    which they act, and people with a session of their own those about their account; operators and auditors see all,
    and each look is journalled."""
    whose = None if caller.kind == "officer" else store.those_of(caller)

    async def page(session: ReadSession) -> Page[NotificationBody]:
        found = await store.search(
            session,
            whose=whose,
            application_id=application_id,
            state=state,
            template=template,
            after=paging.after(datetime, UUID),
            limit=paging.limit + 1,
        )
        return paging.page([_body(*row) for row in found], key=lambda body: (body.created_at, body.id))

    if caller.kind != "officer":
        async with runtime.db.read() as session:
            return await page(session)
    async with runtime.commands.work(caller, mark) as work:
        shown = await page(work.session)
        looked_for = {"state": state, "template": template, "application_id": application_id}
        commands.note_search(work, looked_for, [item.id for item in shown.items])
        return shown


@router.get("/templates", dependencies=[permit(*OFFICER_ROLES)])
async def templates() -> list[TemplateBody]:
    """Every mail that the system can send."""
    return [TemplateBody(name=k.template, event=k.event.event_type(), audience=k.audience) for k in MAILS]


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
    answer = await once(commands.resend, notification_id)
    sender: Sender = request.app.state.sender
    sender.wake()
    return answer


def _body(notification: Notification, delivery: Delivery | None) -> NotificationBody:
    open_ = delivery if notification.ended_at is None else None
    attempts = open_.attempts if open_ else notification.attempts
    return NotificationBody.model_validate(
        {
            "id": notification.id,
            "template": notification.template,
            "party": notification.party,
            "language": notification.language,
            "state": shown_state(notification.state, open_.work if open_ else None, attempts),
            "attempts": attempts,
            "round": notification.round,
            "application_id": notification.application_id,
            "account_id": notification.account_id,
            "cause": notification.cause_event_type,
            "created_at": notification.created_at,
            "ended_at": notification.ended_at,
            "next_try_at": open_.next_try_at if open_ else None,
            "reason": open_.last_error if open_ else notification.reason,
        }
    )
