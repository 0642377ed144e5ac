"""The basis of a proposal, and what changed since."""

from uuid import UUID

from pydantic import BaseModel, Field


class Basis(BaseModel):
    """The basis of a proposal: the case as its proposer could read it. A file has one content for its whole life, so
    that its id stands for it as its hash does."""

    revision: int = Field(description="of the case, when it was proposed")
    form_version: str
    document_ids: list[UUID]
    photo_id: UUID | None
    corrections: list[UUID] = Field(description="those that were made by then")
    examination_id: UUID | None = Field(description="the findings that were recorded last")
    hints: list[str] = Field(description="those that were shown to the proposer, by code")


class Differences(BaseModel):
    """The differences between what a proposal rests on and the case now."""

    form_version: str | None = Field(description="the version of the form now, where it is another")
    added_documents: list[UUID]
    removed_documents: list[UUID]
    other_photo: bool
    corrections: list[UUID] = Field(description="made since")
    examination_id: UUID | None = Field(description="findings that were recorded since")

    @classmethod
    def between(cls, then: Basis, now: Basis) -> "Differences":
        def new(name: str) -> list[UUID]:
            known = frozenset(getattr(then, name))
            return [one for one in getattr(now, name) if one not in known]

        present = frozenset(now.document_ids)
        return cls(
            form_version=now.form_version if now.form_version != then.form_version else None,
            added_documents=new("document_ids"),
            removed_documents=[one for one in then.document_ids if one not in present],
            other_photo=now.photo_id != then.photo_id,
            corrections=new("corrections"),
            examination_id=now.examination_id if now.examination_id != then.examination_id else None,
        )
