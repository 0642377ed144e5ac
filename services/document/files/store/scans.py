"""Scans of stored files for malware."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.document.files.domain import ScanState, Status
from services.document.files.store.documents import Document, Row
from shared.db import ReadSession
from shared.operations.state.queues import Queue, rows_since


class FileScan(Row):
    """The last scan of a file. `version` is the scanner's, with its signatures; `attempts` counts those in vain."""

    __tablename__ = "file_scans"
    __journalled__ = False  # the journal's line of a new state says it
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'clean', 'infected', 'not-scannable')", name="state"),
        CheckConstraint(
            "(state = 'waiting') = (scanned_at IS NULL) AND (scanned_at IS NULL) = (version IS NULL)", name="scanned"
        ),
        CheckConstraint("(finding IS NOT NULL) = (state IN ('infected', 'not-scannable'))", name="finding"),
        Index("ix_file_scans_waiting", "attempts", "since", postgresql_where=text("state = 'waiting'")),
        Index("ix_file_scans_scanned_at", "scanned_at", postgresql_where=text("scanned_at IS NOT NULL")),
    )

    document_id: Mapped[UUID] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    state: Mapped[str]
    finding: Mapped[str | None]
    version: Mapped[str | None]
    since: Mapped[datetime]
    scanned_at: Mapped[datetime | None]
    attempts: Mapped[int]


async def of_documents(session: ReadSession, document_ids: Sequence[UUID]) -> dict[UUID, FileScan]:
    """The scans of these files."""
    found = (await session.scalars(select(FileScan).where(FileScan.document_id.in_(document_ids)))).all()
    return {scan.document_id: scan for scan in found}


async def state_of(session: ReadSession, document_id: UUID) -> ScanState:
    """The state of a file's scan."""
    found = await session.scalar(select(FileScan.state).where(FileScan.document_id == document_id))
    return ScanState(found) if found else ScanState.WAITING


async def waiting(session: AsyncSession, limit: int) -> Sequence[FileScan]:
    """Files that wait for a scan, locked: those that failed least often first, and the oldest of these."""
    query = (
        select(FileScan)
        .join(Document, Document.id == FileScan.document_id)
        .where(FileScan.state == ScanState.WAITING, Document.status == Status.ACCEPTED)
        .order_by(FileScan.attempts, FileScan.since)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return (await session.scalars(query)).all()


async def scanned_with_others(
    session: AsyncSession, version: str, created_after: datetime, limit: int
) -> Sequence[FileScan]:
    """Files that came after `created_after` and were scanned with another version, longest ago first, locked."""
    query = (
        select(FileScan)
        .join(Document, Document.id == FileScan.document_id)
        .where(
            FileScan.scanned_at.is_not(None),
            FileScan.version != version,
            Document.status == Status.ACCEPTED,
            Document.created_at > created_after,
        )
        .order_by(FileScan.scanned_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return (await session.scalars(query)).all()


async def oldest_waiting(session: ReadSession) -> datetime | None:
    """The moment since which the longest waiting file waits."""
    query = select(func.min(FileScan.since)).join(Document, Document.id == FileScan.document_id)
    found: datetime | None = await session.scalar(
        query.where(FileScan.state == ScanState.WAITING, Document.status == Status.ACCEPTED)
    )
    return found


async def signatures(session: ReadSession, now: datetime) -> dict[str, float]:
    """The age in hours of the signatures of the last scan; nothing where the scanner does not say it."""
    last = (
        select(FileScan.version).where(FileScan.scanned_at.is_not(None)).order_by(FileScan.scanned_at.desc()).limit(1)
    )
    if (made := signatures_made(await session.scalar(last) or "")) is None:
        return {}
    return {"signatures-hours": round((now - made).total_seconds() / 3600, 1)}


def signatures_made(version: str) -> datetime | None:
    """The moment at which signatures were made, by clamd's version: `ClamAV 1.4.2/27500/Mon Dec 30 09:42:11 2024`."""
    try:
        return datetime.strptime(version.rpartition("/")[2], "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC)
    except ValueError:
        return None


WAITING = Queue(
    "scans", rows_since(FileScan.since, lambda _: FileScan.state == ScanState.WAITING), timedelta(minutes=15)
)
