"""Requests and responses about messages that did not arrive."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.review.cases.schemas import Body, Note, example
from services.review.contacts.store import UndeliveredMessage

Means = Literal["post", "telephone", "counter", "not_needed"]


class UndeliveredView(BaseModel):
    """A message about a case that did not arrive, and how the person was informed instead."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "id": "01a20911-fd7b-71e3-a6cc-c19ac3a3cc4a",
                    "case_id": "01a20911-fd7b-71e3-a6cc-c19546560fcd",
                    "concerns": "documents",
                    "party": "account",
                    "reason": "returned-5.1.1",
                    "failed_at": "2026-07-01T01:23:45Z",
                    "done_at": None,
                    "done_by": None,
                    "means": None,
                    "note": None,
                }
            ]
        },
    )

    id: UUID
    case_id: UUID
    concerns: str = Field(description="documents, interview, decision or card", examples=["documents"])
    party: str = Field(description="account: who filed; applicant: the applicant's own address", examples=["account"])
    reason: str = Field(description="why it did not arrive, as a code", examples=["returned-5.1.1"])
    failed_at: datetime
    done_at: datetime | None
    done_by: UUID | None = Field(description="the officer who informed the person")
    means: Means | None
    note: str | None


class UndeliveredInOffice(UndeliveredView):
    """The same in the list of an office."""

    receipt_number: str

    @classmethod
    def of(cls, row: UndeliveredMessage, receipt_number: str) -> "UndeliveredInOffice":
        """The message with the number of its case."""
        own = {name: getattr(row, name) for name in UndeliveredView.model_fields}
        return cls.model_validate(own | {"receipt_number": receipt_number})


class Informed(Body):
    """The means by which a person was informed; `not_needed` has a note that says why."""

    model_config = example({"means": "telephone", "note": None})
    means: Means
    note: Note | None = None
