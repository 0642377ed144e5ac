"""Answers of `commands.step_up`."""

from datetime import datetime

from pydantic import BaseModel, Field


class SteppedUp(BaseModel):
    """The session goes on under a new secret; the one before is worth nothing any more."""

    session_secret: str = Field(examples=["q0XhJ2m8..."])
    expires_at: datetime
    fresh_until: datetime = Field(description="until then sensitive acts need no further proof")
