"""Answers of several wings' commands; the journal keeps them for repeated requests, so nothing secret is in here."""

from pydantic import BaseModel, Field


class Nothing(BaseModel):
    """There is nothing to say."""


class Accepted(BaseModel):
    """The same whatever was asked for."""

    status: str = Field("accepted", examples=["accepted"])
