"""Answers of `commands.authorizations`."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from shared.http import Words


class ScopeView(Words):
    """A scope and what it means."""

    code: str = Field(examples=["application:read"])


class Preview(BaseModel):
    """The request for a person's consent.

    Where `answer` is set nobody is asked: that is where the browser goes back to.
    """

    client_name: str = Field(examples=["人事システム連携"])
    offered_by: str = Field(description="the organisation, or the person, whose system it is")
    scopes: list[ScopeView]
    fresh: bool = Field(description="whether agreeing needs no further proof of who is signed in")
    refusal: str = Field(description="where the browser goes when the person does not agree")
    answer: str | None = Field(None, description="where it goes at once, because the request is wrong")


class Consented(BaseModel):
    """The redirect: back to the API client, with a code that is good once and for a minute."""

    redirect_to: str


class AuthorizationView(BaseModel):
    """The authorisation of one API client."""

    id: UUID
    client_id: UUID
    client_name: str
    offered_by: str | None = Field(description="the organisation whose system it is")
    organisation_id: UUID | None = Field(description="for whom it acts, as you did when you agreed")
    scopes: list[ScopeView]
    started_at: datetime
    last_used_at: datetime
    expires_at: datetime


class AuthorizationList(BaseModel):
    """The caller's authorisations, newest first."""

    items: list[AuthorizationView]
