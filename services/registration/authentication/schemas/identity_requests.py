"""Answers of `commands.identity_requests`."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from services.registration.authentication.schemas.sign_in import SignedIn
from services.registration.authentication.schemas.step_up import SteppedUp


class IdentityRequested(BaseModel):
    """The provider's page to which the browser goes next."""

    authorization_url: str = Field(examples=["https://id.example.jp/authorize?response_type=code&client_id=zairyu"])
    expires_at: datetime


class IdentityFinished(BaseModel):
    """The result of the proof: a session, a ticket with which to register, a link to the caller's account, or the
    caller's session made fresh."""

    outcome: Literal["signed-in", "ticket", "linked", "stepped-up"]
    return_to: str = Field(examples=["/"])
    session: SignedIn | None = None
    renewed: SteppedUp | None = None
    ticket: str | None = Field(None, description="shown this once", examples=["Vb8zLk1w..."])
    ticket_expires_at: datetime | None = None
