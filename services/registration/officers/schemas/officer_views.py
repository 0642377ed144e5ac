"""Answers of `commands.officer_views`."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field


class Officer(BaseModel):
    """One line of the list of officers."""

    id: UUID
    name: str = Field(examples=["審査 一郎"])
    office: str = Field(examples=["TYO"])
    roles: list[str] = Field(examples=[["examiner"]])
    state: str = Field(examples=["active"])
    second_factor: bool = Field(description="whether one is set up; without it the roles do not count")


class Officers(BaseModel):
    """One page of them."""

    items: list[Officer]


class OfficerColleague(BaseModel):
    """An officer of one's own office."""

    id: UUID
    name: str = Field(examples=["審査 一郎"])
    roles: list[str] = Field(examples=[["examiner"]])
    active: bool = Field(description="false: the account has not begun, is stopped or has ended")
    you: bool


class Grant(BaseModel):
    """A role that was granted once."""

    role: str = Field(examples=["examiner"])
    granted_at: datetime
    granted_by: UUID | None = Field(description="null: the person who runs the server")
    revoked_at: datetime | None
    revoked_by: UUID | None


class OfficerView(Officer):
    """One officer's account."""

    login_id: str | None = Field(examples=["ZR-7K3M-9QXT"])
    email: str | None
    staff_number: str | None = Field(description="two accounts with the same one are one human's", examples=["A012345"])
    language: str
    created_at: datetime
    grants: list[Grant] = Field(description="every role ever granted, the oldest first")
    revision: int = Field(description="what `If-Match` names", examples=[2])
