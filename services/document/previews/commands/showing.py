"""Pages and text of a stored file: drawn in a confined process when they are first asked for, kept in the store.

What is kept is sealed with the key of this service, and drawn again where the seal is broken: somebody who can write to
the store could otherwise show an officer another page than the one that was filed. It goes with the file.
"""

import json
import zlib
from array import array
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from uuid import UUID

from services.document.audit import Tag
from services.document.checks.pool import CheckPool, Meter, ProcessEnded
from services.document.checks.queue import Place
from services.document.files.commands import documents as files
from services.document.files.commands.hashes import Hashes
from services.document.files.commands.scans import Scans
from services.document.files.commands.uploads import Uploads
from services.document.files.domain import (
    PREVIEW_PIXELS,
    Kind,
    PreviewSize,
    Status,
    Tickets,
    preview_key,
)
from services.document.files.store import documents
from services.document.files.store.documents import Document
from services.document.objects import NoSuchObject, ObjectStore
from services.document.previews.domain import PageText
from services.document.previews.problems import LinkOver, NoSuchPage, NotShown
from shared.auth import Actor
from shared.errors import NotFound
from shared.work import Commands, RequestIdentity, Work


@dataclass(frozen=True, slots=True)
class Asker:
    """The one who wants to see a file, with the request, and the address that it comes from."""

    actor: Actor
    mark: RequestIdentity
    address: str


_STORED = (Status.ACCEPTED, Status.REPAIRABLE)


async def open_preview(work: Work, document_id: UUID, scans: Scans, tag: Tag = Tag.VIEW) -> Document:
    """A file whose pages or text the caller sees; an officer's view is journalled. Raises as a download does."""
    document = await files.read(work, document_id, tag, copies=True)
    await scans.require_clean(work.session, document)
    return document


def pages_of(document: Document) -> int:
    """The number of pages; a photo is one."""
    return document.pages or 1


class Previews:
    """Shows pages and text of files that may be seen."""

    def __init__(
        self,
        commands: Commands,
        objects: ObjectStore,
        pool: CheckPool,
        hashes: Hashes,
        scans: Scans,
        uploads: Uploads,
        tickets: Tickets,
    ) -> None:
        self._commands = commands
        self._objects = objects
        self._pool = pool
        self._hashes = hashes
        self._scans = scans
        self._uploads = uploads
        self._tickets = tickets

    async def page(self, asker: Asker, ticket: str, number: int, size: PreviewSize) -> bytes:
        """The picture of a page, for the one whom the ticket names, in its time."""
        document = await self._document(asker.actor, ticket)
        if not 1 <= number <= pages_of(document):
            raise NoSuchPage()
        job = {"kind": "page", "content": document.kind, "number": number, "pixels": PREVIEW_PIXELS[size]}
        if size is PreviewSize.SENT:
            return await self._sent(asker, document, job | {"content": "picture"})
        return await self._kept(asker, document, f"{number}-{size}.jpg", job)

    async def _sent(self, asker: Asker, photo: Document, job: dict[str, Any]) -> bytes:
        """The whole picture that a photo was cut from. It is drawn each time: what is made of it goes with it."""
        if not photo.original_kept:
            raise NoSuchPage()
        if drawn := await self._made(asker, job, lambda: self._uploads.original(photo)):
            return drawn
        raise NotShown()

    async def text(self, asker: Asker, document: Document) -> Sequence[PageText]:
        """The text of a file, page by page; none of a photo."""
        if document.kind != Kind.PDF:
            return ()
        kept = json.loads(zlib.decompress(await self._kept(asker, document, "text", {"kind": "text"})))
        return [PageText(page, text, array("H", b64decode(places))) for page, text, places in kept]

    async def _document(self, actor: Actor, text: str) -> Document:
        ticket = self._tickets.read(text)
        if ticket is None or ticket.reader != actor.account_id or ticket.until <= self._commands.clock.now():
            raise LinkOver()
        async with self._commands.db.read() as session:
            document = await documents.find(session, ticket.document_id)
            if document is None or document.status not in _STORED:
                raise NotFound()
            await self._scans.require_clean(session, document)
        return document

    async def _kept(self, asker: Asker, document: Document, name: str, job: dict[str, Any]) -> bytes:
        """The page or text that is kept under `name`; made and kept where there is none. Raises `NotShown`."""
        assert document.object_key is not None
        key = preview_key(document.object_key, name)
        # Bound to the content and to its place: what was sealed of one page is nothing for another.
        seal = f"{document.sha256} {key}"
        try:
            content = self._tickets.unseal(seal, await self._objects.get(key))
        except NoSuchObject:
            content = None
        if content is None:
            content = await self._made(asker, job, lambda: self._hashes.read(document, asker.actor, asker.mark))
            sealed = self._tickets.seal(seal, content)
            await self._objects.put(key, BytesIO(sealed), len(sealed), "application/octet-stream")
            await self._forget_deleted(document.id, key)
        if not content:
            raise NotShown()
        return content

    async def _made(self, asker: Asker, job: dict[str, Any], read: Callable[[], Awaitable[bytes]]) -> bytes:
        """The answer of the confined process; empty where it cannot make it, which is kept as well: once is enough."""
        actor, charged = asker.actor, asker.actor.kind != "officer"
        if charged:
            await self._uploads.admit_check(actor, asker.address)
        source = await read()
        meter = Meter()
        try:
            place = Place.of_account(str(actor.account_id))
            pieces = await self._pool.ask(job, BytesIO(source), len(source), place, meter)
        except ProcessEnded:
            return b""
        finally:
            if charged:
                await self._uploads.charge(actor, asker.address, meter.seconds)
        if job["kind"] == "page":
            return pieces[0][1]
        text = [(fields["page"], fields["text"], b64encode(places).decode()) for fields, places in pieces]
        return zlib.compress(json.dumps(text, ensure_ascii=False).encode(), 1)

    async def _forget_deleted(self, document_id: UUID, key: str) -> None:
        """Remove what was just kept where its file was deleted meanwhile: what was kept of that is gone by now."""
        async with self._commands.db.read() as session:
            document = await documents.find(session, document_id)
        if document is None or document.status not in _STORED:
            await self._objects.delete(key)
