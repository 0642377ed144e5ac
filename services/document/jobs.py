"""What the clock starts: deleting files that nobody filed or needs any more, and objects that have no row."""

from datetime import datetime, timedelta

from prometheus_client import Counter, Gauge
from sqlalchemy import func, select

from services.document import domain, store
from services.document.audit import Tag
from services.document.commands import remove
from services.document.domain import DeleteReason
from services.document.hashes import Hashes, enter
from services.document.objects import ObjectStore
from services.document.settings import Settings
from services.document.store import LeftoverObject, SweptDay
from shared.timers import Due, Job, TimerHandler
from shared.work import Work

LEFTOVER = Gauge("zairyu_document_leftover_objects_oldest_seconds", "Age of the oldest file still to be removed")
ORPHANS = Counter("zairyu_document_orphan_objects_total", "Objects without a row that were removed")

ROUND = Gauge("zairyu_document_hash_round_ended_seconds", "When all stored files had last been compared, Unix time")

_BATCH = 500
_CHUNK = 1000
_SPENDING_KEPT = timedelta(days=1)
# A round of the comparison reads at most so many files and bytes (a second or two of the store's and of a core).
_COMPARED, _COMPARED_BYTES = 200, 200 * 1024 * 1024


def jobs(settings: Settings, objects: ObjectStore, hashes: Hashes) -> list[Job]:
    """The recurring jobs of this service."""
    return [
        Job("expire_documents", timedelta(minutes=10), expire(settings)),
        Job("remove_leftover_objects", timedelta(minutes=1), remove_leftovers(objects)),
        Job("sweep_orphan_objects", timedelta(hours=1), sweep_orphans(objects)),
        Job("compare_hashes", timedelta(minutes=10), compare_hashes(hashes)),
    ]


def expire(settings: Settings) -> TimerHandler:
    """Delete files that were never filed, and those of applications and registrations that ended long enough ago.

    A batch a round; the round comes often enough for any site.
    """

    async def run(work: Work, _: Due) -> None:
        before = domain.unfiled_since(work.now, settings.unfiled_days)
        for document in await store.never_filed(work.session, before, _BATCH):
            remove(work, document, DeleteReason.NEVER_FILED, Tag.EXPIRE)
        applications = _before(work.now, settings.closed_days)
        registrations = _before(work.now, settings.registration_days)
        for document in await store.of_closed(work.session, applications, registrations, _BATCH):
            remove(work, document, DeleteReason.RETENTION_OVER, Tag.EXPIRE)
        await store.forget_spending(work.session, work.now - _SPENDING_KEPT)

    return run


def _before(now: datetime, days: int | None) -> datetime | None:
    return None if days is None else now - timedelta(days=days)


def remove_leftovers(objects: ObjectStore) -> TimerHandler:
    """Remove the objects of deleted files. Removing twice does no harm, so the store goes first and the row second."""

    async def run(work: Work, _: Due) -> None:
        oldest = await work.session.scalar(select(func.min(LeftoverObject.since)))
        LEFTOVER.set((work.now - oldest).total_seconds() if oldest else 0)
        for leftover in await store.leftovers(work.session, _BATCH):
            await objects.delete(leftover.object_key)
            await work.session.delete(leftover)

    return run


def sweep_orphans(objects: ObjectStore) -> TimerHandler:
    """Remove objects that were stored but whose row was never committed (a crash, a lost connection).

    Day by day, from the oldest not done: it heals after an outage, and never looks at an upload still on its way.
    """

    async def run(work: Work, _: Due) -> None:
        last, first = await store.sweep_bounds(work.session)
        # The day before the first row: an upload just before midnight may have left its object there.
        first_day = first.date() - timedelta(days=1) if first else None
        for day in domain.days_to_sweep(last, first_day, work.now.date()):
            removed = 0
            keys = await objects.keys(f"{day.isoformat()}/")
            for start in range(0, len(keys), _CHUNK):
                chunk = keys[start : start + _CHUNK]
                kept = await store.kept_keys(work.session, chunk)
                for key in chunk:
                    if key not in kept:
                        await objects.delete(key)
                        removed += 1
            work.session.add(SweptDay(day=day, swept_at=work.now, removed=removed))
            ORPHANS.inc(removed)

    return run


def compare_hashes(hashes: Hashes) -> TimerHandler:
    """Compare stored files with their hashes, a part each round, and begin again when all are done.

    What was altered is journalled each time it is met, and counted; it is never handed out (`hashes.py`).
    """

    async def run(work: Work, _: Due) -> None:
        progress = await store.hash_round(work.session, work.now)
        documents = await store.stored_after(work.session, progress.after, _COMPARED)
        read = 0
        for document in documents:
            outcome = await hashes.outcome(document)
            if outcome != "same":
                enter(work, document, outcome)
            progress.after = document.id
            read += document.size or 0
            if read >= _COMPARED_BYTES:
                return
        if len(documents) < _COMPARED:
            progress.after, progress.since = None, work.now
            ROUND.set(work.now.timestamp())

    return run
