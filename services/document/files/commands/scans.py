"""Scans for malware: at the upload, later where the scanner was away, and again when it has new signatures.

A file that was not scanned can be attached and filed, so that an outage stops no applicant, and nobody can open it.
"""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import BinaryIO

import structlog
from prometheus_client import Counter, Gauge

from services.document.audit import Tag
from services.document.files.commands.reports import accepted, rejected
from services.document.files.domain import SCAN_PROBLEMS, ScanState
from services.document.files.problems import FileQuarantined, NotScanned
from services.document.files.store import documents, scans
from services.document.files.store.documents import Document
from services.document.files.store.scans import FileScan
from services.document.objects import NoSuchObject, ObjectStore
from services.document.scanner import Scanner, ScannerUnavailable
from shared.db import ReadSession
from shared.timers import Due, Job, TimerHandler
from shared.work import Work

log = structlog.get_logger(__name__)

SCANNED = Counter("zairyu_document_scans_total", "Scans of files for malware", ["outcome"])
SIGNATURES = Gauge("zairyu_document_signatures_made_seconds", "When the scanner's signatures were made, Unix time")
OLDEST = Gauge("zairyu_document_scan_waiting_oldest_seconds", "How long the oldest file waits for its scan")

# clamd has ten threads by default, and each scan holds up to 25 MB there.
_AT_ONCE = 4
# A round of the job.
_FILES, _BYTES = 50, 200 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Scan:
    """The outcome of a file's scan. `version` is None where there was none yet."""

    state: ScanState = ScanState.WAITING
    finding: str | None = None
    version: str | None = None


class Scans:
    """Scans files with `scanner`; None: this site has none, every file waits, and all can be opened."""

    def __init__(self, scanner: Scanner | None) -> None:
        self.scanner = scanner
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def at_upload(self, source: BinaryIO) -> Scan:
        """The scan of a file that comes in; it waits where the scanner is away."""
        if self.scanner is None:
            return Scan()
        try:
            return await self.scan(self.scanner, source)
        except ScannerUnavailable as error:
            log.warning("scans.put_off", error=str(error))
            return Scan()

    async def scan(self, scanner: Scanner, source: BinaryIO) -> Scan:
        """Scan a file now. Raises `ScannerUnavailable`."""
        try:
            async with self._places:
                # Asked first: signatures that come in between make it due again, and not pass as used.
                version = await scanner.version()
                finding = await scanner.scan(source)
        except ScannerUnavailable:
            SCANNED.labels("unavailable").inc()
            raise
        if not finding.complete:
            state = ScanState.NOT_SCANNABLE
        else:
            state = ScanState.INFECTED if finding.name else ScanState.CLEAN
        SCANNED.labels(state.value).inc()
        return Scan(state, finding.name, version)

    def opens(self, state: ScanState) -> bool:
        """Whether a file whose scan is in this state can be opened."""
        return self.scanner is None or state is ScanState.CLEAN

    async def require_clean(self, session: ReadSession, document: Document) -> None:
        """Raise `NotScanned` or `FileQuarantined` for a file that nobody may open."""
        state = await scans.state_of(session, document.id)
        if self.opens(state):
            return
        match state:
            case ScanState.WAITING:
                raise NotScanned()
            case _:
                raise FileQuarantined()


def enter(work: Work, document: Document, scan: Scan) -> None:
    """Record the scan that a file came with."""
    work.session.add(
        FileScan(
            document_id=document.id,
            state=scan.state.value,
            finding=scan.finding,
            version=scan.version,
            since=work.now,
            scanned_at=work.now if scan.version else None,
            attempts=0,
        )
    )


def scan_files(service: Scans, objects: ObjectStore, again: timedelta) -> TimerHandler:
    """Scan files that wait, and those of the time `again` that were scanned with other signatures; some each round.

    The scanner is asked for its version first, so that a round costs nothing while it is away.
    """

    async def run(work: Work, _: Due) -> None:
        oldest = await scans.oldest_waiting(work.session)
        OLDEST.set((work.now - oldest).total_seconds() if oldest else 0)
        if service.scanner is None:
            return
        try:
            version = await service.scanner.version()
        except ScannerUnavailable as error:
            log.warning("scans.scanner_away", error=str(error))
            return
        if made := scans.signatures_made(version):
            SIGNATURES.set(made.timestamp())
        found = list(await scans.waiting(work.session, _FILES))
        found += await scans.scanned_with_others(work.session, version, work.now - again, _FILES - len(found))
        size = 0
        for scan in found:
            document = await documents.find(work.session, scan.document_id, lock=True)
            # Deleted while the round was on its way.
            if document is None or document.object_key is None:
                continue
            size += document.size or 0
            if not await _scanned(work, service, service.scanner, objects, document, scan) or size > _BYTES:
                return

    return run


def scan_jobs(service: Scans, objects: ObjectStore, again: timedelta) -> list[Job]:
    """The job that scans; it runs beside the other jobs, which do not wait for it."""
    return [Job("scan_files", timedelta(seconds=10), scan_files(service, objects, again))]


async def _scanned(
    work: Work, service: Scans, scanner: Scanner, objects: ObjectStore, document: Document, row: FileScan
) -> bool:
    """Scan one stored file and record the outcome; false where the scanner has gone."""
    assert document.object_key is not None
    try:
        scan = await service.scan(scanner, BytesIO(await objects.get(document.object_key)))
    except ScannerUnavailable as error:
        # The one that breaks the scanner goes to the end of the queue.
        row.attempts += 1
        log.warning("scans.put_off", error=str(error))
        return False
    except NoSuchObject:
        # The comparison of stored files says that it is missing.
        row.attempts += 1
        return True
    before, row.state = ScanState(row.state), scan.state.value
    row.finding, row.version, row.scanned_at = scan.finding, scan.version, work.now
    if scan.state is not before:
        work.journal("document", document.id, Tag.SCAN, {"state": scan.state.value, "finding": scan.finding})
        if scan.state is not ScanState.CLEAN:
            log.error("scans.file_quarantined", document_id=str(document.id), state=scan.state.value)
            work.emit(rejected(document, work.now, (SCAN_PROBLEMS[scan.state],)))
        elif before is not ScanState.WAITING:
            # The scanner was mistaken before.
            work.emit(accepted(document, work.now))
    return True
