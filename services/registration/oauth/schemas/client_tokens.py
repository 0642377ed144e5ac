"""Answers of `commands.client_tokens`."""

from pydantic import BaseModel, Field


class TokenAnswer(BaseModel):
    """RFC 6749 §5.1."""

    access_token: str = Field(examples=["eyJhbGciOiJFZERTQSIs..."])
    token_type: str = Field("Bearer", examples=["Bearer"])
    expires_in: int = Field(description="seconds", examples=[300])
    scope: str = Field(examples=["application:read application:write"])
    refresh_token: str | None = Field(None, description="good once: the answer to its use has the next one")
