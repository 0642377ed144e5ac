"""A decision between its approval and its effect: it takes effect by the clock, or a second officer recalls it."""

from collections.abc import Callable, Mapping
from functools import partial
from uuid import UUID

from services.review.audit import Tag
from services.review.cases.commands.loading import (
    DECISION_EFFECT,
    Loaded,
    event_header,
    load,
    load_waiting_parts,
    officer,
    save,
)
from services.review.cases.domain.flow import Outcome, Progress
from services.review.cases.domain.states import State
from services.review.cases.schemas import CaseBrief
from services.review.cases.store import Proposal, lock_case, proposals_of
from services.review.decision.commands.loading import as_filed, as_proposed
from services.review.decision.domain import decision, flow
from services.review.decision.store import late_effects
from shared.clock import legal_date
from shared.events.fields import GrantedCondition
from shared.events.review import ReviewCompleted
from shared.reference.grant_conditions import chosen, in_order, is_choice
from shared.timers import at
from shared.work import Work

_OUTCOMES = {Outcome.GRANT: "granted", Outcome.REFUSE: "refused", Outcome.NOT_ACCEPT: "not_accepted"}
_RESTORED_AT_ONCE = 1000


async def await_effect(work: Work, loaded: Loaded, approved: Progress) -> None:
    """Have an approved proposal take effect at its moment, which may be now. `approved` is the progress of the case
    with it."""
    proposal = loaded.proposal
    assert proposal is not None
    assert proposal.effective_at is not None
    if not proposal.is_due(work.now):
        await at(work.session, DECISION_EFFECT, proposal.id, proposal.effective_at)
        return
    # What else was waited for has ended with the proposal.
    await _take_effect(work, Loaded(loaded.case, approved, proposal, None, None, None))


async def take_effect(work: Work, proposal_id: UUID) -> None:
    """Let a decision take effect that is due. Nothing happens where it was recalled, or the application withdrawn."""
    proposal = await work.session.get(Proposal, proposal_id)
    if proposal is None:
        return
    case = await lock_case(work.session, proposal.case_id)
    assert case is not None
    # Read before the case was locked: it may have been recalled meanwhile.
    await work.session.refresh(case)
    await work.session.refresh(proposal)
    if proposal.is_due(work.now) and proposal.waits_for_effect and case.state == State.DECIDED:
        await _take_effect(work, await load_waiting_parts(work, case))


async def _take_effect(work: Work, loaded: Loaded) -> None:
    case, proposal = loaded.case, loaded.proposal
    assert proposal is not None
    assert proposal.decided_at is not None
    proposed, filed = as_proposed(proposal), as_filed(case)
    granted = proposed.outcome is Outcome.GRANT
    fee_yen = decision.fee_due(proposed, filed) if granted else 0
    await save(work, loaded, flow.take_effect(loaded.progress, fee_yen))
    if granted:
        case.granted_period = proposed.period_of_stay
        case.stay_until = decision.stay_until(proposed, filed, legal_date(proposal.decided_at))
    proposal.took_effect_at = work.now
    work.journal("case", case.id, Tag.TAKE_EFFECT, {"outcome": proposed.outcome, "fee_yen": fee_yen})
    event = event_header(case) | {
        "outcome": _OUTCOMES[proposed.outcome],
        "procedure": case.procedure,
        "status_of_residence": case.status_of_residence,
        "period_of_stay": case.granted_period,
        "stay_until": case.stay_until,
        "fee_yen": fee_yen,
        "reason_code": proposed.reason_code,
        "sealed_reason": work.seal(proposed.reason) if proposed.reason else None,
        "conditions": granted_conditions(proposal.conditions, work.seal),
        "decided_at": proposal.decided_at,
    }
    work.emit(ReviewCompleted.model_validate(event))


def granted_conditions(stated: Mapping[str, str], seal: Callable[[str], str]) -> list[GrantedCondition]:
    """The conditions of a grant as events have them: an officer's own words, which may name people, are sealed."""
    found: list[GrantedCondition] = []
    for code, value in in_order(stated):
        if is_choice(code):
            found += [GrantedCondition(code=code, choice=choice) for choice in chosen(value)]
        else:
            found.append(GrantedCondition(code=code, sealed_text=seal(value)))
    return found


async def sealed_conditions(work: Work, case_id: UUID) -> list[GrantedCondition]:
    """The conditions of the grant that is in effect, for the paper that states them; the words are sealed for the
    application service, which draws it."""
    proposals = await proposals_of(work.session, case_id)
    in_effect: Mapping[str, str] = next((one.conditions for one in proposals if one.took_effect_at is not None), {})
    return granted_conditions(in_effect, partial(work.keys.seal_for, "application"))


async def recall(work: Work, case_id: UUID, reason: str) -> CaseBrief:
    """Take a decision back before it takes effect; its examiner examines again. The applicant never learns of it."""
    loaded = await load(work, case_id)
    after = flow.recall(loaded.progress, officer(work.actor))
    proposal = loaded.proposal
    assert proposal is not None
    await save(work, loaded, after)
    proposal.recalled_by, proposal.recalled_person = work.actor_id, work.actor.person
    proposal.recalled_at, proposal.recall_reason = work.now, reason
    work.journal("case", case_id, Tag.RECALL, {"proposal_id": proposal.id, "reason": reason})
    return CaseBrief.of(loaded.case)


async def restore_timers(work: Work) -> None:
    """Set again the timers of decisions whose moment passed without effect. One that stands keeps its moment."""
    for proposal in await late_effects(work.session, work.now, _RESTORED_AT_ONCE):
        assert proposal.effective_at is not None
        await at(work.session, DECISION_EFFECT, proposal.id, proposal.effective_at)
