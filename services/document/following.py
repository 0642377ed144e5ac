"""The files of one application as operators follow them: kind, state and scan of each, and never its name."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from services.document.files.store.documents import Document
from services.document.files.store.filings import Filing
from services.document.files.store.scans import FileScan
from shared.db import ReadSession
from shared.following import Part, Step


def _of(application_id: UUID) -> ColumnElement[bool]:
    """Files that were sent for the application, or filed with it."""
    filed = select(Filing.document_id).where(Filing.record_id == application_id)
    return or_(Document.application_id == application_id, Document.id.in_(filed))


async def _subjects(session: ReadSession, application_id: UUID) -> Sequence[UUID]:
    found: Sequence[UUID] = (await session.scalars(select(Document.id).where(_of(application_id)))).all()
    return found


async def _steps(session: ReadSession, application_id: UUID) -> Sequence[Step]:
    query = (
        select(Document, FileScan)
        .outerjoin(FileScan, FileScan.document_id == Document.id)
        .where(_of(application_id))
        .order_by(Document.created_at)
    )
    return [step for row in await session.execute(query) for step in _steps_of(row.Document, row.FileScan)]


def _steps_of(document: Document, scan: FileScan | None) -> list[Step]:
    state = " ".join([document.status, *document.problems])
    moments: list[tuple[str, Any]] = [
        ("uploaded", document.created_at),
        ("filed", document.filed_at),
        ("deleted", document.deleted_at),
        ("purged", document.purged_at),
    ]
    steps = [
        Step(at=at, kind="file", name=f"{document.kind} {what}", state=state, subject=document.id)
        for what, at in moments
        if at is not None
    ]
    if scan is not None:
        at = scan.scanned_at or scan.since
        steps.append(Step(at=at, kind="scan", name=document.kind, state=scan.state, subject=document.id))
    return steps


FOLLOWING = Part(_subjects, _steps)
