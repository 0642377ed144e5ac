"""Stays that end, and renewals, as callers see them."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.application.finding.domain.stays import MOST_RENEWALS, Ending
from services.application.finding.store.stays import Stay
from services.application.progress.schemas import Listed, listed, words
from shared.auth import Actor
from shared.errors import FieldProblem, Text
from shared.http import Words


class UnderWay(BaseModel):
    """The application that renews a stay."""

    id: UUID
    receipt_number: str | None = Field(examples=[None])
    procedure: str = Field(examples=["EXTEND"])
    status: str = Field(description="`draft` or `received`", examples=["draft"])


class StayView(BaseModel):
    """The stay of a person."""

    ends_on: date
    days_left: int = Field(description="negative where it has ended", examples=[42])
    application: Listed = Field(description="the application that says so")
    renewal: UnderWay | None = Field(description="the application that renews it; null where none is under way")

    @classmethod
    def of(cls, stay: Stay, reader: Actor, today: date) -> "StayView":
        """A stay for `reader`."""
        ends_on = stay.application.stay_until or stay.application.stay_expiry
        assert ends_on is not None, "asked for"
        renewal = stay.renewal
        return cls(
            ends_on=ends_on,
            days_left=(ends_on - today).days,
            application=listed(stay.application, stay.progress, reader),
            renewal=None
            if renewal is None
            else UnderWay(
                id=renewal.id,
                receipt_number=renewal.receipt_number,
                procedure=renewal.procedure,
                status=renewal.state,
            ),
        )


class EndingView(BaseModel):
    """Stays that end in a month, which is named by its first day, or on a day."""

    on: date
    stays: int = Field(examples=[31])
    under_way: int = Field(description="of these, how many are being renewed", examples=[12])

    @classmethod
    def of(cls, ending: Ending) -> "EndingView":
        return cls(on=ending.on, stays=ending.stays, under_way=ending.under_way)


class Endings(BaseModel):
    """Months or days on which stays end, those without any left out."""

    items: list[EndingView]


class RenewalsBody(BaseModel):
    """The applications of people whose stay is to be renewed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    application_ids: tuple[UUID, ...] = Field(min_length=1, max_length=MOST_RENEWALS)


class Hindrance(BaseModel):
    """A reason why a renewal was not begun."""

    pointer: str = Field(examples=["/activity"])
    code: str = Field(examples=["not-offered"])
    message: Words

    @classmethod
    def of(cls, problem: FieldProblem) -> "Hindrance":
        return cls(pointer=problem.pointer, code=problem.code, message=words(problem.message))

    @classmethod
    def about(cls, code: str, text: Text) -> "Hindrance":
        """One that is about no field."""
        return cls(pointer="", code=code, message=words(text))


class RenewalBegun(BaseModel):
    """The renewal of one stay: begun now, under way already, or refused with the reasons."""

    application_id: UUID
    outcome: Literal["begun", "under_way", "refused"]
    renewal_id: UUID | None = Field(description="the draft that was begun, or the application that is under way")
    problems: list[Hindrance]


class RenewalsBegun(BaseModel):
    """The outcome for each application, in the order in which they were named."""

    items: list[RenewalBegun]
