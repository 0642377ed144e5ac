"""Words in both languages, and codes with them."""

from pydantic import BaseModel

from shared.http import Words


class Named(BaseModel):
    """A code with its words."""

    code: str
    name: Words
