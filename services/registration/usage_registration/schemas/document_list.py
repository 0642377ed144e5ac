"""Answers of `commands.document_list`."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from shared.http import Words
from shared.reference.usage_documents import Condition


class FileLine(BaseModel):
    """A file of the document service: `GET /v1/documents/{document_id}/link` opens it."""

    document_id: UUID
    pages: int | None
    available: bool = Field(description="false: it was deleted, or has not arrived yet")


class DocumentLine(Words):
    """One document that this user class submits."""

    code: str = Field(examples=["UA_PLEDGE"])
    condition: Condition
    condition_text: Words
    required: bool = Field(description="whether the condition holds here; `held` is for the applicant to say")
    by_form: bool = Field(description="what is typed in the form takes its place; the official form may be sent too")
    handed_in: Literal["file", "paper"] | None = Field(description="paper: at the counter or by post")
    files: list[FileLine]
