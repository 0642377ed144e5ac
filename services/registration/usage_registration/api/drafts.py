"""Drafts of usage registrations (利用申出): begun with a mail address, written over days, submitted."""

import json
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Response
from pydantic import BaseModel, ConfigDict, Field

from services.registration.authentication.api.dependencies import CurrentSigning
from services.registration.authentication.commands.rate_limits import admit
from services.registration.authentication.domain.throttle import DRAFT_ADDRESS, RESET_ADDRESS
from services.registration.context import CommandContext
from services.registration.http.context import CallerAddress, CurrentContext
from services.registration.http.fields import Email, Input
from services.registration.usage_registration.api.draft_form import DraftContent, RoleName, read_form
from services.registration.usage_registration.commands import draft_completeness, draft_links, drafts, upload_tokens
from services.registration.usage_registration.commands.drafts import Holder
from services.registration.usage_registration.commands.submitter_copy import copy_of
from services.registration.usage_registration.domain.draft import DraftState, kept_until
from services.registration.usage_registration.problems import DraftSubmitted
from services.registration.usage_registration.schemas.decisions import Submitted
from services.registration.usage_registration.schemas.document_list import DocumentLine
from services.registration.usage_registration.schemas.drafts import Saved
from services.registration.usage_registration.schemas.submitter_copy import Copy
from services.registration.usage_registration.schemas.upload_tokens import UploadToken
from services.registration.usage_registration.schemas.usage_registration_views import ItemView
from services.registration.usage_registration.store import drafts as store
from services.registration.usage_registration.store import usage_registrations
from services.registration.usage_registration.store.drafts import Draft
from shared.auth import Actor, PerhapsCaller, permit, public
from shared.clock import legal_date
from shared.db import ReadSession
from shared.errors import FieldProblem, Invalid, Text
from shared.http import IfMatch, Lang, Language, etag, expect, refusals, say
from shared.http.commands import EachTimeForAnybody, OnceForAnybody
from shared.http.problems import FieldError

router = APIRouter(prefix="/v1/usage-registration-drafts", tags=["drafts of usage registrations"])
_MOST_LISTED = 50


async def _holder(
    caller: PerhapsCaller,
    key: Annotated[
        str | None,
        Header(alias="X-Draft-Key", max_length=200, description="the part behind the dot of the mailed link"),
    ] = None,
) -> Holder:
    return Holder(caller, key)


CurrentHolder = Annotated[Holder, Depends(_holder)]


class BeginInput(Input):
    """The mail address for the link. A signed-in user omits it: the draft is their account's."""

    email: Email | None = Field(None, examples=["hanako@example.co.jp"])
    language: Lang = "ja"
    role: RoleName | None = None


class LinkInput(Input):
    """The mail address whose drafts are looked for."""

    email: Email = Field(examples=["hanako@example.co.jp"])


_EXAMPLE: dict[str, Any] = {
    "id": "01a20911-fd7b-71e3-a6cc-c193bf509cfa",
    "state": "open",
    "email": "hanako@example.co.jp",
    "language": "ja",
    "content": {"role": "org_staff", "organisation": {"corporate_number": "4011001098993", "category": "CAT3"}},
    "revision": 4,
    "touched_at": "2026-11-20T03:00:00Z",
    "kept_until": "2026-12-20T03:00:00Z",
    "receipt_number": None,
    "submitted": None,
    "returned_items": [],
}
_PROBLEM = {
    "pointer": "/organisation/name",
    "place": "body",
    "code": "required",
    "message": "必須項目です",
}


class LinkSent(BaseModel):
    """The same answer for everybody, whether a mail goes out or not."""

    status: Literal["accepted"] = "accepted"
    link_days: int = Field(description="how long a link works", examples=[30])


