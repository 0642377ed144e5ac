"""Batches of the card office: cards to print, cards to mail, and the files that come back."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from services.review.cases.domain.refusal import NotNow
from services.review.cases.domain.states import State
from shared.errors import Text

# A batch is worked through in one transaction; a day of 6,000 cards is six of them.
MOST_IN_BATCH = 1_000


class BatchKind(StrEnum):
    """The purpose of a batch."""

    PRINT = "print"
    MAIL = "mail"


# The state of cases that a batch takes up.
TAKES: Mapping[BatchKind, tuple[State, ...]] = {
    BatchKind.PRINT: (State.CARD_PRODUCTION,),
    BatchKind.MAIL: (State.CARD_ISSUED, State.RETURNED),
}
# Columns of the file that goes out, and of the one that comes back, with the names that others give them.
GOES_OUT: Mapping[BatchKind, Sequence[str]] = {
    BatchKind.PRINT: (
        "receipt_number",
        "code",
        "application_id",
        "procedure",
        "status_of_residence",
        "nationality",
        "period_of_stay",
        "stay_until",
    ),
    BatchKind.MAIL: ("receipt_number", "code", "application_id", "office"),
}
COMES_BACK: Mapping[BatchKind, Mapping[str, Sequence[str]]] = {
    BatchKind.PRINT: {
        "receipt_number": ("code", "受付番号", "申請受付番号"),
        "card_number": ("在留カード番号", "カード番号"),
    },
    BatchKind.MAIL: {
        "receipt_number": ("code", "受付番号", "申請受付番号"),
        "carrier": ("配送方法", "運送会社"),
        "tracking_number": ("お問い合わせ番号", "追跡番号"),
    },
}
# What the carrier reports of letters.
REPORT: Mapping[str, Sequence[str]] = {
    "tracking_number": ("お問い合わせ番号", "追跡番号"),
    "result": ("結果", "配達状況"),
}


class Delivered(StrEnum):
    """The carrier's word on a letter."""

    DELIVERED = "delivered"
    RETURNED = "returned"
    LOST = "lost"


# The state in which each leaves a case.
RECORDED: Mapping[Delivered, State] = {
    Delivered.DELIVERED: State.DELIVERED,
    Delivered.RETURNED: State.RETURNED,
    Delivered.LOST: State.CARD_PRODUCTION,
}
# The words that carriers have for them.
RESULT_WORDS: Mapping[str, Delivered] = {
    "delivered": Delivered.DELIVERED,
    "配達完了": Delivered.DELIVERED,
    "お届け済み": Delivered.DELIVERED,
    "returned": Delivered.RETURNED,
    "返送": Delivered.RETURNED,
    "返戻": Delivered.RETURNED,
    "lost": Delivered.LOST,
    "紛失": Delivered.LOST,
    "亡失": Delivered.LOST,
}


def check_some(count: int, kind: BatchKind) -> None:
    """Raise `NotNow` where no case waits for a batch, or colleagues have taken all that did."""
    if count == 0:
        raise NotNow(
            f"nothing-to-{kind.value}",
            Text(
                "対象の案件はありません。他の担当者が既にまとめた可能性があります。一覧を確認してください。",
                "No case waits for it. A colleague may have taken all that did: look at the batches.",
            ),
        )
