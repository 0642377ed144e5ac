"""A document that is submitted: as a file, or on paper (at the counter or by post)."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from shared.reference.usage_documents import NAMES

MAX_FILES = 20


@dataclass(frozen=True, slots=True)
class SubmittedDocument:
    """One document. Without a file it comes on paper."""

    code: str
    document_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class File:
    """A file as the document service reported it."""

    owner_id: UUID
    state: str  # accepted, rejected, deleted
    codes: Collection[str]
    pages: int | None = None


def may_be_submitted(kind: str, codes: Collection[str]) -> bool:
    """Whether a file may be one that is submitted here: most belong to applications. One without codes may, so that its
    owner learns what it lacks."""
    return kind == "pdf" and (not codes or any(code in NAMES for code in codes))


def file_flaw(document: SubmittedDocument, file: File | None, owners: Collection[UUID]) -> str | None:
    """The reason for which a file cannot be submitted; None where it can.

    Somebody else's file looks like one that is not there.
    """
    if file is None or file.owner_id not in owners:
        return "file-not-known"
    if file.state != "accepted":
        return f"file-{file.state}"
    return None if document.code in file.codes else "file-of-another-document"
