"""The documents of a usage registration or a periodic report: what is asked, and what is there."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from services.registration.usage_registration.domain.submitted_document import SubmittedDocument
from services.registration.usage_registration.schemas.document_list import DocumentLine, FileLine
from services.registration.usage_registration.store import uploaded_files
from shared.db import ReadSession
from shared.reference.usage_documents import (
    CONDITIONS,
    NAMES,
    Occasion,
    is_required,
    usage_documents,
)
from shared.words import Words


async def document_list(
    session: ReadSession,
    occasion: Occasion,
    role: str,
    category: str | None,
    pledged: int,
    documents: Sequence[SubmittedDocument],
    day: date,
) -> list[DocumentLine]:
    """Every document of that occasion and user class on `day`, in the order of the rules."""
    known = await uploaded_files.known(session, {d.document_id for d in documents if d.document_id})
    lines = []
    for row in usage_documents(occasion, role, day):
        here = [document for document in documents if document.code == row.code]
        files = [
            FileLine(
                document_id=found,
                pages=known[found].pages if found in known else None,
                available=found in known and known[found].state == "accepted",
            )
            for found in dict.fromkeys(document.document_id for document in here)
            if found
        ]
        lines.append(
            DocumentLine.of(
                NAMES[row.code],
                code=row.code,
                condition=row.condition,
                condition_text=Words.of(CONDITIONS[row.condition]),
                required=is_required(row, category=category, pledged=pledged),
                by_form=row.by_form,
                handed_in="file" if files else "paper" if here else None,
                files=files,
            )
        )
    return lines


def documents_of(codes: Sequence[str], files: Sequence[dict[str, str]]) -> list[SubmittedDocument]:
    """The submitted documents, from the columns that keep them."""
    with_file = [SubmittedDocument(file["code"], UUID(file["document_id"])) for file in files]
    return with_file + [SubmittedDocument(code) for code in codes if code not in {file["code"] for file in files}]
