"""Choices of how messages come, as they go over HTTP."""

from pydantic import BaseModel, ConfigDict, Field

from services.notification.address_book.domain import How


class MessageChoices(BaseModel):
    """The way in which messages of each topic come; null for a topic that is not for the caller.

    `at_once` and `morning` are mails, of which the second is one at eight o'clock in Japan; `inbox` is no mail.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"own": "at_once", "colleagues": "morning", "cases": None}]},
    )

    own: How | None = Field(None, description="about applications that the caller filed: at_once or morning")
    colleagues: How | None = Field(
        None,
        description="about applications of colleagues for the organisation for which the caller acts now, in the same"
        " role: none, inbox, morning or at_once",
    )
    cases: How | None = Field(
        None, description="to an officer, about the cases that they have: inbox, morning or at_once"
    )
