"""The reconciliation of stored objects with rows: each day of the past once a month, after its first sweep.

The comparison of hashes reads contents and takes its time; this one asks the store for its lists alone. It removes
objects that no row needs, and never touches what a row needs: one that is missing is journalled, logged and counted.
"""

from collections import Counter as Counts
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import structlog
from prometheus_client import Counter

from services.document.archives.store import waiting_keys
from services.document.files.commands.hashes import Outcome, journal_alteration
from services.document.files.domain import object_of
from services.document.objects import ObjectStore
from services.document.retention import domain
from services.document.retention.commands.sweeps import delete_with_previews
from services.document.retention.store import ends
from shared.timers import Due, Found, TimerHandler
from shared.work import Work

log = structlog.get_logger(__name__)


@dataclass
class Compared:
    """Objects of a day that rows need, those that no row needs, and documents whose object is missing or altered."""

    needed: set[str]
    matched: int = 0
    lost: dict[UUID, Outcome] = field(default_factory=dict)
    orphans: list[str] = field(default_factory=list)


RECONCILED = Counter("zairyu_document_reconciled_total", "Rows and objects compared with each other", ["finding"])


async def compare_day(work: Work, objects: ObjectStore, day: date) -> Compared:
    """Compare rows and objects of a day; what a row needs and the store lacks is journalled and logged."""
    there = await objects.sizes(f"{day.isoformat()}/")
    # Before the documents: what becomes one in between is known by either.
    waiting = await waiting_keys(work.session, list(there))
    documents = await ends.stored_on(work.session, day)
    found = Compared(needed=waiting | {document.object_key for document in documents if document.object_key})
    for document in documents:
        assert document.object_key is not None
        size = there.get(document.object_key)
        if size == document.size:
            found.matched += 1
            continue
        outcome: Outcome = "missing" if size is None else "altered"
        found.lost[document.id] = outcome
        journal_alteration(work, document, outcome)
        log.error("hashes.file_altered", document_id=str(document.id), outcome=outcome)
    found.orphans = sorted(there.keys() - found.needed)
    return found


def reconcile(objects: ObjectStore) -> TimerHandler:
    """Compare rows and objects of the days whose turn it is, and remove what no row needs."""

    async def run(work: Work, _: Due) -> Found:
        first = (await ends.sweep_bounds(work.session))[1]
        counts: Counts[str] = Counts()
        for day in domain.days_to_reconcile(first.date() if first else None, work.now.date()):
            found = await compare_day(work, objects, day)
            for key in found.orphans:
                await delete_with_previews(objects, key)
            counts.update(matched=found.matched, orphan=len(found.orphans))
            counts.update(found.lost.values())
            # A process that died while it kept a page of a file that was deleted meanwhile.
            for preview in await objects.keys(f"previews/{day.isoformat()}/"):
                if object_of(preview) not in found.needed:
                    await objects.delete(preview)
                    counts["orphan"] += 1
        findings = {finding: counts[finding] for finding in ("matched", "missing", "altered", "orphan")}
        for finding, number in findings.items():
            RECONCILED.labels(finding).inc(number)
        log.info("reconciliation.finished", **findings)
        return findings

    return run
