"""The comparison of a stored file with its hash, before it leaves the store and now and then in between.

The whole content is read and digested: a person who can write to the store past its S3 interface can also write the
sums that the store keeps of it, so what the store says about a file proves nothing.
"""

import asyncio
from hashlib import sha256
from typing import Literal, NoReturn

import structlog
from prometheus_client import Counter, Gauge

from services.document.audit import Tag
from services.document.files.problems import FileAltered
from services.document.files.store import hash_rounds
from services.document.files.store.documents import Document
from services.document.objects import NoSuchObject, ObjectStore
from shared.auth import Actor
from shared.timers import Due, TimerHandler
from shared.work import Commands, RequestIdentity, Work

log = structlog.get_logger(__name__)

COMPARED = Counter("zairyu_document_hashes_compared_total", "Stored files compared with their hashes", ["outcome"])

Outcome = Literal["same", "altered", "missing"]

# Each reads up to 25 MB from the store.
_AT_ONCE = 4


class Hashes:
    """Compares stored files with the hashes in their rows."""

    def __init__(self, commands: Commands, objects: ObjectStore) -> None:
        self._commands = commands
        self._objects = objects
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def require(self, document: Document, actor: Actor, mark: RequestIdentity) -> None:
        """Raises `FileAltered` where the stored content is not the document's; the journal keeps it, and who asked."""
        outcome = await self.outcome(document)
        if outcome != "same":
            await self._refuse(document, outcome, actor, mark)

    async def read(self, document: Document, actor: Actor, mark: RequestIdentity) -> bytes:
        """The stored content, which is the document's; else as `require`."""
        assert document.object_key is not None
        try:
            async with self._places:
                content = await self._objects.get(document.object_key)
        except NoSuchObject:
            outcome: Outcome = "missing"
        else:
            digest = (await asyncio.to_thread(sha256, content)).hexdigest()
            outcome = "same" if (len(content), digest) == (document.size, document.sha256) else "altered"
        _report(document, outcome)
        if outcome != "same":
            await self._refuse(document, outcome, actor, mark)
        return content

    async def _refuse(self, document: Document, outcome: Outcome, actor: Actor, mark: RequestIdentity) -> NoReturn:
        async with self._commands.work(actor, mark) as work:
            journal_alteration(work, document, outcome)
        raise FileAltered()

    async def outcome(self, document: Document) -> Outcome:
        """Compare what is stored of `document` with its size and hash; log a difference. Raises `StoreUnavailable`."""
        assert document.object_key is not None
        assert document.size is not None
        try:
            async with self._places:
                size, digest = await self._objects.digest(document.object_key, document.size)
        except NoSuchObject:
            outcome: Outcome = "missing"
        else:
            outcome = "same" if (size, digest) == (document.size, document.sha256) else "altered"
        _report(document, outcome)
        return outcome


def _report(document: Document, outcome: Outcome) -> None:
    COMPARED.labels(outcome).inc()
    if outcome != "same":
        log.error("hashes.file_altered", document_id=str(document.id), outcome=outcome)


def journal_alteration(work: Work, document: Document, outcome: Outcome) -> None:
    """Write the journal line of a file whose content is not what was stored."""
    work.journal("document", document.id, Tag.ALTERED, {"outcome": outcome})


ROUND = Gauge("zairyu_document_hash_round_ended_seconds", "When all stored files had last been compared, Unix time")
# A round of the comparison reads at most so many files and bytes (a second or two of the store's and of a core).
_COMPARED, _COMPARED_BYTES = 200, 200 * 1024 * 1024


def compare_hashes(hashes: Hashes) -> TimerHandler:
    """Compare stored files with their hashes, a part each round, and begin again when all are done.

    What was altered is journalled each time it is met, and counted; it is never handed out (`hashes.py`).
    """

    async def run(work: Work, _: Due) -> None:
        progress = await hash_rounds.hash_round(work.session, work.now)
        documents = await hash_rounds.stored_after(work.session, progress.after, _COMPARED)
        read = 0
        for document in documents:
            outcome = await hashes.outcome(document)
            if outcome != "same":
                journal_alteration(work, document, outcome)
            progress.after = document.id
            read += document.size or 0
            if read >= _COMPARED_BYTES:
                return
        if len(documents) < _COMPARED:
            progress.after, progress.since = None, work.now
            ROUND.set(work.now.timestamp())

    return run
