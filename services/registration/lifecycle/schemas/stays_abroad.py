"""Answers of `commands.stays_abroad`."""

from datetime import date

from pydantic import BaseModel, Field


class StayAbroad(BaseModel):
    """One's own stay abroad."""

    until: date | None = Field(description="the last day; none where no stay is in force", examples=["2026-12-20"])
    latest: date = Field(description="the last day that can be named today", examples=["2027-02-28"])
