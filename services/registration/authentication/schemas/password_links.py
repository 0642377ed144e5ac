"""Answers of `commands.password_links`."""

from datetime import datetime

from pydantic import BaseModel


class OpenLink(BaseModel):
    """A link that can still be used."""

    expires_at: datetime
