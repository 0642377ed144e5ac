"""Refunds: what can be given back, and that two officers of the card office do it."""

from enum import StrEnum
from uuid import UUID

from services.review.cases.domain.refusal import NotForYou, NotNow, Wrong
from services.review.cases.domain.states import State
from services.review.payment.domain.online import ReceiptState
from shared.errors import Text

# The end of a case that was paid for, with nothing left of it: a fee is due from the grant on.
ENDED_WITHOUT = State.TERMINATED


class Way(StrEnum):
    """The way in which money is given back."""

    PROVIDER = "provider"
    OTHERWISE = "otherwise"  # by transfer or in cash, where the provider refused it for good


def check_refundable(receipt: ReceiptState, case: State, proposed: bool, way: Way, was_refused: bool) -> None:
    """Raise `NotNow` unless the money pays nothing, or paid for a case that ended without what was paid for.

    Raise `Wrong` for another way than the provider's, unless the provider refused it.
    """
    if proposed or receipt is ReceiptState.REFUNDED:
        raise NotNow(
            "refund-proposed-already",
            Text("この入金の還付は既に起案されています", "A refund of this payment is proposed already"),
        )
    if receipt is ReceiptState.PAYS and case is not ENDED_WITHOUT:
        raise NotNow(
            "not-refundable",
            Text(
                "この入金は案件の手数料に充てられています。"
                "還付できるのは、重複した入金、金額の異なる入金と、終止した案件の手数料です。",
                "This payment pays the fee of its case. Double payments, payments of another amount, and fees of "
                "terminated"
                " cases are given back.",
            ),
        )

    if way is Way.OTHERWISE and not was_refused:
        raise Wrong(
            "not-refused",
            Text(
                "納付の受付事業者が還付を拒否していないため、受付事業者を通じて還付してください。",
                "The payment provider has not refused the refund: have it give the money back",
            ),
            "/way",
        )


def check_decision(proposed_by: UUID, decided: bool, officer: UUID, approve: bool, note: str | None) -> None:
    """Raise where the refund is decided, the officer proposed it, or a refusal does not say why."""
    if decided:
        raise NotNow("refund-decided-already", Text("この還付は決裁済みです", "This refund was decided already"))
    if proposed_by == officer:
        raise NotForYou(
            "four-eyes",
            Text(
                "起案者は決裁できません。カード交付係の別の担当者が決裁してください。",
                "You proposed it, so another officer of the card office has to decide",
            ),
        )
    if not approve and not (note or "").strip():
        raise Wrong(
            "note-missing", Text("認めない理由を記載してください", "Say why it is not approved, in `note`"), "/note"
        )
