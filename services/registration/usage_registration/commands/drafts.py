"""Writing a usage registration (利用申出) over days and devices, before there is any account."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.registration.accounts.schemas.answers import Nothing
from services.registration.audit import Tag
from services.registration.authentication.commands.rate_limits import mail_goes_through
from services.registration.context import CommandContext, secret_digest
from services.registration.usage_registration.commands import submissions
from services.registration.usage_registration.commands.corrections import close
from services.registration.usage_registration.commands.draft_completeness import ReadForm, missing_points
from services.registration.usage_registration.commands.draft_links import send_link
from services.registration.usage_registration.domain.draft import DeletedBy, DraftState, kept_until
from services.registration.usage_registration.problems import DraftNotFound, DraftSubmitted
from services.registration.usage_registration.schemas.decisions import Submitted
from services.registration.usage_registration.schemas.drafts import Saved
from services.registration.usage_registration.store import drafts, usage_registrations
from services.registration.usage_registration.store.drafts import Draft
from shared import timers
from shared.auth import Actor, for_oneself
from shared.db import ReadSession
from shared.errors import FieldProblem, Invalid, Text
from shared.events.registration_drafts import UsageRegistrationDraftDeleted
from shared.ids import new_id
from shared.languages import Lang
from shared.timers import Due, TimerHandler
from shared.work import Work

KIND = "draft-begin"
Expected = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Holder:
    """The holder of a draft: a caller with the key of a link, or a signed-in user."""

    actor: Actor
    key: str | None


async def ask_by_mail(work: Work, context: CommandContext, email: str, language: Lang, role: str | None) -> Nothing:
    """Note that a draft is wanted. A job begins it (`handler`): the response reveals by neither word nor time which
    address got mails before."""
    draft_id = new_id()
    given = {"email": email, "language": language} | ({"role": role} if role else {})
    sealed = {name: context.vault.seal(value) for name, value in given.items()}
    await timers.at(work.session, KIND, draft_id, work.now, sealed)
    work.journal("usage_registration", draft_id, Tag.DRAFT_ASK)
    return Nothing()


def handler(context: CommandContext) -> TimerHandler:
    """The timer that begins a draft for the person who reads the mail that goes out with it.

    An address that got too many mails gets none, and no draft.
    """

    async def begin_by_mail(work: Work, due: Due) -> None:
        given = {name: context.vault.open(sealed) for name, sealed in due.data.items()}
        email = given["email"]
        if not await mail_goes_through(work.session, context, email, work.now):
            return
        draft = _new(work, given["language"], given.get("role"), email=email, draft_id=due.subject_id)
        work.session.add(draft)
        await work.session.flush()
        work.journal("usage_registration", draft.id, Tag.DRAFT_BEGIN)
        send_link(work, context, draft, email)

    return begin_by_mail


async def begin(work: Work, context: CommandContext, language: Lang, role: str | None) -> Saved:
    """Begin a draft of the person who has signed in: it will lead to one more membership."""
    assert work.actor.id is not None
    draft = _new(work, language, role, account_id=work.actor.id)
    work.session.add(draft)
    work.journal("usage_registration", draft.id, Tag.DRAFT_BEGIN)
    return saved(context, draft)


async def held(session: ReadSession, draft_id: UUID, holder: Holder, now: datetime) -> Draft:
    """The draft, for its holder. Raises `DraftNotFound`."""
    return await _theirs(session, await drafts.draft(session, draft_id), holder, now)


async def save(
    work: Work, context: CommandContext, draft_id: UUID, holder: Holder, content: Mapping[str, Any], expected: Expected
) -> Saved:
    """Replace what was entered, however incomplete. `expected` raises where the caller has read an older revision."""
    draft = await _open(work, draft_id, holder)
    expected(draft.revision)
    draft.content = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    draft.language = content.get("language") or draft.language
    draft.touched_at, draft.reminded_at = work.now, None
    draft.revision += 1
    work.journal("usage_registration", draft.id, Tag.DRAFT_SAVE)
    return saved(context, draft)


async def submit(work: Work, context: CommandContext, draft_id: UUID, holder: Holder, read_form: ReadForm) -> Submitted:
    """Submit it, by the same rules as a usage registration that comes in one piece. Again, the answer is the same.

    What was returned is submitted again under its receipt number.
    """
    draft = await _theirs(work.session, await drafts.locked(work.session, draft_id), holder, work.now)
    registration = await usage_registrations.usage_registration(work.session, draft.id)
    if draft.state == DraftState.SUBMITTED:
        assert registration is not None
        return submissions.answer_of(registration, work.actor)
    submission, problems = await missing_points(work.session, context, draft, work.actor, read_form, work.today)
    if problems or submission is None:
        raise Invalid(fields=problems)
    if registration is not None:
        return await submissions.resubmit(work, context, draft.id, registration.receipt_number, submission)
    close(work, draft)
    return await submissions.submit(work, context, submission, draft.id)


async def delete(work: Work, draft_id: UUID, holder: Holder) -> Nothing:
    """Delete it with all that was entered and uploaded."""
    await remove(work, await _open(work, draft_id, holder), DeletedBy.WRITER)
    return Nothing()


async def remove(work: Work, draft: Draft, why: DeletedBy) -> None:
    """The draft is gone; its files go with it, unless it was submitted."""
    work.journal("usage_registration", draft.id, Tag.DRAFT_DELETE, {"reason": why.value})
    if draft.state == DraftState.OPEN:
        work.emit(
            UsageRegistrationDraftDeleted(usage_registration_id=draft.id, reason_code=why.value, deleted_at=work.now)
        )
    await drafts.remove(work.session, draft)


def content_of(draft: Draft) -> Mapping[str, Any]:
    """The entered content; empty once it was submitted."""
    content: Mapping[str, Any] = json.loads(draft.content or "{}")
    return content


def role_of(draft: Draft) -> str:
    """The user class that was chosen. Raises `Invalid` before there is one."""
    role: str | None = content_of(draft).get("role")
    if role is None:
        text = Text("先に利用者区分を選び、保存してください", "Choose a user class first, and save")
        raise Invalid(fields=[FieldProblem("/role", "required", text)])
    return role


def saved(context: CommandContext, draft: Draft) -> Saved:
    """The answer to a draft's writer after a change."""
    until = kept_until(draft.touched_at, draft.reminded_at, context.settings.draft_kept_for)
    return Saved(id=draft.id, revision=draft.revision, touched_at=draft.touched_at, kept_until=until)


def _new(
    work: Work,
    language: str,
    role: str | None,
    *,
    email: str | None = None,
    account_id: UUID | None = None,
    draft_id: UUID | None = None,
) -> Draft:
    return Draft(
        id=draft_id or new_id(),
        account_id=account_id,
        email=email,
        language=language,
        state=DraftState.OPEN.value,
        content=json.dumps({"role": role} if role else {}),
        created_at=work.now,
        touched_at=work.now,
        reminded_at=None,
        revision=1,
    )


async def _open(work: Work, draft_id: UUID, holder: Holder) -> Draft:
    draft = await _theirs(work.session, await drafts.locked(work.session, draft_id), holder, work.now)
    if draft.state != DraftState.OPEN:
        raise DraftSubmitted()
    return draft


async def _theirs(session: ReadSession, draft: Draft | None, holder: Holder, now: datetime) -> Draft:
    if draft is None:
        raise DraftNotFound()
    if draft.account_id is not None:
        mine = for_oneself(holder.actor) and holder.actor.id == draft.account_id
    else:
        key = holder.key
        mine = key is not None and await drafts.has_link(session, draft.id, secret_digest(key), now)
    if not mine:
        raise DraftNotFound()
    return draft
