"""The events of a file, as its row has it."""

from collections.abc import Sequence
from datetime import datetime

from services.document.files.domain import Kind
from services.document.files.store.documents import Document
from shared.events.document import DocumentAccepted, DocumentRejected


def accepted(document: Document, at: datetime) -> DocumentAccepted:
    """The file can be attached and filed."""
    assert document.size is not None
    assert document.sha256 is not None
    return DocumentAccepted(
        document_id=document.id,
        owner_id=document.owner_id,
        application_id=document.application_id,
        kind=Kind(document.kind).value,
        roles=tuple(document.roles or ()),
        codes=tuple(document.codes),
        size=document.size,
        sha256=document.sha256,
        pages=document.pages,
        width=document.width,
        height=document.height,
        accepted_at=at,
    )


def rejected(document: Document, at: datetime, problems: Sequence[str]) -> DocumentRejected:
    """The file cannot be used, or not any more."""
    return DocumentRejected(
        document_id=document.id,
        owner_id=document.owner_id,
        application_id=document.application_id,
        kind=Kind(document.kind).value,
        roles=tuple(document.roles or ()),
        codes=tuple(document.codes),
        problems=tuple(problems),
        rejected_at=at,
    )
