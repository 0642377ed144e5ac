"""Hand-over at the counter over HTTP."""

from pydantic import Field

from services.review.card_desk.domain.counter import Receives
from services.review.cases.schemas import Body, example
from shared.text.typed import Amount


class HandOver(Body):
    """Stamps, the old card and the envelope, as an applicant hands them over at the counter."""

    model_config = example({"amount_yen": 5500, "residence_card_received": True, "receives": "counter"})
    amount_yen: Amount | None = Field(None, description="the revenue stamps, cancelled at the counter; null: none")
    residence_card_received: bool = False
    receives: Receives | None = Field(
        None, description="how the new card is received: by post, with the envelope that was handed over, or collected"
    )
