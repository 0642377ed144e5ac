"""Completeness of a usage registration or a periodic report, beyond the shape of its fields."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.registration.usage_registration.domain.submitted_document import SubmittedDocument, file_flaw
from services.registration.usage_registration.domain.usage_registration import pledge_flaw, repeated
from services.registration.usage_registration.problems import (
    missing_documents,
    repeated_organisations,
    unusable_file,
    wrong_pledge,
)
from services.registration.usage_registration.store import uploaded_files
from shared.auth.actor import Actor
from shared.db import ReadSession
from shared.errors import FieldProblem, Invalid
from shared.reference.usage_documents import Occasion, required_usage_documents


@dataclass(frozen=True, slots=True)
class Declared:
    """The declarations that decide which documents are required.

    `pledged` are corporate numbers, None where one is not known yet.
    """

    role: str
    category: str | None
    documents: Sequence[SubmittedDocument]
    pledged: Sequence[str | None]


async def require_complete(
    session: ReadSession,
    occasion: Occasion,
    declared: Declared,
    owners: Collection[UUID],
    today: date,
    also: Sequence[FieldProblem] = (),
) -> None:
    """Raise `Invalid` with everything that is missing or wrong, and with what the caller knows `also`."""
    points = [*open_points(occasion, declared, today), *also]
    if points := points + await file_points(session, declared.documents, owners):
        raise Invalid(fields=points)


def open_points(occasion: Occasion, declared: Declared, today: date) -> list[FieldProblem]:
    """Flaws of the pledge, and missing documents."""
    points: list[FieldProblem] = []
    pledged = len(declared.pledged)
    if flaw := pledge_flaw(declared.role, pledged):
        points += wrong_pledge(flaw).fields
    points += repeated_organisations(repeated(declared.pledged))
    required = required_usage_documents(occasion, declared.role, today, category=declared.category, pledged=pledged)
    submitted = {document.code for document in declared.documents}
    points += missing_documents([code for code in required if code not in submitted]).fields
    return points


async def file_points(
    session: ReadSession, documents: Sequence[SubmittedDocument], owners: Collection[UUID]
) -> list[FieldProblem]:
    """Files that cannot be submitted, and why. `owners` are those whose files may be."""
    ids = {document.document_id for document in documents if document.document_id}
    known = await uploaded_files.known(session, ids)
    return [
        unusable_file(place, flaw)
        for place, document in enumerate(documents)
        if document.document_id and (flaw := file_flaw(document, known.get(document.document_id), owners))
    ]


def owners_for(actor: Actor, record_id: UUID | None = None) -> frozenset[UUID]:
    """Owners of the files that may be submitted: those uploaded for the record itself, the person's, and their
    organisation's."""
    own = (actor.id, actor.owner_id) if actor.kind == "person" else ()
    return frozenset(owner for owner in (record_id, *own) if owner)


def codes_of(documents: Sequence[SubmittedDocument]) -> list[str]:
    """Codes of the submitted documents, in their stored form."""
    return sorted({document.code for document in documents})


def files_of(documents: Sequence[SubmittedDocument]) -> list[dict[str, str]]:
    """Files among the submitted documents, in their stored form."""
    pairs = {(d.code, str(d.document_id)) for d in documents if d.document_id}
    return [{"code": code, "document_id": document_id} for code, document_id in sorted(pairs)]


def document_ids(files: Sequence[dict[str, str]]) -> tuple[UUID, ...]:
    """The files of a record, each once."""
    return tuple(UUID(document_id) for document_id in sorted({file["document_id"] for file in files}))
