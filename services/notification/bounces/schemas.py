"""Responses to reports of mail providers."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Taken(StrEnum):
    """The outcome of a report."""

    RECORDED = "recorded"
    REPEATED = "repeated"
    UNKNOWN = "unknown-message"


class ReportTaken(BaseModel):
    """A report that was taken."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"outcome": "recorded"}]})

    outcome: Taken
