"""Answers of `commands.drafts`."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel


class Saved(BaseModel):
    """A draft as it is now."""

    id: UUID
    revision: int
    touched_at: datetime
    kept_until: datetime
