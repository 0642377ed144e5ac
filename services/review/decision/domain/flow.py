"""The steps of a decision: proposal, decision by a second officer, and cases of the same person."""

from dataclasses import replace
from datetime import date

from services.review.cases.domain.flow import (
    NOBODY,
    Officer,
    Outcome,
    Progress,
    require,
    state_after_payment,
)
from services.review.cases.domain.refusal import NotForYou, NotNow
from services.review.cases.domain.states import State, Step
from shared.errors import Text


def resolve_same_person(case: Progress, by: Officer) -> Progress:
    """The examiner writes down how another case of the same person belongs to this one; the case stays where it is."""
    require(case, Step.RESOLVE_SAME_PERSON, by)
    return case


def propose(case: Progress, by: Officer, outcome: Outcome, today: date) -> Progress:
    """The examiner says how the case should end; nothing ends yet."""
    require(case, Step.PROPOSE, by, today)
    return replace(
        case,
        state=State.PROPOSED,
        proposed=outcome,
        proposers=case.proposers | by.known_as,
        documents_due=None,
    )


def approve(case: Progress, by: Officer) -> Progress:
    """The decision (決裁), which is not in effect yet.

    Four eyes: who ever proposed cannot decide, whatever other role or account they hold, nor who resolved that another
    case of the same person is decided. Until somebody has, there is no second decision.
    """
    require(case, Step.APPROVE, by)
    if case.resolvers & by.known_as:
        raise NotForYou(
            "four-eyes",
            Text(
                "同一人の案件の確認をした職員は決裁できません。別の決裁者が決裁してください。",
                "You resolved the cases of the same person, so another chief examiner has to decide",
            ),
        )
    if case.held_by:
        numbers = ", ".join(case.held_by)
        raise NotNow(
            "same-person-unresolved",
            Text(
                "同一人の可能性がある案件（{numbers}）が決裁済みです。担当審査官が関係を確認し、記録してください。",
                "Another case of the same person is decided ({numbers}): its examiner has to "
                "look into it and record the finding before this one is decided",
            ).with_values(numbers=numbers),
        )
    return replace(case, state=State.DECIDED, deciders=by.known_as)


def recall(case: Progress, by: Officer) -> Progress:
    """A decision that is not in effect is taken back; its examiner examines again. Four eyes: who decided cannot."""
    require(case, Step.RECALL, by)
    return replace(case, state=State.UNDER_REVIEW, proposed=None, deciders=NOBODY)


def take_effect(case: Progress, fee_yen: int) -> Progress:
    """The decision takes effect, by the clock. `fee_yen` is what a grant costs; 0 where it is free."""
    decided = replace(case, proposed=None, deciders=NOBODY)
    match case.proposed:
        case Outcome.REFUSE:
            return replace(decided, state=State.DECIDED_REFUSE)
        case Outcome.NOT_ACCEPT:
            return replace(decided, state=State.NOT_ACCEPTED)
    granted = replace(decided, state=State.AWAITING_FEE, fee_yen=fee_yen, fee_paid=fee_yen == 0)
    return replace(granted, state=state_after_payment(granted))


def send_back(case: Progress, by: Officer) -> Progress:
    """The chief does not agree; the case goes back to its examiner. Four eyes here as well."""
    require(case, Step.SEND_BACK, by)
    return replace(case, state=State.UNDER_REVIEW, proposed=None)
