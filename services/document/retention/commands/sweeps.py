"""Sweeps: files that nobody filed or needs any more, and objects that have no row."""

from datetime import datetime, timedelta

from prometheus_client import Counter, Gauge

from services.document.archives.store import forget_before, waiting_keys
from services.document.audit import Tag
from services.document.files.commands.documents import decline_copy, remove
from services.document.files.domain import COPY_WAITS, DeleteReason, preview_prefix
from services.document.files.store import spending
from services.document.objects import ObjectStore
from services.document.retention import domain
from services.document.retention.store import ends
from services.document.retention.store.ends import SweptDay
from services.document.settings import Settings
from shared.timers import Due, TimerHandler
from shared.work import Work

LEFTOVER = Gauge("zairyu_document_leftover_objects_oldest_seconds", "Age of the oldest file still to be removed")
ORPHANS = Counter("zairyu_document_orphan_objects_total", "Objects without a row that were removed")

_BATCH = 500
_CHUNK = 1000
_SPENDING_KEPT = timedelta(days=1)


def expire(settings: Settings) -> TimerHandler:
    """Delete files that were never filed, and those of applications and registrations that ended long enough ago; give
    up repaired copies that nobody took.

    A batch a round; the round comes often enough for any site.
    """

    async def run(work: Work, _: Due) -> None:
        before = domain.unfiled_since(work.now, settings.unfiled_days)
        for document in await ends.never_filed(work.session, before, _BATCH):
            await remove(work, document, DeleteReason.NEVER_FILED, Tag.EXPIRE)
        applications = _before(work.now, settings.closed_days)
        registrations = _before(work.now, settings.registration_days)
        for document in await ends.of_closed(work.session, applications, registrations, _BATCH):
            await remove(work, document, DeleteReason.RETENTION_OVER, Tag.EXPIRE)
        for document in await ends.copies_before(work.session, work.now - COPY_WAITS, _BATCH):
            await decline_copy(work, document)
        await spending.forget_spending(work.session, work.now - _SPENDING_KEPT)
        await forget_before(work.session, before)

    return run


def _before(now: datetime, days: int | None) -> datetime | None:
    return None if days is None else now - timedelta(days=days)


def remove_leftovers(objects: ObjectStore) -> TimerHandler:
    """Remove the objects of deleted files, with all that was made of them; the journal says when.

    Removing twice does no harm, so the store goes first and the row second."""

    async def run(work: Work, _: Due) -> None:
        oldest = await ends.oldest_leftover(work.session)
        LEFTOVER.set((work.now - oldest).total_seconds() if oldest else 0)
        leftovers = await ends.leftovers(work.session, _BATCH)
        # Two files may have the same object: it goes with the last of them.
        needed = await ends.kept_keys(work.session, [leftover.object_key for leftover in leftovers])
        for leftover in leftovers:
            if leftover.object_key not in needed:
                await delete_with_previews(objects, leftover.object_key)
                for document in await ends.deleted_with(work.session, leftover.object_key):
                    document.purged_at = work.now
                    work.journal("document", document.id, Tag.PURGE)
            await work.session.delete(leftover)

    return run


async def delete_with_previews(objects: ObjectStore, key: str) -> None:
    """Delete a stored file, and before it what was drawn and read of it: of what is there still, it can be known."""
    for preview in await objects.keys(preview_prefix(key)):
        await objects.delete(preview)
    await objects.delete(key)


def sweep_orphans(objects: ObjectStore) -> TimerHandler:
    """Remove objects that were stored but whose row was never committed (a crash, a lost connection).

    Day by day, from the oldest not done: it heals after an outage, and never looks at an upload still on its way.
    """

    async def run(work: Work, _: Due) -> None:
        last, first = await ends.sweep_bounds(work.session)
        # The day before the first row: an upload just before midnight may have left its object there.
        first_day = first.date() - timedelta(days=1) if first else None
        for day in domain.days_to_sweep(last, first_day, work.now.date()):
            removed = 0
            keys = await objects.keys(f"{day.isoformat()}/")
            for start in range(0, len(keys), _CHUNK):
                chunk = keys[start : start + _CHUNK]
                # Files of archives first: one that becomes a document in between is known by either.
                kept = await waiting_keys(work.session, chunk) | await ends.kept_keys(work.session, chunk)
                for key in chunk:
                    if key not in kept:
                        await delete_with_previews(objects, key)
                        removed += 1
            work.session.add(SweptDay(day=day, swept_at=work.now, removed=removed))
            ORPHANS.inc(removed)

    return run
