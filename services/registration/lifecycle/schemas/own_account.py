"""Answers of `commands.own_account`."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field


class SessionView(BaseModel):
    """One session that is open."""

    id: UUID
    device: str | None = Field(examples=["Firefox on Windows"])
    place: str | None = Field(description="the address, shortened", examples=["203.0.113.*"])
    method: str = Field(examples=["totp"])
    first_seen_at: datetime
    last_seen_at: datetime = Field(description="to the minute")
    current: bool = Field(description="whether it is the one that asks")


class SessionList(BaseModel):
    """All of them, newest first."""

    items: list[SessionView]


class SignedOut(BaseModel):
    """The number of sessions that ended."""

    ended: int = Field(examples=[3])
