"""Answers of `commands.upload_tokens`."""

from datetime import datetime

from pydantic import BaseModel, Field


class UploadToken(BaseModel):
    """A bearer token for `/v1/documents` and nothing else. Files sent with it belong to the record."""

    access_token: str = Field(examples=["eyJhbGciOiJFZERTQSIs..."])
    expires_at: datetime
    scope: str = Field(examples=["document:read document:write"])
