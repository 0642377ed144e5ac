"""Flags of a case: why it comes before others, or what its examiner has to mind."""

from collections.abc import Collection, Mapping
from types import MappingProxyType

from services.review.cases.domain.flow import Officer, Progress, require
from services.review.cases.domain.refusal import NotNow
from services.review.cases.domain.states import Step
from services.review.cases.domain.urgency import NO_FLAG
from services.review.cases.domain.word_lists import check_listed, word_list
from shared.errors import Text

FLAGS = word_list(
    urgent=Text("緊急", "Urgent"),
    humanitarian=Text("人道上の配慮", "Humanitarian"),
    medical=Text("病気・出産", "Illness or birth"),
    departure=Text("出国の予定", "The applicant is about to travel"),
    complaint=Text("照会・苦情あり", "Inquiry or complaint"),
)
# The rank of each among the cases of an office: the lowest comes first. A flag without a rank changes no order.
RANKS: Mapping[str, int] = MappingProxyType({"urgent": 0, "humanitarian": 1, "medical": 1, "departure": 2})


def set_flag(case: Progress, by: Officer, code: str, present: Collection[str]) -> None:
    """The chief flags the case."""
    require(case, Step.FLAG, by)
    check_listed(code, FLAGS, "/code")
    if code in present:
        raise NotNow("flagged", Text("その表示は付いています", "The case has this flag already"))


def remove_flag(case: Progress, by: Officer, code: str, present: Collection[str]) -> None:
    """The chief takes a flag away."""
    require(case, Step.UNFLAG, by)
    if code not in present:
        raise NotNow("not-flagged", Text("その表示は付いていません", "The case does not have this flag"))


def priority(flags: Collection[str]) -> int:
    """The rank of a case with these flags."""
    return min((RANKS.get(code, NO_FLAG) for code in flags), default=NO_FLAG)
