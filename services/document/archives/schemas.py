"""Archives over HTTP."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID

from pydantic import BaseModel, Field
from starlette.datastructures import FormData

from services.document.archives.domain import EntryState, State
from services.document.archives.problems import words_of
from services.document.archives.store import Archive, ArchiveEntry
from services.document.files.domain import CONSENT_CODES, clean_name
from shared.http import say, upload_body
from shared.http.uploads import file_of

UPLOAD_FORM = upload_body("a ZIP of at most 256 MB")


@dataclass(frozen=True, slots=True)
class Sent:
    """A ZIP that was sent."""

    name: str
    source: BinaryIO


def sent(form: FormData) -> Sent:
    """The fields of the upload. Raises `Invalid`."""
    file = file_of(form)
    return Sent(clean_name(file.filename or ""), file.file)


class Begun(BaseModel):
    """An archive that was accepted; its files are checked in the background."""

    id: UUID
    state: State = Field(examples=["checking"])


class ProblemBody(BaseModel):
    """A problem, in the language of the answer."""

    code: str = Field(examples=["name-not-understood"])
    message: str

    @classmethod
    def of(cls, code: str, lang: Any) -> "ProblemBody":
        return cls(code=code, message=say(words_of(code), lang))


class ArchiveView(BaseModel):
    """An archive, and how far its check is."""

    id: UUID
    state: State = Field(examples=["checked"])
    name: str = Field(examples=["documents.zip"])
    size: int = Field(examples=[48_182_044])
    problem: ProblemBody | None = Field(description="why nothing of it is unpacked")
    waiting: int = Field(description="files that are not checked yet", examples=[0])
    accepted: int = Field(examples=[258])
    rejected: int = Field(description="files that cannot be used", examples=[1])
    repairable: int = Field(description="files of which a repaired copy can be taken", examples=[0])
    skipped: int = Field(description="files whose name says nothing, or that come twice", examples=[1])
    created_at: datetime

    @classmethod
    def of(cls, row: Archive, counts: dict[str, int], lang: Any) -> "ArchiveView":
        return cls(
            id=row.id,
            state=State(row.state),
            name=row.name,
            size=row.size,
            problem=ProblemBody.of(row.problem, lang) if row.problem else None,
            created_at=row.created_at,
            **{state.value: counts.get(state, 0) for state in EntryState},
        )


class EntryView(BaseModel):
    """A file of an archive: for the row with `key`, a photo or a PDF with the documents `codes`."""

    position: int = Field(examples=[1])
    path: str = Field(examples=["E-1001_RES_TAX.pdf"])
    key: str | None = Field(examples=["E-1001"])
    kind: str | None = Field(examples=["pdf"])
    codes: list[str] = Field(examples=[["RES_TAX"]])
    state: EntryState = Field(examples=["accepted"])
    document_id: UUID | None = Field(
        description="of a repairable file: take its copy by `POST /v1/documents/{id}/repair`"
    )
    consent: bool = Field(description="taking the copy asks for the owner's word (`own_file`)")
    problems: list[ProblemBody]

    @classmethod
    def of(cls, row: ArchiveEntry, now: str, lang: Any) -> "EntryView":
        """The view of a file in the state that it has now."""
        usable = now == EntryState.ACCEPTED
        return cls(
            position=row.position,
            path=row.path,
            key=row.key,
            kind=row.kind,
            codes=row.codes,
            state=EntryState(now),
            document_id=None if now == EntryState.REJECTED else row.document_id,
            consent=now == EntryState.REPAIRABLE and not CONSENT_CODES.isdisjoint(row.problems),
            problems=[] if usable else [ProblemBody.of(code, lang) for code in row.problems],
        )
