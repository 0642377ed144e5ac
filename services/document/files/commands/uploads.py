"""An upload from its first byte to its verdict: read, digest, check, store, record."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC
from hashlib import sha256
from io import BytesIO
from typing import BinaryIO
from uuid import UUID

import structlog

from services.document.checks.catalogue import Severity
from services.document.checks.crops import Part
from services.document.checks.joining import moved, named_pages, together
from services.document.checks.limits import PDF_IMPROVED_PAGES
from services.document.checks.pool import Checker, Job, Meter
from services.document.checks.queue import Place
from services.document.checks.verdict import Finding, Verdict
from services.document.files.commands.documents import (
    SharedGone,
    Stored,
    Upload,
    for_one_record,
    owner_of,
    quota_of,
    record_upload,
)
from services.document.files.commands.hashes import Hashes
from services.document.files.commands.incoming import taken_once
from services.document.files.commands.scans import Scan, Scans
from services.document.files.commands.spending import Bill, Charged, Spending
from services.document.files.domain import (
    CHECKS_FOR_ONE_RECORD,
    MAX_FILE_BYTES,
    SCAN_PROBLEMS,
    Allowance,
    Kind,
    Quota,
    clean_name,
    object_key,
    sent_key,
)
from services.document.files.problems import AccountStopped, NobodyWaits, NoCopy, OriginalGone, QuotaReached
from services.document.files.schemas import Fields, Joined, Sent, UploadResult
from services.document.files.store import accounts, documents
from services.document.files.store.documents import Document
from services.document.objects import NoSuchObject, ObjectStore, StoreUnavailable
from shared.auth import Actor
from shared.errors import Text, TooLarge
from shared.ids import new_id
from shared.work import Commands, RequestIdentity, Work

log = structlog.get_logger(__name__)

_CHUNK = 1024 * 1024
_TYPES = {Kind.PHOTO: "image/jpeg", Kind.PDF: "application/pdf"}


class Uploads:
    """Takes uploads in. `quota` and `allowance` are per owner."""

    def __init__(
        self,
        commands: Commands,
        checker: Checker,
        scans: Scans,
        objects: ObjectStore,
        hashes: Hashes,
        quota: Quota,
        allowance: Allowance,
    ) -> None:
        self._commands = commands
        self._checker = checker
        self._scans = scans
        self._objects = objects
        self._hashes = hashes
        self.quota = quota
        self._allowance = allowance
        self._spending = Spending(commands.db, commands.clock)

    async def admit(self, actor: Actor, address: str) -> None:
        """Refuse before a byte is read who may not upload now; the command asks again."""
        async with self._commands.db.read() as session:
            if actor.account_id is not None and await accounts.is_stopped(session, actor.account_id):
                raise AccountStopped()
            if not quota_of(actor, self.quota).leaves_room(*await documents.count_unfiled(session, owner_of(actor)), 1):
                raise QuotaReached()
            await self._spending.admit(session, self._charged(actor, address))

    async def admit_check(self, actor: Actor, address: str = "") -> None:
        """Raise `ChecksUsedUp` where the owner has no checks left in this hour."""
        async with self._commands.db.read() as session:
            await self._spending.admit(session, self._charged(actor, address))

    async def charge(self, actor: Actor, address: str, seconds: float) -> None:
        """Charge the owner for what was drawn or read of a stored file."""
        await self._spending.add(self._charged(actor, address), Bill(seconds))

    async def take(
        self, actor: Actor, mark: RequestIdentity, fields: Fields, address: str, gone: Callable[[], Awaitable[object]]
    ) -> UploadResult:
        """Check, store and record one file. The answer may be a rejection; it is committed all the same.

        `gone` returns when the caller does not wait any more: then the check is given up, and nothing is stored.
        """
        names = [clean_name(each.name) for each in fields.files]
        measured = [await asyncio.to_thread(measure, each.file) for each in fields.files]
        if any(size > MAX_FILE_BYTES for size, _ in measured):
            raise _too_large()
        job = Job(fields.kind.value, self._commands.clock.now(), fields.part)
        checked = []
        for each, (size, _) in zip(fields.files, measured, strict=True):
            checked.append(
                await self.examine(actor, address, gone, job, each.file, size)
                if size
                else (Verdict.refused("file-empty"), Scan())
            )
            if not checked[-1][0].kept:
                break
        (verdict, scan), source = checked[0], fields.files[0].file
        page_names = None
        if len(fields.files) > 1:
            verdict = together([verdict for verdict, _ in checked])
            if verdict.accepted:
                verdict, scan = await self._joined(actor, address, gone, [verdict for verdict, _ in checked], verdict)
        if verdict.made_of_pictures:
            page_names = named_pages(names, [verdict.pages or 0 for verdict, _ in checked])
        size, digest = measured[0] if len(measured) == 1 else await asyncio.to_thread(measure_all, fields.files)
        upload = Upload(
            document_id=new_id(),
            kind=fields.kind,
            codes=fields.codes,
            application_id=fields.application_id,
            file_name=names[0],
            size=size,
            sha256=digest,
            page_names=page_names,
        )
        return await self._enter(actor, mark, upload, verdict, scan, source, [each.upload_id for each in fields.files])

    async def join(
        self,
        actor: Actor,
        mark: RequestIdentity,
        asked: Joined,
        documents: Sequence[Document],
        contents: Sequence[bytes],
        gone: Callable[[], Awaitable[object]],
    ) -> UploadResult:
        """Put pages of documents that were made of pictures together to a new one."""
        numbers = {document.id: number for number, document in enumerate(documents)}
        pages = [(numbers[page.document_id], page.page) for page in asked.pages]
        verdict, scan = await self._put_together(actor, "", gone, contents, pages)
        known = [[Finding.read(each) for each in document.findings] for document in documents]
        verdict = replace(verdict, findings=tuple(moved(known, pages)))
        source = BytesIO(b"".join(contents))
        size, digest = measure(source)
        upload = Upload(
            document_id=new_id(),
            kind=Kind.PDF,
            codes=tuple(dict.fromkeys(asked.codes)),
            application_id=asked.application_id,
            file_name=documents[0].file_name or "",
            size=size,
            sha256=digest,
            page_names=tuple((documents[file].page_names or [])[page - 1] for file, page in pages),
        )
        return await self._enter(actor, mark, upload, verdict, scan, source, [])

    async def improve(
        self,
        actor: Actor,
        mark: RequestIdentity,
        document: Document,
        content: bytes,
        codes: Sequence[str],
        gone: Callable[[], Awaitable[object]],
    ) -> UploadResult:
        """Make a copy of a usable PDF without what the findings `codes` say; it waits for its owner like a repaired
        one. Raises `NoCopy` where there is none that looks the same."""
        verdict, scan = await self._improved(actor, document, content, codes, gone)
        known = [Finding.read(each) for each in document.findings if each["code"] in document.advice]
        findings = [replace(each, severity=Severity.REPAIRABLE) if each.code in codes else each for each in known]
        upload = Upload(
            document_id=new_id(),
            kind=Kind.PDF,
            codes=tuple(document.codes),
            application_id=document.application_id,
            file_name=document.file_name or "",
            size=len(content),
            sha256=document.sha256 or "",
            page_names=None if document.page_names is None else tuple(document.page_names),
        )
        verdict = replace(verdict, findings=tuple(findings))
        return await self._enter(actor, mark, upload, verdict, scan, BytesIO(content), [])

    async def _improved(
        self,
        actor: Actor,
        document: Document,
        content: bytes,
        codes: Sequence[str],
        gone: Callable[[], Awaitable[object]],
    ) -> tuple[Verdict, Scan]:
        """The last copy: some pages are changed in each, by a check with limits of its own. Raises `NoCopy`."""
        best: tuple[Verdict, Scan] | None = None
        latest, step = content, PDF_IMPROVED_PAGES
        for first in range(1, (document.pages or 1) + 1, step):
            span = (first, first + step - 1)
            job = Job("improved", self._commands.clock.now(), codes=tuple(codes), span=span)
            verdict, scan = await self.examine(actor, "", gone, job, BytesIO(latest), len(latest))
            if verdict.pages is None:
                raise NoCopy()
            if verdict.cleaned is not None:
                best, latest = (verdict, scan), verdict.cleaned
        if best is None or ("pdf-scan-fine" in codes and len(latest) >= len(content)):
            raise NoCopy()
        return best

    async def _enter(
        self,
        actor: Actor,
        mark: RequestIdentity,
        upload: Upload,
        verdict: Verdict,
        scan: Scan,
        source: BinaryIO,
        upload_ids: Sequence[UUID | None],
    ) -> UploadResult:
        """Store what is kept, and record the upload, once."""
        stored = await self.share(actor, upload, verdict, scan) or await self.keep(upload, verdict, scan, source)
        stored = await self._with_original(upload, stored, source)
        # The row needs only the measure of the bytes.
        measured = replace(verdict, cleaned=None)

        async def record(work: Work) -> UploadResult:
            ids = [each for each in upload_ids if each]
            return await taken_once(work, ids, lambda: record_upload(work, upload, measured, stored, self.quota))

        try:
            try:
                result = await self._commands.once(actor, mark, record, UploadResult)
            except SharedGone:
                stored = await self._with_original(upload, await self.keep(upload, verdict, scan, source), source)
                result = await self._commands.once(actor, mark, record, UploadResult)
        except BaseException:
            # The commit may have happened although its answer was lost: the sweep decides, by the rows.
            log.info("uploads.not_entered", document_id=str(upload.document_id))
            raise
        if stored and not stored.shared and result.id != upload.document_id:
            for key in (sent_key(stored.key, upload.sha256), stored.key):
                await self._forget(key)
        return result

    @asynccontextmanager
    async def charging(self, actor: Actor, address: str = "") -> AsyncIterator[Bill]:
        """Charge the owner for what was checked within, when it ends, however it ends."""
        bill = Bill()
        try:
            yield bill
        finally:
            await self._spending.add(self._charged(actor, address), bill)

    async def examine(
        self,
        actor: Actor,
        address: str,
        gone: Callable[[], Awaitable[object]],
        job: Job,
        source: BinaryIO,
        size: int,
    ) -> tuple[Verdict, Scan]:
        """The verdict, charged to the owner, and the scan of what is kept. Raises `NobodyWaits`, and `TooBusy`."""
        async with self.charging(actor, address) as bill:
            return await self.examine_on(bill, actor, address, gone, job, source, size)

    async def examine_on(
        self,
        bill: Bill,
        actor: Actor,
        address: str,
        gone: Callable[[], Awaitable[object]],
        job: Job,
        source: BinaryIO,
        size: int,
    ) -> tuple[Verdict, Scan]:
        """Examine a file like `examine`, and put the cost on a bill."""
        meter = Meter()
        if for_one_record(actor):
            place = Place.of_stranger(address, str(owner_of(actor)))
        else:
            place = Place.of_account(str(owner_of(actor)))
        checking = self._checker.check(job, source, size, place, meter)
        check = asyncio.ensure_future(checking)  # watched: below
        left = asyncio.ensure_future(gone())  # watched: below
        try:
            await asyncio.wait((check, left), return_when=asyncio.FIRST_COMPLETED)
            if not check.done():
                raise NobodyWaits()
            verdict, scan = check.result(), Scan()
            if verdict.kept:
                scan = await self._scans.at_upload(source if verdict.cleaned is None else BytesIO(verdict.cleaned))
            if scan.state in SCAN_PROBLEMS:
                verdict = Verdict.refused(SCAN_PROBLEMS[scan.state])
            bill.refused += not verdict.accepted
            return verdict, scan
        finally:
            for task in (check, left):
                task.cancel()
            await asyncio.gather(check, left, return_exceptions=True)
            bill.seconds += meter.seconds

    async def _joined(
        self,
        actor: Actor,
        address: str,
        gone: Callable[[], Awaitable[object]],
        verdicts: Sequence[Verdict],
        found: Verdict,
    ) -> tuple[Verdict, Scan]:
        """One PDF of the pages of all pictures, with what was found in them."""
        contents = [verdict.cleaned or b"" for verdict in verdicts]
        pages = [(file, page) for file, verdict in enumerate(verdicts) for page in range(1, (verdict.pages or 0) + 1)]
        verdict, scan = await self._put_together(actor, address, gone, contents, pages)
        return replace(verdict, findings=(*found.findings, *verdict.findings)), scan

    async def _put_together(
        self,
        actor: Actor,
        address: str,
        gone: Callable[[], Awaitable[object]],
        contents: Sequence[bytes],
        pages: Sequence[tuple[int, int]],
    ) -> tuple[Verdict, Scan]:
        """One PDF of `pages` of PDFs that were made of pictures. Raises `TooLarge`."""
        whole = b"".join(contents)
        job = Job("joined", self._commands.clock.now(), None, tuple(map(len, contents)), tuple(pages))
        verdict, scan = await self.examine(actor, address, gone, job, BytesIO(whole), len(whole))
        if verdict.cleaned is not None and len(verdict.cleaned) > MAX_FILE_BYTES:
            raise _too_large()
        return verdict, scan

    def _charged(self, actor: Actor, address: str) -> list[Charged]:
        owner = f"owner:{owner_of(actor)}"
        if not for_one_record(actor):
            return [Charged(owner, self._allowance)]
        # Drafts cost a mail address each, so the address they come from has a limit too: that of an organisation.
        digest = sha256(address.encode()).hexdigest()[:32]
        return [Charged(owner, CHECKS_FOR_ONE_RECORD), Charged(f"address:{digest}", self._allowance)]

    async def share(self, actor: Actor, upload: Upload, verdict: Verdict, scan: Scan) -> Stored | None:
        """The object of another file of the owner with the same content, where there is one and it is unaltered."""
        if not verdict.accepted:
            return None
        size, digest = _kept_measure(upload, verdict)
        async with self._commands.db.read() as session:
            other = await documents.same_content(session, owner_of(actor), digest, size)
        if other is None or await self._hashes.outcome(other) != "same":
            return None
        assert other.object_key is not None
        return Stored(other.object_key, _TYPES[upload.kind], size, digest, scan, shared=True)

    async def keep(self, upload: Upload, verdict: Verdict, scan: Scan, source: BinaryIO) -> Stored | None:
        """Store what is kept of the file, if anything: a PDF byte for byte or repaired, a photo as it was cleaned."""
        if not verdict.kept:
            return None
        # What was sent is never kept of a photo, whatever a check might answer.
        assert verdict.cleaned is not None or upload.kind is Kind.PDF
        if verdict.cleaned is not None:
            source = BytesIO(verdict.cleaned)
        size, digest = _kept_measure(upload, verdict)
        day = self._commands.clock.now().astimezone(UTC).date()
        stored = Stored(object_key(day, upload.document_id), _TYPES[upload.kind], size, digest, scan)
        await self._objects.put(stored.key, source, size, stored.content_type)
        return stored

    async def _with_original(self, upload: Upload, stored: Stored | None, source: BinaryIO) -> Stored | None:
        """Keep what was sent of a photo as well, so that its owner can cut another part until it is filed. It is never
        given back: only the confined process opens it."""
        if stored is None or upload.kind is not Kind.PHOTO:
            return stored
        source.seek(0)
        await self._objects.put(sent_key(stored.key, upload.sha256), source, upload.size, "application/octet-stream")
        return replace(stored, original=True)

    async def original(self, photo: Document) -> bytes:
        """The picture that a photo was cut from. Raises `OriginalGone`."""
        assert photo.object_key is not None
        try:
            content = await self._objects.get(sent_key(photo.object_key, photo.original_sha256))
        except NoSuchObject as missing:
            # It went with another photo of the same picture.
            raise OriginalGone() from missing
        if measure(BytesIO(content))[1] != photo.original_sha256:
            raise OriginalGone()
        return content

    async def crop(
        self,
        actor: Actor,
        mark: RequestIdentity,
        photo: Document,
        part: Part | None,
        address: str,
        gone: Callable[[], Awaitable[object]],
    ) -> UploadResult:
        """Make a new photo of another part of the picture that `photo` was cut from; None: the part that the face
        proposes."""
        content = BytesIO(await self.original(photo))
        sent = (Sent(content, photo.file_name or ""),)
        fields = Fields(sent, Kind.PHOTO, tuple(photo.codes), photo.application_id, part)
        return await self.take(actor, mark, fields, address, gone)

    async def _forget(self, key: str) -> None:
        """A repeated request got its first answer: the second copy goes at once, else with the sweep."""
        try:
            await self._objects.delete(key)
        except StoreUnavailable:
            log.info("uploads.copy_left_for_the_sweep")


def _too_large() -> TooLarge:
    return TooLarge(Text("ファイルは25MB以内にしてください", "At most 25 MB a file"), code="file-too-large")


def measure_all(files: Sequence[Sent]) -> tuple[int, str]:
    """Size and SHA-256 (hex) of several files, one behind the other."""
    digest, size = sha256(), 0
    for each in files:
        each.file.seek(0)
        while chunk := each.file.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return size, digest.hexdigest()


def _kept_measure(upload: Upload, verdict: Verdict) -> tuple[int, str]:
    """Size and SHA-256 (hex) of what is kept of an upload."""
    if verdict.cleaned is None:
        return upload.size, upload.sha256
    return len(verdict.cleaned), sha256(verdict.cleaned).hexdigest()


def measure(source: BinaryIO) -> tuple[int, str]:
    """Size and SHA-256 (hex) of a file."""
    digest, size = sha256(), 0
    source.seek(0)
    while chunk := source.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    source.seek(0)
    return size, digest.hexdigest()
