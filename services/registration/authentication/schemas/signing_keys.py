"""Answers of `commands.signing_keys`."""

from pydantic import BaseModel


class Rotated(BaseModel):
    """One key stopped signing; `active` is the one that signs now."""

    out: str
    active: str
