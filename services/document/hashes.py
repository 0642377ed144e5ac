"""The comparison of a stored file with its hash, before it leaves the store and now and then in between.

The whole content is read and digested: a person who can write to the store past its S3 interface can also write the
sums that the store keeps of it, so what the store says about a file proves nothing.
"""

import asyncio
from typing import Literal

import structlog
from prometheus_client import Counter

from services.document.audit import Tag
from services.document.objects import NoSuchObject, ObjectStore
from services.document.store import Document
from shared.auth import Actor
from shared.errors import Conflict, Text
from shared.work import Commands, RequestIdentity, Work

log = structlog.get_logger(__name__)

COMPARED = Counter("zairyu_document_hashes_compared_total", "Stored files compared with their hashes", ["outcome"])

Outcome = Literal["same", "altered", "missing"]

# Each reads up to 25 MB from the store.
_AT_ONCE = 4


class FileAltered(Conflict):
    """The stored content differs from the content that was checked. It is not served."""

    code = "file-altered"
    title = Text("保管中のファイルを開けません", "The stored file cannot be opened")

    def __init__(self) -> None:
        super().__init__(
            Text(
                "保管中のファイルが、受け付けた時の内容と一致しません。安全のため開くことができません。運用担当者に記録"
                "されました。お急ぎの場合は、窓口に連絡するか、未提出のときはファイルを送信し直してください。",
                "The stored file is not the one that was accepted, so it is not opened. The operators have a record of "
                "this. If you need it now, contact the office, or send the file again if it was not filed yet.",
            )
        )


class Hashes:
    """Compares stored files with the hashes in their rows."""

    def __init__(self, commands: Commands, objects: ObjectStore) -> None:
        self._commands = commands
        self._objects = objects
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def require(self, document: Document, actor: Actor, mark: RequestIdentity) -> None:
        """Raises `FileAltered` where the stored content is not the document's; the journal keeps it, and who asked."""
        outcome = await self.outcome(document)
        if outcome == "same":
            return
        async with self._commands.work(actor, mark) as work:
            enter(work, document, outcome)
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
        COMPARED.labels(outcome).inc()
        if outcome != "same":
            log.error("hashes.file_altered", document_id=str(document.id), outcome=outcome)
        return outcome


def enter(work: Work, document: Document, outcome: Outcome) -> None:
    """The journal line of a file that is not what was stored."""
    work.journal("document", document.id, Tag.ALTERED, {"outcome": outcome})
