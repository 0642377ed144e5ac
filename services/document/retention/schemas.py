"""Holds and erasures over HTTP."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.document.files.store.documents import Document
from services.document.retention.domain import Keeps
from services.document.retention.store.erasures import ErasedFile, Erasure
from services.document.retention.store.holds import Hold
from shared.errors import Text
from shared.http import Lang, say
from shared.text import one_line
from shared.text.typed import Day, LongText, Typed

_ID = "01a20911-fd7b-71e3-a6cc-c196b4396416"


class NewHold(BaseModel):
    """A hold on the files of an application, a usage registration or a periodic report."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"record_id": _ID, "reason": "審査請求 2026-14 の審理のため"}]}
    )

    record_id: UUID
    reason: LongText = Field(description="why nothing may be deleted")


class Lift(BaseModel):
    """The reason for which a hold ends."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "裁決が確定したため"}]})

    reason: LongText


class HoldBody(BaseModel):
    """A hold. While it is not lifted, none of the files is deleted or erased."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    record_id: UUID
    reason: str
    set_by: UUID
    set_at: datetime
    lifted_by: UUID | None
    lifted_at: datetime | None
    lift_reason: str | None

    @classmethod
    def of(cls, hold: Hold) -> "HoldBody":
        return cls.model_validate(hold)


class HoldList(BaseModel):
    """The holds on a record, oldest first."""

    items: list[HoldBody]


class NewErasure(BaseModel):
    """A request for erasure. A person leaves everything out: it is about all own files."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{}, {"record_id": _ID, "request_number": "東入情 第123号", "received_on": "2026-06-20"}]
        },
    )

    record_id: UUID | None = Field(None, description="officers: the record whose files are erased")
    request_number: Annotated[str, Typed(one_line, most=80)] | None = Field(
        None, description="officers: the number of the request that was granted"
    )
    received_on: Day | None = Field(None, description="officers: the day on which the request came in")


_KEPT = {
    Keeps.HOLD: Text(
        "審査請求や訴訟などのため保全されています。保全が解除されるまで消去できません。",
        "Under a legal hold, as for an appeal or a lawsuit. It cannot be erased until the hold is lifted.",
    ),
    Keeps.RECORD_OPEN: Text(
        "提出先の手続がまだ終わっていません。手続が終わるまで消去できません。",
        "It was filed with a procedure that is not over. It cannot be erased before.",
    ),
    Keeps.RETENTION: Text(
        "提出済みのため、行政文書として保存期間が満了するまで保存されます。個人情報保護法による利用停止（消去）は、"
        "提出先の官署に請求してください。",
        "It was filed, and is kept as an administrative document until its retention is over. Ask the office for "
        "erasure under the Act on the Protection of Personal Information.",
    ),
}


class ErasedFileBody(BaseModel):
    """A file of an erasure. `sha256` is of what was stored: the proof that this content was meant."""

    document_id: UUID
    sha256: str | None
    original_sha256: str
    outcome: Literal["erased", "kept"]
    purged_at: datetime | None = Field(description="when its content was gone from the store; null: within minutes")
    reason: str | None = Field(description="why it is kept: `legal-hold`, `record-open`, `retention`")
    message: str | None = Field(description="the same in words, and what can be done")

    @classmethod
    def of(cls, erased: ErasedFile, document: Document, lang: Lang) -> "ErasedFileBody":
        kept = Keeps(erased.kept) if erased.kept else None
        return cls(
            document_id=document.id,
            sha256=document.sha256,
            original_sha256=document.original_sha256,
            outcome="kept" if kept else "erased",
            purged_at=None if kept else document.purged_at,
            reason=kept,
            message=say(_KEPT[kept], lang) if kept else None,
        )


class ErasureSummary(BaseModel):
    """An erasure: who asked, by which request, and when it was done."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    owner_id: UUID | None = Field(description="of a person or organisation that had own files erased")
    record_id: UUID | None = Field(description="of the office: the record whose files it is about")
    request_number: str | None
    received_on: date | None
    erased_at: datetime
    complete: bool = Field(description="false: there were more files than one request erases; send another")


class ErasureBody(ErasureSummary):
    """The proof of an erasure: each file with its hash, what became of it and why. The chained journal has the same."""

    files: list[ErasedFileBody]

    @classmethod
    def of(cls, erasure: Erasure, files: Sequence[tuple[ErasedFile, Document]], lang: Lang) -> "ErasureBody":
        known: dict[str, Any] = ErasureSummary.model_validate(erasure).model_dump()
        return cls(**known, files=[ErasedFileBody.of(erased, document, lang) for erased, document in files])


class ErasureList(BaseModel):
    """Erasures, newest first; at most a hundred."""

    items: list[ErasureSummary]


class Done(BaseModel):
    """The id of the row that a command made."""

    id: UUID
