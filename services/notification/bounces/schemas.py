"""Reports of mail providers, and the responses to them."""

from enum import StrEnum

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class Taken(StrEnum):
    """The outcome of a report."""

    RECORDED = "recorded"
    REPEATED = "repeated"
    UNKNOWN = "unknown-message"


class ReportTaken(BaseModel):
    """A report that was taken."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"outcome": "recorded"}]})

    outcome: Taken


class MailReport(BaseModel):
    """A mail that did not arrive, as a mail provider reports it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "message_id": "<01a20911-fd7b-71e3-a6cc-c19ac3a3cc4a.1@zairyu.local>",
                    "status": "5.1.1",
                    "at": "2026-07-01T01:23:45Z",
                }
            ]
        }
    )

    message_id: str = Field(max_length=320, description="Message-ID of the mail")
    status: str = Field(pattern=r"^[45]\.[0-9]{1,3}\.[0-9]{1,3}$", description="status code (RFC 3463)")
    at: AwareDatetime = Field(description="when it failed")
