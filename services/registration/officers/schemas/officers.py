"""Answers of `commands.officers`."""

from uuid import UUID

from pydantic import BaseModel, Field


class OfficerStanding(BaseModel):
    """The state of an officer's account after a command.

    No personal data: the journal keeps it for repeated requests.
    """

    id: UUID
    state: str = Field(examples=["registered"])
    office: str = Field(examples=["TYO"])
    roles: list[str] = Field(examples=[["examiner"]])
    revision: int = Field(description="what `If-Match` names", examples=[2])
