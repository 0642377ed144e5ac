"""Sweeps over applications: forgotten drafts, and applications that review has not seen."""

from datetime import timedelta

from prometheus_client import Gauge

from services.application.audit import Tag
from services.application.filing import store
from shared.work import Work

DRAFTS_WAITING = Gauge("zairyu_application_drafts_untouched", "Drafts past the time after which they are marked")
UNSEEN = Gauge("zairyu_application_unseen", "Received applications that review has not started within the time allowed")
UNSEEN_SECONDS = Gauge("zairyu_application_unseen_seconds", "How long the oldest of those has been received")
_BATCH = 200


async def mark_forgotten_drafts(work: Work, after: timedelta) -> int:
    """Mark drafts that nobody touched for `after`, once for each pause; returns how many."""
    drafts = await store.forgotten_drafts(work.session, work.now - after, _BATCH)
    for draft in drafts:
        draft.reminded_at = work.now
        work.journal("application", draft.id, Tag.REMIND)
    await work.session.flush()
    DRAFTS_WAITING.set(await store.count_forgotten_drafts(work.session, work.now - after))
    return len(drafts)


async def delete_untouched_drafts(work: Work, after: timedelta) -> int:
    """Delete drafts that were begun and never touched again; returns how many. Drafts that were worked on stay."""
    drafts = await store.untouched_drafts(work.session, work.now - after, _BATCH)
    for draft in drafts:
        await work.session.delete(draft)
        work.journal("application", draft.id, Tag.DELETE_DRAFT)
    return len(drafts)


async def measure_unseen(work: Work, after: timedelta) -> int:
    """Count received applications of which review has reported nothing for `after`.

    The case opens by an event, which is in the outbox or the log: nothing is lost, but somebody should look at the
    relay or at review's consumer.
    """
    count, oldest = await store.unseen(work.session, work.now - after)
    UNSEEN.set(count)
    UNSEEN_SECONDS.set((work.now - oldest).total_seconds() if oldest else 0)
    return count
