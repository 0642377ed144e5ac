"""Answers of `commands.identities`."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field


class IdentityView(BaseModel):
    """One identity; who the provider says it is, is not shown."""

    id: UUID
    issuer: str = Field(examples=["https://id.example.jp"])
    linked_at: datetime


class Identities(BaseModel):
    """All identities of the caller."""

    items: list[IdentityView]
