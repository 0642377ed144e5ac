"""The present facts of files, for those who keep them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.document.files.domain import SCAN_PROBLEMS, Kind, ScanState, Status
from services.document.files.store import documents, scans
from services.document.files.store.documents import Document
from shared.events.document import DocumentSnapshot, DocumentSnapshotAnnounced, DocumentSnapshotPage
from shared.rebuilding import Source
from shared.work import Work


async def _page(work: Work, after: UUID | None, count: int) -> Sequence[DocumentSnapshot]:
    found = await documents.reported_behind(work.session, after, count)
    scanned = await scans.of_documents(work.session, [document.id for document in found])
    rows = []
    for document in found:
        scan = scanned.get(document.id)
        facts = _reported(document, ScanState(scan.state) if scan else ScanState.WAITING)
        rows.append(
            DocumentSnapshot(
                document_id=document.id,
                owner_id=document.owner_id,
                application_id=document.application_id,
                kind=Kind(document.kind).value,
                roles=tuple(document.roles or ()),
                codes=tuple(document.codes),
                taken_at=work.now,
                **facts,
            )
        )
    return rows


def _reported(document: Document, scanned: ScanState) -> dict[str, Any]:
    """The facts of a file as its last event had them."""
    if document.status == Status.DELETED:
        return {"state": "deleted", "reason_code": document.delete_reason}
    if document.status == Status.REJECTED:
        return {"state": "rejected", "problems": tuple(document.problems)}
    if scanned in SCAN_PROBLEMS:
        return {"state": "rejected", "problems": (SCAN_PROBLEMS[scanned],)}
    return {"state": "accepted", "size": document.size, "pages": document.pages}


DOCUMENTS = Source("documents", DocumentSnapshotPage, DocumentSnapshotAnnounced, documents.count_reported, _page)
