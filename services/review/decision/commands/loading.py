"""An application and a proposal as the rules of a decision see them."""

from collections.abc import Sequence
from uuid import UUID

from services.review.cases.domain.flow import Outcome
from services.review.cases.store import Case, Proposal, made_corrections
from services.review.decision.domain.decision import Proposed
from services.review.decision.domain.filed import Filed
from services.review.decision.schemas.basis import Basis
from services.review.decision.store import last_change
from services.review.examination.store import last_examination
from shared.work import Work


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
        conditions=proposal.conditions,
    )


async def present_basis(work: Work, case: Case, hints: Sequence[str] = ()) -> Basis:
    """The basis of a proposal that is made now."""
    return basis_of(
        case,
        (await last_change(work.session, case.id)).revision,
        await made_corrections(work.session, case.id),
        await last_examination(work.session, case.id),
        hints,
    )


def basis_of(
    case: Case, revision: int, corrections: Sequence[UUID], examination_id: UUID | None, hints: Sequence[str] = ()
) -> Basis:
    """Everything that is read of a case: its form, its files, the corrections that were made, the last findings."""
    return Basis(
        revision=revision,
        form_version=case.form_version,
        document_ids=[UUID(one) for one in case.document_ids],
        photo_id=case.photo_id,
        corrections=list(corrections),
        examination_id=examination_id,
        hints=list(hints),
    )
