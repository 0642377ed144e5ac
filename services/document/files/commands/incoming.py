"""Files that come in parts: begun, sent to the store part by part, and taken as an upload when all of it is there.

The browser sends parts straight to the store, by forms that the store checks: one key, one size. The store is asked
what has arrived, so that after a break only what is missing is sent again (docs/decisions/0520).
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from hashlib import sha256
from tempfile import TemporaryFile
from typing import BinaryIO, cast
from uuid import UUID

from services.document.files.commands.documents import for_one_record
from services.document.files.domain import (
    INCOMING_LIFETIME,
    MOST_INCOMING,
    TICKET_LIFETIME,
    clean_name,
    incoming_prefix,
    part_key,
    part_sizes,
)
from services.document.files.problems import OneRecordAlone, PartsDiffer, PartsMissing
from services.document.files.schemas import Begun, Done, IncomingBody, MissingPart, NewIncoming, Sent, UploadResult
from services.document.files.store import documents, incoming
from services.document.files.store.incoming import IncomingFile
from services.document.objects import NoSuchObject, ObjectStore, StoreUnavailable
from shared.auth import Actor, Owner
from shared.errors import NotFound
from shared.ids import new_id
from shared.timers import Due, TimerHandler
from shared.work import Commands, Work

_BATCH = 100


async def begin(work: Work, asked: NewIncoming) -> Begun:
    """Begin to send a file, or go on with the same content. Of an owner's open files the oldest makes room.

    Raises `OneRecordAlone` for somebody without an account.
    """
    if for_one_record(work.actor):
        raise OneRecordAlone()
    owner = Owner.of(work.actor)
    await documents.lock_owner(work.session, owner.id)
    there = await incoming.open_of(work.session, owner, work.now)
    for row in there:
        if (row.sha256, row.size, row.roles) == (asked.sha256, asked.size, owner.role_codes):
            return Begun(id=row.id)
    for row in there[: max(len(there) + 1 - MOST_INCOMING, 0)]:
        row.ends_at = work.now
    row = IncomingFile(
        id=new_id(),
        owner_id=owner.id,
        roles=owner.role_codes,
        file_name=clean_name(asked.file_name),
        size=asked.size,
        sha256=asked.sha256,
        created_at=work.now,
        ends_at=work.now + INCOMING_LIFETIME,
        document_id=None,
    )
    work.session.add(row)
    return Begun(id=row.id)


async def give_up(work: Work, upload_id: UUID) -> Done:
    """End a file on its way; its parts go with the next round of the job."""
    row = await incoming.own(work.session, Owner.of(work.actor), upload_id, work.now, lock=True)
    if row is None:
        raise NotFound()
    row.ends_at = work.now
    return Done()


class Incoming:
    """Reads files on their way from the store."""

    def __init__(self, commands: Commands, objects: ObjectStore) -> None:
        self._commands = commands
        self._objects = objects

    async def find(self, actor: Actor, upload_id: UUID) -> IncomingFile:
        """The actor's file on its way. Raises `NotFound`."""
        async with self._commands.db.read() as session:
            row = await incoming.own(session, Owner.of(actor), upload_id, self._commands.clock.now())
        if row is None:
            raise NotFound()
        return row

    async def state(self, row: IncomingFile) -> IncomingBody:
        """The parts that are missing, with forms for them. None is missing of a file that was taken."""
        prefix = incoming_prefix(row.id)
        there = {} if row.document_id else await self._objects.sizes(prefix)
        missing, url, offset = [], self._objects.address, 0
        for number, size in enumerate([] if row.document_id else part_sizes(row.size)):
            key = part_key(row.id, number)
            if there.get(key) != size:
                fields = await self._objects.ticket(key, size, TICKET_LIFETIME)
                missing.append(MissingPart(number=number, offset=offset, size=size, fields=fields))
            offset += size
        return IncomingBody(
            id=row.id,
            size=row.size,
            received=row.size - sum(part.size for part in missing),
            url=url,
            seconds=int(TICKET_LIFETIME.total_seconds()),
            missing=missing,
            ends_at=row.ends_at,
            document_id=row.document_id,
        )

    async def result(self, row: IncomingFile) -> UploadResult | None:
        """The outcome of a file that was taken before."""
        async with self._commands.db.read() as session:
            document = await incoming.document_of(session, row)
        return UploadResult.of(document) if document else None

    async def fetch(self, row: IncomingFile) -> Sent:
        """The whole file. Raises `PartsMissing`, and `PartsDiffer` where it is not what was announced."""
        source = cast(BinaryIO, TemporaryFile())  # noqa: SIM115 - goes with its last reference, as an upload's does
        digest = sha256()
        for number, size in enumerate(part_sizes(row.size)):
            try:
                content = await self._objects.get(part_key(row.id, number))
            except NoSuchObject:
                raise PartsMissing() from None
            if len(content) != size:
                raise PartsMissing()
            digest.update(content)
            source.write(content)
        if digest.hexdigest() != row.sha256:
            await self.remove_parts(row)
            raise PartsDiffer()
        return Sent(source, row.file_name, row.id)

    async def remove_parts(self, row: IncomingFile) -> None:
        """Remove what arrived of a file; where the store is away, the job does it later."""
        with suppress(StoreUnavailable):
            for key in await self._objects.keys(incoming_prefix(row.id)):
                await self._objects.delete(key)


async def taken_once(
    work: Work, upload_ids: Sequence[UUID], take: Callable[[], Awaitable[UploadResult]]
) -> UploadResult:
    """Make a document, of files on their way where `upload_ids` names some; the one that was made before where two
    asked for it."""
    rows = []
    # In one order, so that two requests never wait for each other.
    for upload_id in sorted(upload_ids):
        row = await incoming.own(work.session, Owner.of(work.actor), upload_id, work.now, lock=True)
        if row is None:
            raise NotFound()
        document = await incoming.document_of(work.session, row)
        if document is not None:
            return UploadResult.of(document)
        rows.append(row)
    result = await take()
    await work.session.flush()
    for row in rows:
        row.document_id = result.id
    return result


def remove_incoming(objects: ObjectStore) -> TimerHandler:
    """Remove the parts of files whose time is over, and parts that belong to none.

    A part is sent by a form that is given out once its row is committed, so one without a row came too late.
    """

    async def run(work: Work, _: Due) -> None:
        over = await incoming.over(work.session, work.now, _BATCH)
        for row in over:
            for key in await objects.keys(incoming_prefix(row.id)):
                await objects.delete(key)
            await work.session.delete(row)
        await work.session.flush()
        keys = await objects.keys(incoming_prefix(None))
        owners = {key: UUID(key.split("/")[1]) for key in keys}
        known = await incoming.known(work.session, set(owners.values()))
        for key, upload_id in owners.items():
            if upload_id not in known:
                await objects.delete(key)

    return run
