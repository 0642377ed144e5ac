"""The fee over HTTP: as the card office records it, and as a case shows it."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.review.cases.schemas import Body, Part, example
from shared.text import one_line
from shared.text.typed import Amount, Day, Typed


class Payment(Body):
    """A fee that came in."""

    model_config = example({"amount_yen": 5500, "paid_on": "2026-07-20", "reference": "PAY-2026-000123"})
    amount_yen: Amount
    paid_on: Day
    reference: Annotated[str, Typed(one_line, most=80)]


class PaymentView(Part):
    amount_yen: int
    paid_on: date
    reference: str
    recorded_by: UUID | None = Field(description="the officer who recorded the slip; null: paid online")
    recorded_at: datetime
