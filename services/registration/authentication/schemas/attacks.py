"""Answers about wrong sign-ins."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field


class WrongSignIns(BaseModel):
    """Wrong sign-ins of one address, or at one login id; `mark` is the beginning of the keyed digest of either."""

    kind: Literal["address", "account"]
    mark: str = Field(examples=["3fa1c09b"], description="the same for the same address or login id")
    attempts: int = Field(description="in the window that is open")
    window_ends: datetime
    blocked_until: datetime | None = Field(description="until then every further attempt is refused")
