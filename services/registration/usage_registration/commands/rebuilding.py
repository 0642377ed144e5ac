"""Files that can be submitted, rebuilt from a snapshot of the document service."""

from services.registration.usage_registration.domain.submitted_document import may_be_submitted
from services.registration.usage_registration.store.uploaded_files import UploadedFile
from shared.events.document import DocumentSnapshot, DocumentSnapshotAnnounced, DocumentSnapshotPage
from shared.rebuilding import Copy, Projection, Rows


def _rows_of(snapshot: DocumentSnapshot) -> Rows:
    if not may_be_submitted(snapshot.kind, snapshot.codes):
        return {"uploaded_files": []}
    row = {
        "owner_id": str(snapshot.owner_id),
        "state": snapshot.state,
        "codes": list(snapshot.codes),
        "pages": snapshot.pages,
        "reported_at": snapshot.taken_at.isoformat(),
    }
    return {"uploaded_files": [row]}


UPLOADED_FILES = Projection(
    name="uploaded_files",
    page=DocumentSnapshotPage,
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
