"""Hand-over at the counter: how the new card is received, and that something is handed over."""

from enum import StrEnum

from services.review.cases.domain.refusal import Wrong
from shared.errors import Text

# How a fee is paid at a counter.
REVENUE_STAMP = "revenue_stamp"


class Receives(StrEnum):
    """The way in which the applicant gets the new card."""

    POST = "post"  # a return envelope was handed over
    COUNTER = "counter"


def check_handed_over(amount_yen: int | None, residence_card_received: bool, receives: Receives | None) -> None:
    """Raise `Wrong` where nothing is handed over, or an old card without saying how the new one is received."""
    if residence_card_received and receives is None:
        raise Wrong(
            "receives-missing",
            Text("新しい在留カードの受取方法を選択してください", "Choose how the applicant receives the new card"),
            "/receives",
        )
    if amount_yen is None and receives is None:
        raise Wrong(
            "nothing-handed-over",
            Text(
                "収入印紙の金額を入力するか、在留カード等の受領を記録してください",
                "Enter the amount of the revenue stamps, or record the old card",
            ),
            "/amount_yen",
        )
