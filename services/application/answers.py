"""What commands answer. An answer is kept in the journal for repeated requests, so it carries no personal data."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field


class Words(BaseModel):
    """A text in both languages."""

    ja: str
    en: str


class Saved(BaseModel):
    """A draft as it was saved. `open_problems` counts what `check` lists: what stands between it and filing."""

    id: UUID
    revision: int = Field(examples=[1])
    status: str = Field(examples=["draft"])
    form_version: str = Field(examples=["extend-n-2026-02-27"])
    updated_at: datetime
    complete: bool
    open_problems: int = Field(examples=[12])


class Receipt(BaseModel):
    """A filed application: its number, its moment, and until when the old status holds meanwhile (特例期間)."""

    id: UUID
    receipt_number: str = Field(examples=["東オンＥＮ26000001"])
    submitted_at: datetime
    special_period_end: datetime | None
    status: str = Field(examples=["received"])
    revision: int


class Withdrawn(BaseModel):
    """An application taken back."""

    id: UUID
    receipt_number: str = Field(examples=["東オンＥＮ26000001"])
    status: str = Field(examples=["withdrawn"])
    withdrawn_at: datetime


class MaterialsSent(BaseModel):
    """The fee and the old card are on their way to the card office."""

    id: UUID
    receipt_number: str = Field(examples=["東オンＥＮ26000001"])
    status: str = Field(examples=["awaiting_fee"])
    sent_at: datetime


class DocumentsSubmitted(BaseModel):
    """Requested documents were handed in."""

    id: UUID
    request_id: UUID
    receipt_number: str = Field(examples=["東オンＥＮ26000001"])
    status: str = Field(examples=["docs_submitted"])
    submitted_at: datetime
