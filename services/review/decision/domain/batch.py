"""The rules of deciding many proposals in one pass: they are alike, and the officer has opened each of them.

A look at a case and its changes are numbered in one order, that of its journal: a case was opened as it is where the
last look is later than the last change (its revision).
"""

from collections.abc import Iterable
from enum import StrEnum

from services.review.cases.domain.flow import Identities, Officer
from services.review.cases.domain.refusal import NotNow, Wrong
from shared.errors import Text

MOST_AT_ONCE = 100


class Obstacle(StrEnum):
    """The reason for which an officer cannot decide about a proposal in a pass of several."""

    FOUR_EYES = "four-eyes"
    NOT_OPENED = "not-opened"


def obstacle(by: Officer, proposers: Identities, revision: int, look: int | None) -> Obstacle | None:
    """The obstacle for an officer to a proposal in a pass of several; None where there is none."""
    if proposers & by.known_as:
        return Obstacle.FOUR_EYES
    return None if _opened(revision, look) else Obstacle.NOT_OPENED


def require_opened(revision: int, look: int | None) -> None:
    """Raise `NotNow` where the officer has not opened the case since it last changed."""
    if not _opened(revision, look):
        raise NotNow(
            Obstacle.NOT_OPENED.value,
            Text(
                "起案又はその後の変更の後に、この案件を開いていません。案件を確認してから決裁してください。",
                "You have not opened this case since it was proposed or changed. Read it, then decide.",
            ),
        )


def check_alike(kinds: Iterable[object]) -> None:
    """Raise `Wrong` where proposals differ in procedure, status of residence, outcome or period of stay."""
    if len(set(kinds)) > 1:
        raise Wrong(
            "not-alike",
            Text(
                "手続・在留資格・処分・在留期間が同じ起案だけを一度に決裁できます。",
                "Only proposals with the same procedure, status of residence, outcome and period of stay are decided "
                "in one"
                " pass",
            ),
            "/cases",
        )


def _opened(revision: int, look: int | None) -> bool:
    return look is not None and look > revision
