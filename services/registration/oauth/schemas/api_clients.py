"""Answers of `commands.api_clients`."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field


class SecretView(BaseModel):
    """A secret that works; the secret itself was shown once."""

    id: UUID
    created_at: datetime
    last_used_at: datetime | None = Field(description="to the minute")


class ClientView(BaseModel):
    """A client, as everybody of its organisation and role sees it."""

    id: UUID = Field(description="the `client_id` of the token endpoint")
    name: str = Field(examples=["人事システム連携"])
    account_id: UUID = Field(description="who registered it, and answers for it")
    organisation_id: UUID | None
    role: str = Field(examples=["org_staff"])
    scopes: list[str] = Field(examples=[["application:read", "application:write"]])
    networks: list[str] = Field(examples=[["203.0.113.0/24"]])
    redirect_uris: list[str] = Field(examples=[["https://vendor.example/callback"]])
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    revoke_reason: str | None = Field(examples=["revoked"])
    revision: int
    secrets: list[SecretView]


class ClientList(BaseModel):
    """The clients of the organisation and the roles of this session, newest first."""

    items: list[ClientView]


class NewSecret(BaseModel):
    """A secret, shown this once."""

    client_id: UUID
    secret_id: UUID
    client_secret: str = Field(examples=["q0XhJ2m8..."])


class ClientCreated(ClientView):
    """A client and its first secret, shown this once."""

    client_secret: str = Field(examples=["q0XhJ2m8..."])
