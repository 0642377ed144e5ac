"""More time for requested documents: asked for by the owner, answered by the examiner."""

from datetime import date
from uuid import UUID

from services.application.audit import Tag
from services.application.changes import store
from services.application.changes.commands.requested_documents import open_request
from services.application.changes.domain.more_time import problems
from services.application.changes.schemas import MoreTimeAsked
from services.application.progress.commands.review_events import follow
from services.application.tables import MoreTimeRequest
from shared.errors import Conflict, Invalid, Text
from shared.events.application import MoreTimeRequested
from shared.events.review import MoreTimeAgreed, MoreTimeDeclined
from shared.ids import new_id
from shared.work import Work


async def ask(work: Work, application_id: UUID, request_id: UUID, wanted_on: date, reason: str) -> MoreTimeAsked:
    """Ask the examiner for more time. Raises `Conflict` where no such request is open, or one question waits."""
    application, progress = await open_request(work, application_id, request_id)
    assert progress.due_on is not None, "a request has its day"
    if found := list(problems(wanted_on, progress.due_on, work.today)):
        raise Invalid(fields=found)
    if await store.waiting_more_time(work.session, application_id) is not None:
        raise Conflict(
            Text(
                "提出期限の延長を申出済みです。審査担当の回答をお待ちください。",
                "You have asked for more time already: wait for the examiner's answer.",
            ),
            code="already-asked",
        )
    more_time = MoreTimeRequest(
        id=new_id(),
        application_id=application_id,
        request_id=request_id,
        wanted_on=wanted_on,
        reason=reason,
        state="waiting",
        requested_at=work.now,
        requested_by=work.actor_id,
        due_on=None,
        ended_at=None,
    )
    work.session.add(more_time)
    detail = {"more_time_id": more_time.id, "request_id": request_id, "wanted_on": wanted_on}
    work.journal("application", application_id, Tag.ASK_MORE_TIME, detail)
    assert application.receipt_number is not None
    work.emit(
        MoreTimeRequested(
            application_id=application_id,
            account_id=application.account_id,
            receipt_number=application.receipt_number,
            request_id=request_id,
            more_time_id=more_time.id,
            wanted_on=wanted_on,
            requested_at=work.now,
        )
    )
    return MoreTimeAsked(
        id=application_id, more_time_id=more_time.id, request_id=request_id, wanted_on=wanted_on, asked_at=work.now
    )


async def on_agreed(work: Work, event: MoreTimeAgreed) -> None:
    """Note the new due date."""
    await follow(work, event)
    await _end(work, event.more_time_id, "agreed", Tag.MORE_TIME_AGREED, event.due_on)


async def on_declined(work: Work, event: MoreTimeDeclined) -> None:
    """Note that the day stays."""
    await follow(work, event)
    await _end(work, event.more_time_id, "declined", Tag.MORE_TIME_DECLINED)


async def _end(work: Work, more_time_id: UUID, state: str, tag: Tag, due_on: date | None = None) -> None:
    """Note the answer. One that crossed the documents is noted as well: it was given before they arrived."""
    more_time = await store.more_time(work.session, more_time_id)
    if more_time is not None and more_time.state in ("waiting", "lapsed"):
        more_time.state, more_time.due_on, more_time.ended_at = state, due_on, work.now
        work.journal("application", more_time.application_id, tag, {"more_time_id": more_time_id})
