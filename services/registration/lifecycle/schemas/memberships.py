"""Answers of `commands.memberships`."""

from uuid import UUID

from pydantic import BaseModel, Field


class ActingFor(BaseModel):
    """The membership for which the session acts from the next access token on."""

    membership_id: UUID
    organisation_id: UUID | None
    role: str = Field(examples=["rso_staff"])
    lapsed: bool = Field(description="the registration is over: what was filed can be read, nothing can be filed")


class Left(BaseModel):
    """A membership ended."""

    membership_id: UUID
    account_state: str = Field(examples=["closed"])
