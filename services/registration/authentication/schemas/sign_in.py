"""Answers of `commands.sign_in`."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field


class SignedIn(BaseModel):
    """A session has begun. `session_secret` is shown this once."""

    session_secret: str = Field(examples=["q0XhJ2m8..."])
    account_id: UUID
    kind: str = Field(examples=["person"])
    roles: list[str] = Field(examples=[["org_staff"]])
    organisation_id: UUID | None = Field(description="for whom the person acts in this session")
    expires_at: datetime
    enrolment_required: bool = Field(
        False, description="an officer without a second factor: this session can set one up and nothing else"
    )
