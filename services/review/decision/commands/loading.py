"""An application and a proposal as the rules of a decision see them."""

from services.review.cases.domain.flow import Outcome
from services.review.cases.store import Case, Proposal
from services.review.decision.domain.decision import Filed, Proposed


def as_filed(case: Case) -> Filed:
    """The application as filed."""
    return Filed(
        procedure=case.procedure,
        combined_with=frozenset(case.combined_with),
        status_of_residence=case.status_of_residence,
        received_on=case.legal_date,
        stay_expiry=case.stay_expiry,
    )


def as_proposed(proposal: Proposal) -> Proposed:
    """The outcome that was proposed."""
    return Proposed(
        outcome=Outcome(proposal.outcome),
        period_of_stay=proposal.period_of_stay,
        reentry=proposal.reentry,
        reason_code=proposal.reason_code,
        reason=proposal.reason,
    )