class DraftView(BaseModel):
    """A draft as it was saved last. Submitted, it has a receipt number, and `submitted` in the place of its content."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    id: UUID
    state: DraftState
    email: str = Field(description="where all mail goes: to the address of the link, or the account's")
    language: str
    content: DraftContent | None
    revision: int
    touched_at: datetime
    kept_until: datetime = Field(description="it is deleted then, unless it is changed; a mail says so a week before")
    receipt_number: str | None = Field(examples=["東利申26-000123-5"])
    submitted: Copy | None = Field(description="what was submitted, once it was")
    returned_items: list[ItemView] = Field(description="what is to be corrected, where an officer returned it")


class SavedView(Saved):
    """A draft was saved, with what it still lacks."""

    complete: bool
    problems: list[FieldError] = Field(examples=[[_PROBLEM]])


class CheckView(BaseModel):
    """The points still open before the draft can be submitted, and the documents of its user class."""

    complete: bool
    problems: list[FieldError] = Field(examples=[[_PROBLEM]])
    documents: list[DocumentLine]


@router.post(
    "",
    status_code=202,
    response_model=LinkSent,
    responses={201: {"model": Saved, "description": "The draft of the account that has signed in"}},
    dependencies=[public],
)
async def begin(
    body: BeginInput,
    caller: PerhapsCaller,
    context: CurrentContext,
    address: CallerAddress,
    response: Response,
    once: OnceForAnybody,
) -> Any:
    """Begin a draft. 202: the link to it comes by mail. 201: for who has signed in, with its id."""
    await admit(context, "reset:address", address, RESET_ADDRESS)
    if caller.kind == "person":
        saved = await once(drafts.begin, context, body.language, body.role)
        headers = {"ETag": etag(saved.revision), "Location": f"{router.prefix}/{saved.id}"}
        return Response(saved.model_dump_json(), 201, headers=headers, media_type="application/json")
    email = body.email
    if email is None:
        raise Invalid(fields=[FieldProblem("/email", "required", Text("必須項目です", "Enter or choose a value"))])
    await once(drafts.ask_by_mail, context, email, body.language, body.role)
    return LinkSent(link_days=context.settings.draft_days)


@router.get("")
async def own(
    caller: Annotated[Actor, permit(kinds=("person",), in_person=True)], context: CurrentContext
) -> list[Saved]:
    """The drafts of the account that has signed in, the last touched first."""
    assert caller.id is not None
    async with context.db.read() as session:
        return [drafts.saved(context, found) for found in await store.of_account(session, caller.id, _MOST_LISTED)]


@router.post("/link", status_code=202, dependencies=[public])
async def ask_for_link(body: LinkInput, context: CurrentContext, address: CallerAddress) -> LinkSent:
    """Have the link mailed again. The answer is the same whether the address has a draft or not."""
    await admit(context, "reset:address", address, RESET_ADDRESS)
    await draft_links.ask(context, body.email)
    return LinkSent(link_days=context.settings.draft_days)


@router.get("/{draft_id}", dependencies=[public])
async def read(draft_id: UUID, holder: CurrentHolder, context: CurrentContext, response: Response) -> DraftView:
    """The draft, on any device that has the link. Its ETag goes into `If-Match` of the next save."""
    async with context.db.read() as session:
        draft = await drafts.held(session, draft_id, holder, context.clock.now())
        response.headers["ETag"] = etag(draft.revision)
        return await _view(session, context, draft)


@router.put("/{draft_id}", responses=refusals(409), dependencies=[public])
async def save(
    draft_id: UUID,
    body: DraftContent,
    holder: CurrentHolder,
    run: EachTimeForAnybody,
    context: CurrentContext,
    lang: Language,
    address: CallerAddress,
    response: Response,
    if_match: IfMatch = None,
) -> SavedView:
    """Replace what was entered, finished or not. 412 where another device has saved since."""
    await admit(context, "draft:address", address, DRAFT_ADDRESS)
    content = body.model_dump(mode="json", exclude_unset=True)
    saved = await run(drafts.save, context, draft_id, holder, content, lambda revision: expect(revision, if_match))
    response.headers["ETag"] = etag(saved.revision)
    async with context.db.read() as session:
        draft = await drafts.held(session, draft_id, holder, context.clock.now())
        problems = await _problems(session, context, draft, holder, lang)
    return SavedView(**saved.model_dump(), complete=not problems, problems=problems)


@router.get("/{draft_id}/check", responses=refusals(409), dependencies=[public])
async def check(draft_id: UUID, holder: CurrentHolder, context: CurrentContext, lang: Language) -> CheckView:
    """Everything that is missing or wrong, and the documents of the user class with their conditions."""
    async with context.db.read() as session:
        draft = await drafts.held(session, draft_id, holder, context.clock.now())
        if draft.state != DraftState.OPEN:
            raise DraftSubmitted()
        problems = await _problems(session, context, draft, holder, lang)
        documents = await draft_completeness.wanted_documents(session, draft, legal_date(context.clock.now()))
    return CheckView(complete=not problems, problems=problems, documents=documents)


@router.post("/{draft_id}/submit", status_code=201, dependencies=[public])
async def submit(
    draft_id: UUID, holder: CurrentHolder, once: OnceForAnybody, context: CurrentContext, address: CallerAddress
) -> Submitted:
    """Submit it: the receipt number is given at once. Submitted again, it gets the same one."""
    await admit(context, "draft:address", address, DRAFT_ADDRESS)
    # Before a kept answer is looked for: anonymous callers share their keys.
    async with context.db.read() as session:
        await drafts.held(session, draft_id, holder, context.clock.now())
    return await once(drafts.submit, context, draft_id, holder, read_form)


@router.post("/{draft_id}/upload-token", responses=refusals(409), dependencies=[public])
async def upload_token(
    draft_id: UUID, holder: CurrentHolder, context: CurrentContext, signing: CurrentSigning, address: CallerAddress
) -> UploadToken:
    """A token of five minutes with which PDFs are sent to `/v1/documents`, with the codes of what they prove."""
    await admit(context, "draft:address", address, DRAFT_ADDRESS)
    return await upload_tokens.for_draft(context, signing, draft_id, holder)


@router.delete("/{draft_id}", status_code=204, responses=refusals(409), dependencies=[public])
async def delete(
    draft_id: UUID, holder: CurrentHolder, run: EachTimeForAnybody, context: CurrentContext, address: CallerAddress
) -> None:
    """Delete the draft with all that was entered and uploaded. What was submitted stays."""
    await admit(context, "draft:address", address, DRAFT_ADDRESS)
    await run(drafts.delete, draft_id, holder)


async def _view(session: ReadSession, context: CommandContext, draft: Draft) -> DraftView:
    is_submitted = draft.state == DraftState.SUBMITTED
    registration = await usage_registrations.usage_registration(session, draft.id)
    items = registration.returned_items if registration and not is_submitted else None
    return DraftView(
        id=draft.id,
        state=DraftState(draft.state),
        email=await store.email_of(session, draft),
        language=draft.language,
        content=None if is_submitted else DraftContent.model_validate(drafts.content_of(draft)),
        revision=draft.revision,
        touched_at=draft.touched_at,
        kept_until=kept_until(draft.touched_at, draft.reminded_at, context.settings.draft_kept_for),
        receipt_number=registration.receipt_number if registration else None,
        submitted=await copy_of(session, registration) if registration and is_submitted else None,
        returned_items=[ItemView(**item) for item in json.loads(items or "[]")],
    )


async def _problems(
    session: ReadSession, context: CommandContext, draft: Draft, holder: Holder, lang: Lang
) -> list[FieldError]:
    today = legal_date(context.clock.now())
    _, points = await draft_completeness.missing_points(session, context, draft, holder.actor, read_form, today)
    return [
        FieldError(pointer=point.pointer, place="body", code=point.code, message=say(point.message, lang))
        for point in points
    ]
