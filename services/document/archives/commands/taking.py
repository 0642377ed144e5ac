"""An archive from its first byte to its rows: unpacked in a confined process, each file stored, and all recorded."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from typing import BinaryIO
from unicodedata import normalize
from uuid import UUID

from services.document.archives import store
from services.document.archives.domain import EntryState, Named, State, named
from services.document.archives.problems import TooManyArchives
from services.document.archives.schemas import Begun, Sent
from services.document.archives.store import Archive, ArchiveEntry
from services.document.audit import Tag
from services.document.files.commands.uploads import measure
from services.document.files.domain import object_key
from services.document.objects import ObjectStore
from shared.auth import BULK_ROLES, Actor
from shared.clock import legal_date
from shared.confined.child import Child, Limits
from shared.ids import new_id
from shared.text.characters import readable
from shared.timers import at
from shared.work import Commands, RequestIdentity, Work

# The timer that is set while files of an archive wait for their check.
STEP = "archive"
# An owner's archives that are checked at the same time.
_MOST = 3
# The ZIP lies in memory beside what is unpacked of it.
_LIMITS = Limits(cpu_seconds=60, memory_mb=1024, descriptors=3)
_WALL_SECONDS = 30.0
# Most of the time of a file is spent in waiting for the store; each lies in memory until then.
_STORED_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A file of an archive; `content` is None where it has a problem."""

    path: str
    problem: str | None
    content: bytes | None


class ArchiveProblem(Exception):
    """Nothing of an archive can be used."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


async def take(commands: Commands, objects: ObjectStore, actor: Actor, mark: RequestIdentity, sent: Sent) -> Begun:
    """Unpack an archive, and have its files checked. Raises `TooManyArchives`.

    Files are stored before their rows are committed; those of a request that came twice go with the sweep.
    """
    now = commands.clock.now()
    size, digest = await asyncio.to_thread(measure, sent.source)
    archive_id, entries, problem = new_id(), list[ArchiveEntry](), None
    try:
        async with aclosing(unpacked(sent.source, size)) as files:
            entries = await _stored(objects, archive_id, files, now)
    except ArchiveProblem as refused:
        problem = refused.code

    async def record(work: Work) -> Begun:
        return await _record(work, archive_id, sent.name, size, digest, entries, problem)

    return await commands.once(actor, mark, record, Begun)


async def _stored(
    objects: ObjectStore, archive_id: UUID, files: AsyncIterator[Unpacked], now: datetime
) -> list[ArchiveEntry]:
    """Store the files as they are unpacked, some at the same time; their rows."""
    tasks: list[asyncio.Task[ArchiveEntry]] = []
    gate = asyncio.Semaphore(_STORED_AT_ONCE)
    try:
        async with asyncio.TaskGroup() as group:
            async for file in files:
                await gate.acquire()
                entry = _entry(objects, archive_id, len(tasks) + 1, file, now)
                tasks.append(group.create_task(entry))  # watched: by the group
                tasks[-1].add_done_callback(lambda _: gate.release())
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from failed
    return [task.result() for task in tasks]


async def _entry(objects: ObjectStore, archive_id: UUID, position: int, file: Unpacked, now: datetime) -> ArchiveEntry:
    path = readable(normalize("NFC", file.path))
    found = named(path, legal_date(now)) if file.problem is None else file.problem
    content = file.content if isinstance(found, Named) else None
    key = None
    if content is not None:
        key = object_key(now.astimezone(UTC).date(), new_id())
        await objects.put(key, BytesIO(content), len(content), "application/octet-stream")
    return ArchiveEntry(
        archive_id=archive_id,
        position=position,
        path=path,
        key=found.key if isinstance(found, Named) else None,
        kind=found.kind.value if isinstance(found, Named) else None,
        codes=list(found.codes) if isinstance(found, Named) else [],
        size=len(file.content or b""),
        sha256=sha256(file.content or b"").hexdigest(),
        object_key=key,
        state=(EntryState.WAITING if key else EntryState.SKIPPED).value,
        problems=[] if isinstance(found, Named) else [found],
        document_id=None,
    )


async def _record(
    work: Work,
    archive_id: UUID,
    name: str,
    size: int,
    digest: str,
    entries: Sequence[ArchiveEntry],
    problem: str | None,
) -> Begun:
    owner_id = work.actor.owner_id
    assert owner_id is not None, "tokens always carry it"
    if await store.in_progress(work.session, owner_id) >= _MOST:
        raise TooManyArchives()
    state = State.REFUSED if problem else State.CHECKING
    row = Archive(
        id=archive_id,
        owner_id=owner_id,
        roles=sorted(role.value for role in work.actor.roles & BULK_ROLES),
        acts=work.actor.kept(),
        name=name,
        size=size,
        sha256=digest,
        state=state.value,
        problem=problem,
        created_at=work.now,
        changed_at=work.now,
    )
    work.session.add(row)
    await work.session.flush()
    work.session.add_all(entries)
    work.journal("archive", archive_id, Tag.ARCHIVE, {"sha256": digest, "files": len(entries)})
    if state is State.CHECKING:
        await at(work.session, STEP, archive_id, work.now)
    return Begun(id=archive_id, state=state)


async def unpacked(source: BinaryIO, size: int) -> AsyncGenerator[Unpacked, None]:
    """The files of a ZIP. Raises `ArchiveProblem` where it is refused, breaks the process or takes more than it may."""
    child = await Child.start("services.document.checks.archive", _LIMITS)
    try:
        async with aclosing(child.ask({}, source, size)) as pieces:
            path, problem, content = None, None, bytearray()
            while True:
                async with asyncio.timeout(_WALL_SECONDS):
                    piece = await anext(pieces, None)
                fields: Mapping[str, str | None] = piece[0] if piece else {}
                if piece is None or "problem" in fields:
                    if path is not None:
                        yield Unpacked(path, problem, None if problem else bytes(content))
                    if piece is None:
                        return
                    if "path" not in fields:
                        raise ArchiveProblem(str(fields["problem"]))
                    path, problem, content = str(fields["path"]), fields["problem"], bytearray()
                else:
                    content += piece[1]
    except (TimeoutError, EOFError, ConnectionError, ValueError) as error:
        raise ArchiveProblem("archive-not-checkable") from error
    finally:
        await child.end()
