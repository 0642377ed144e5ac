"""Answers of `commands.sessions`."""

from datetime import datetime

from pydantic import BaseModel, Field


class AccessToken(BaseModel):
    """An access token for `Authorization: Bearer`."""

    access_token: str = Field(examples=["eyJhbGciOiJFZERTQSIs..."])
    expires_at: datetime
    idle_ends_at: datetime = Field(description="the session ends then, unless a token is fetched before")
    ends_at: datetime = Field(description="the session ends then, whatever is done")
    warn_at: datetime = Field(description="from when its owner should be warned that it is about to end")
    fresh_until: datetime | None = Field(description="until then sensitive acts need no further proof")
    name: str = Field(description="of the account, for the head of every page")
    organisation_name: str | None = Field(description="of the organisation for which the session acts")
