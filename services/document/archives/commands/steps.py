"""One step of the check of an archive: a timer that is due checks some files, in one transaction, and is set again."""

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from itertools import accumulate
from typing import Any
from uuid import UUID

from services.document.archives import store
from services.document.archives.commands.taking import STEP
from services.document.archives.domain import EntryState, State
from services.document.archives.store import ArchiveEntry
from services.document.checks.joining import named_pages
from services.document.checks.pool import Job
from services.document.files.commands.documents import Examined, Stored, Upload, record_uploads
from services.document.files.commands.spending import Bill
from services.document.files.commands.uploads import Uploads
from services.document.files.domain import Kind
from services.document.files.problems import AccountStopped, ChecksUsedUp, QuotaReached
from services.document.files.schemas import UploadResult
from services.document.files.store.documents import LeftoverObject
from services.document.objects import NoSuchObject, ObjectStore
from shared.auth import Actor
from shared.ids import new_id
from shared.timers import Due, TimerHandler, at
from shared.work import Work

# The files of a step: more where they are small, so that what a step costs itself is shared by many.
_LEAST, _MOST, _MOST_BYTES = 10, 40, 10 * 1024 * 1024
_LATER = timedelta(minutes=5)


def step(uploads: Uploads, objects: ObjectStore, at_once: int) -> TimerHandler:
    """The handler of the timer. Files go through the ordinary checks, in their owner's turn and charged to them;
    `at_once` of them are fetched, checked and stored side by side."""

    async def run(work: Work, due: Due) -> None:
        archive = await store.locked(work.session, due.subject_id)
        if archive is None:
            return
        work.actor = Actor.of_kept(archive.acts)
        entries = _some(await store.waiting(work.session, archive.id, _MOST))
        archive.changed_at = work.now
        if not entries:
            archive.state = State.CHECKED.value
            return
        try:
            await uploads.admit_check(work.actor)
        except ChecksUsedUp:
            # The owner's checks of this hour are used up: the rest is checked when there are new ones.
            await at(work.session, STEP, archive.id, work.now + _LATER)
            return
        gate = asyncio.Semaphore(at_once)
        async with uploads.charging(work.actor) as bill:
            found = await _side_by_side([_examined(work, uploads, objects, entry, gate, bill) for entry in entries])
        await _record(work, uploads, list(zip(entries, found, strict=True)))
        await at(work.session, STEP, archive.id, work.now)

    return run


def _some(entries: Sequence[ArchiveEntry]) -> list[ArchiveEntry]:
    """The first of the entries: as many as one step takes."""
    sizes = accumulate(entry.size for entry in entries)
    return [
        entry
        for number, (entry, size) in enumerate(zip(entries, sizes, strict=True))
        if number < _LEAST or size <= _MOST_BYTES
    ]


async def _side_by_side(checks: Sequence[Coroutine[Any, Any, Examined | None]]) -> list[Examined | None]:
    """Run the checks; where one fails the others are ended, and what it raised is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(check) for check in checks]  # watched: by the group
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from failed
    return [task.result() for task in tasks]


async def _examined(
    work: Work, uploads: Uploads, objects: ObjectStore, entry: ArchiveEntry, gate: asyncio.Semaphore, bill: Bill
) -> Examined | None:
    """Check one file, and store what is kept of it; None where it does not lie in the store."""
    assert entry.object_key is not None
    lies_at, kind = entry.object_key, Kind(entry.kind or "")
    async with gate:
        try:
            source = BytesIO(await objects.get(lies_at))
        except NoSuchObject:
            return None
        job = Job(kind.value, work.now)
        verdict, scan = await uploads.examine_on(bill, work.actor, "", asyncio.Event().wait, job, source, entry.size)
        name = entry.path.rpartition("/")[2]
        page_names = named_pages([name], [verdict.pages or 0]) if verdict.made_of_pictures else None
        upload = Upload(new_id(), kind, tuple(entry.codes), None, name, entry.size, entry.sha256, page_names)
        stored = await uploads.share(work.actor, upload, verdict, scan)
        if stored is None and verdict.accepted and verdict.cleaned is None:
            # It lies there already, byte for byte.
            stored = Stored(lies_at, "application/pdf", entry.size, entry.sha256, scan)
        elif stored is None:
            stored = await uploads.keep(upload, verdict, scan, source)
    # The photo's bytes are in the store by now; the row needs only their measure.
    return Examined(upload, replace(verdict, cleaned=None), stored)


async def _record(work: Work, uploads: Uploads, found: Sequence[tuple[ArchiveEntry, Examined | None]]) -> None:
    """Record each file as an upload of its own."""
    for entry, examined in found:
        if examined is None:
            _ended(entry, EntryState.REJECTED, ["entry-damaged"])
    files = list(_stored_once(work, [(entry, examined) for entry, examined in found if examined is not None]))
    results: Sequence[UploadResult | QuotaReached | AccountStopped]
    try:
        results = await record_uploads(work, [examined for _, examined in files], uploads.quota)
    except AccountStopped as stopped:
        results = [stopped] * len(files)
    for (entry, examined), result in zip(files, results, strict=True):
        lies_at, stored = entry.object_key, examined.stored
        if isinstance(result, UploadResult):
            _ended(entry, EntryState(result.status), result.problems, result.id)
        else:
            stored = None
            _ended(entry, EntryState.REJECTED, [result.code])
        if stored is None or stored.key != lies_at:
            work.session.add(LeftoverObject(object_key=lies_at, since=work.now))


def _stored_once(work: Work, files: Sequence[tuple[ArchiveEntry, Examined]]) -> Iterator[tuple[ArchiveEntry, Examined]]:
    """The files with one object for those that have the same content: that of the first. The others go."""
    first: dict[tuple[str, int, str], Stored] = {}
    for entry, examined in files:
        stored = examined.stored
        if stored is None or not examined.verdict.accepted:
            yield entry, examined
            continue
        same = first.setdefault((stored.content_type, stored.size, stored.sha256), stored)
        if stored.key not in (same.key, entry.object_key) and not stored.shared:
            work.session.add(LeftoverObject(object_key=stored.key, since=work.now))
        yield entry, replace(examined, stored=replace(stored, key=same.key, shared=same.shared))


def _ended(entry: ArchiveEntry, state: EntryState, problems: Sequence[str], document_id: UUID | None = None) -> None:
    entry.object_key = None
    entry.state, entry.problems, entry.document_id = state.value, list(problems), document_id
