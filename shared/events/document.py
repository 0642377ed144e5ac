"""Events of the document service: photos and PDFs."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from shared.events.base import Event, Part
from shared.events.counted import EventsCounted
from shared.events.fields import (
    ApplicationId,
    DocumentCode,
    DocumentId,
    DocumentKind,
    Moment,
    OwnerId,
    ReasonCode,
    RoleCode,
    SealedText,
)
from shared.events.snapshots import SnapshotAnnounced, SnapshotPage, SnapshotRow

Pixels = Annotated[int, Field(gt=0, description="pixels", examples=[600])]
ProblemCode = Annotated[ReasonCode, Field(description="what is wrong with the file", examples=["pdf-encrypted"])]


class StoredFile(Part):
    """The facts that all events of a file carry.

    The `application_id` is that of the first one, also when it was empty: the key then stays the same and the order
    holds.
    """

    document_id: DocumentId
    owner_id: OwnerId
    application_id: ApplicationId | None = None
    kind: DocumentKind
    roles: Annotated[
        tuple[RoleCode, ...],
        Field(description="in which its owner sent it; empty: with a token for one record", examples=[[]]),
    ] = ()


class DocumentEvent(StoredFile, Event):
    """An event of one stored file."""

    topic: ClassVar[str] = "document.events"
    key_fields: ClassVar[tuple[str, ...]] = ("application_id", "document_id")


class DocumentAccepted(DocumentEvent):
    """A photo or PDF passed all checks and is stored; `size` is in bytes after cleaning.

    By: document, when the checks of an upload are done, and when a scan clears what an earlier one had found.
    For: application and registration (may be attached and filed).
    """

    codes: tuple[DocumentCode, ...]
    size: Annotated[int, Field(gt=0, description="bytes as stored", examples=[182044])]
    sha256: Annotated[
        str,
        Field(
            pattern=r"^[0-9a-f]{64}$",
            description="hash of the stored bytes",
            examples=["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
        ),
    ]
    pages: Annotated[int, Field(gt=0, description="pages of a PDF", examples=[2])] | None = None
    width: Pixels | None = None
    height: Pixels | None = None
    accepted_at: Moment


class DocumentRejected(DocumentEvent):
    """A photo or PDF cannot be used; `problems` says why.

    By: document, when the checks of an upload are done, or when a later scan finds malware in it.
    For: application (the row of a bulk import that names the file), registration (says so where it is named).
    """

    codes: tuple[DocumentCode, ...] = ()
    problems: tuple[ProblemCode, ...]
    rejected_at: Moment


class DocumentDeleted(DocumentEvent):
    """A stored file is gone: replaced or removed by its owner, or past its retention.

    By: document, at that command, or by its retention job.
    For: application and registration (no longer offer it).
    """

    reason_code: ReasonCode
    deleted_at: Moment


class PhotoReleased(Event):
    """The photo for a certificate, as small as it is printed and sealed for the application service.

    By: document, when a certificate is issued; null where the photo is gone or may not be shown any more.
    For: application (draws the certificate).
    """

    topic: ClassVar[str] = "document.events"
    key_fields: ClassVar[tuple[str, ...]] = ("application_id",)

    application_id: ApplicationId
    photo_id: DocumentId
    sealed_photo: Annotated[SealedText | None, Field(description="a JPEG in base64, sealed; null: none")] = None
    released_at: Moment


class DocumentSnapshot(StoredFile, SnapshotRow):
    """The present facts of a stored file."""

    key_fields: ClassVar[tuple[str, ...]] = DocumentEvent.key_fields
    record_field: ClassVar[str] = "document_id"

    state: Annotated[
        Literal["accepted", "rejected", "deleted"],
        Field(description="as events reported it last", examples=["accepted"]),
    ]
    codes: tuple[DocumentCode, ...] = ()
    size: Annotated[int, Field(gt=0, description="bytes of an accepted file", examples=[182044])] | None = None
    pages: Annotated[int, Field(gt=0, description="pages of an accepted PDF", examples=[2])] | None = None
    problems: tuple[ProblemCode, ...] = ()
    reason_code: Annotated[ReasonCode | None, Field(description="why it was deleted", examples=["retention"])] = None
    taken_at: Moment


class DocumentSnapshotPage(SnapshotPage):
    """The present facts of stored files, sent again; nothing has happened to them.

    By: document, when an operator orders a snapshot of its files.
    For: application and registration (rebuild what they know of files).
    """

    topic: ClassVar[str] = "document.events"
    row: ClassVar[type[SnapshotRow]] = DocumentSnapshot

    rows: tuple[DocumentSnapshot, ...]


class DocumentSnapshotAnnounced(SnapshotAnnounced):
    """A snapshot of the files begins, is complete, or was stopped.

    By: document, around the rows of the snapshot.
    For: application and registration (rebuild what they know of files).
    """

    topic: ClassVar[str] = "document.events"


class DocumentEventsCounted(EventsCounted):
    """The events of the document service in one hour were counted.

    By: document, every hour, when all of them were sent.
    For: registration, application (each compares with what its group has seen).
    """

    topic: ClassVar[str] = "document.events"


EVENTS: tuple[type[Event], ...] = (
    DocumentAccepted,
    DocumentRejected,
    DocumentDeleted,
    PhotoReleased,
    DocumentSnapshotPage,
    DocumentSnapshotAnnounced,
    DocumentEventsCounted,
)
