"""Reasons that officers choose from, as answers."""

from collections.abc import Mapping

from pydantic import BaseModel, Field

from shared.errors import Text
from shared.http import Words


class Reason(Words):
    """A reason, and its words."""

    code: str = Field(examples=["requirements_not_met"])


class Reasons(BaseModel):
    """The lists of reasons, by what is done for them."""

    reject: list[Reason] = Field(description="a usage registration or a periodic report")
    suspend: list[Reason] = Field(description="an account")
    close: list[Reason] = Field(description="an account")


def reasons_of(known: Mapping[str, Text]) -> list[Reason]:
    """A list with its words."""
    return [Reason.of(text, code=code) for code, text in known.items()]
