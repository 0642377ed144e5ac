"""Card materials, cards and mailings over HTTP."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field

from services.review.cases.schemas import Body, Code, Part, example
from shared.text import half_width
from shared.text.typed import Day, Typed


class MaterialsReceived(Body):
    """The envelope arrived; was the old residence card in it?"""

    model_config = example({"residence_card_received": True})
    residence_card_received: bool


class NewCard(Body):
    """The new residence card."""

    model_config = example({"card_number": "AB12345678CD", "expires_on": "2029-08-31"})
    card_number: Annotated[str, Typed(half_width, most=40)]
    expires_on: Day


class Mailing(Body):
    """The carrier of the card, and the tracking number."""

    model_config = example({"carrier": "letter_pack_plus", "tracking_number": "123456789012"})
    carrier: Code
    tracking_number: Annotated[str, Typed(half_width, most=40)]


class Visit(Body):
    """The reason for which the card has to be collected at a counter, and the last day."""

    model_config = example({"reason_code": "returned_mail", "visit_by": "2026-08-31"})
    reason_code: Code
    visit_by: Day | None = None


class Return(Body):
    """The end of a letter that did not reach its holder."""

    model_config = example({"kind": "returned"})
    kind: Code


class MaterialsView(Part):
    carrier: str | None
    tracking_number: str | None
    fee_reference: str | None
    sent_at: datetime | None
    residence_card_received: bool | None
    received_at: datetime | None


class CardView(BaseModel):
    card_number_masked: str = Field(examples=["AB********CD"])
    expires_on: date
    issued_at: datetime


class DispatchView(Part):
    carrier: str
    tracking_number: str
    mailed_at: datetime
