"""Answers of `commands.blocks`."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field


class BlockView(BaseModel):
    """A block, as operators see it."""

    id: UUID
    kind: str = Field(examples=["network"])
    network: str | None = Field(examples=["203.0.113.0/24"])
    subject_id: UUID | None = Field(description="of an account or a client")
    reason: str
    set_by: UUID
    set_at: datetime
    ends_at: datetime
    in_force: bool
    lifted_by: UUID | None
    lifted_at: datetime | None
    lift_reason: str | None


class BlockList(BaseModel):
    """Blocks in force, and those that ended in the last 30 days, the newest first."""

    items: list[BlockView]
