"""What the clock starts: forgotten drafts, and applications that review has not seen."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from prometheus_client import Gauge
from sqlalchemy import Select, func, select

from services.application.audit import Tag
from services.application.settings import Settings
from services.application.store import Application, Progress
from shared.timers import Due, Job
from shared.work import Work

DRAFTS_WAITING = Gauge("zairyu_application_drafts_untouched", "Drafts past the time after which they are marked")
UNSEEN = Gauge("zairyu_application_unseen", "Received applications that review has not started within the time allowed")
UNSEEN_SECONDS = Gauge("zairyu_application_unseen_seconds", "How long the oldest of those has been received")
_BATCH = 200


def jobs(settings: Settings) -> Sequence[Job]:
    """The recurring jobs. Each finds what is due from the rows themselves, so an outage is made up for."""

    async def remind(work: Work, _: Due) -> None:
        await mark_forgotten_drafts(work, timedelta(days=settings.draft_reminder_days))

    async def delete(work: Work, _: Due) -> None:
        await delete_untouched_drafts(work, timedelta(days=settings.untouched_draft_days))

    async def look(work: Work, _: Due) -> None:
        await measure_unseen(work, timedelta(minutes=settings.unseen_minutes))

    return (
        Job("remind-drafts", timedelta(hours=1), remind),
        Job("delete-untouched-drafts", timedelta(hours=1), delete),
        Job("unseen-applications", timedelta(minutes=1), look),
    )


async def mark_forgotten_drafts(work: Work, after: timedelta) -> int:
    """Mark drafts that nobody touched for `after`, once for each pause; how many were marked."""
    due = (Application.state == "draft", Application.updated_at <= work.now - after, Application.reminded_at.is_(None))
    drafts = await work.session.scalars(_batch(select(Application).where(*due).order_by(Application.updated_at)))
    count = 0
    for draft in drafts.all():
        draft.reminded_at = work.now
        work.journal("application", draft.id, Tag.REMIND)
        count += 1
    await work.session.flush()
    DRAFTS_WAITING.set(await work.session.scalar(select(func.count()).select_from(Application).where(*due)) or 0)
    return count


async def delete_untouched_drafts(work: Work, after: timedelta) -> int:
    """Delete drafts that were begun and never touched again; how many. Drafts that were worked on stay."""
    due = (Application.state == "draft", Application.updated_at <= work.now - after, Application.revision == 1)
    drafts = await work.session.scalars(_batch(select(Application).where(*due).order_by(Application.updated_at)))
    count = 0
    for draft in drafts.all():
        await work.session.delete(draft)
        work.journal("application", draft.id, Tag.DELETE_DRAFT)
        count += 1
    return count


async def measure_unseen(work: Work, after: timedelta) -> int:
    """Count received applications of which review has told nothing for `after`. The case opens by an event, which is
    in the outbox or the log: nothing is lost, but somebody should look at the relay or at review's consumer."""
    late = (
        select(func.count(), func.min(Application.submitted_at))
        .outerjoin(Progress, Progress.application_id == Application.id)
        .where(
            Application.state == "received",
            Application.submitted_at <= work.now - after,
            Progress.application_id.is_(None),
        )
    )
    count, oldest = (await work.session.execute(late)).one()
    UNSEEN.set(count)
    UNSEEN_SECONDS.set((work.now - oldest).total_seconds() if oldest else 0)
    return int(count)


def _batch(query: Select[Any]) -> Select[Any]:
    return query.limit(_BATCH).with_for_update(skip_locked=True)
