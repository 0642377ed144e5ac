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


class SignIn(BaseModel):
    """A session of the officer."""

    started_at: datetime
    method: str | None = Field(examples=["totp"])
    device: str | None = Field(examples=["Firefox on Windows"])
    ended_at: datetime | None
    end_reason: str | None


class ResetAsked(BaseModel):
    """A reset of the second factor that waits for another administrator."""

    asked_by: UUID
    asked_at: datetime
    you: bool


class OfficerView(Officer):
    """One officer's account."""

    login_id: str | None = Field(examples=["ZR-7K3M-9QXT"])
    email: str | None
    staff_number: str | None = Field(description="two accounts with the same one are one human's", examples=["A012345"])
    language: str
    created_at: datetime
    steps: list[str] = Field(description="what the caller can do with the account now", examples=[["suspend"]])
    reset: ResetAsked | None = Field(description="a reset of the second factor that was asked for")
    sign_ins: list[SignIn] = Field(description="the last ten sessions, the newest first")
    failed_attempts: int = Field(description="to sign in, in the running hour, from places that are not known")
    grants: list[Grant] = Field(description="every role ever granted, the oldest first")
    revision: int = Field(description="what `If-Match` names", examples=[2])
