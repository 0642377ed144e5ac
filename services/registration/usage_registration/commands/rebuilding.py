"""Files that can be submitted, rebuilt from a snapshot of the document service."""

from services.registration.usage_registration.domain.submitted_document import may_be_submitted
from services.registration.usage_registration.store.uploaded_files import UploadedFile
from shared.events.document import DocumentSnapshot, DocumentSnapshotAnnounced
from shared.rebuilding import Copy, Projection, Rows


def _rows_of(event: DocumentSnapshot) -> Rows:
    if not may_be_submitted(event.kind, event.codes):
        return {"uploaded_files": []}
    row = {
        "owner_id": str(event.owner_id),
        "state": event.state,
        "codes": list(event.codes),
        "pages": event.pages,
        "reported_at": event.taken_at.isoformat(),
    }
    return {"uploaded_files": [row]}


UPLOADED_FILES = Projection(
    name="uploaded_files",
    row=DocumentSnapshot,
    announced=DocumentSnapshotAnnounced,
    copies=(
        Copy(
            UploadedFile.__table__,
            "id",
            ("owner_id", "state", "codes"),
            maybe=("pages",),
            newer="reported_at",
            since="reported_at",
        ),
    ),
    rows_of=_rows_of,
)
