"""The proposal (起案) of an examiner, and the decision (決裁) of a second officer about it."""

from uuid import UUID

from services.review.audit import Tag
from services.review.cases.commands.loading import Loaded, event_header, load, officer, save
from services.review.cases.domain.flow import Outcome
from services.review.cases.domain.refusal import NotNow, Wrong
from services.review.cases.schemas import CaseBrief
from services.review.cases.store import Case, Proposal
from services.review.decision.commands.same_person import load_same_person
from services.review.decision.domain import decision, flow
from shared.events.review import ReviewCompleted
from shared.ids import new_id
from shared.work import Work

_OUTCOMES = {Outcome.GRANT: "granted", Outcome.REFUSE: "refused", Outcome.NOT_ACCEPT: "not_accepted"}


async def propose(work: Work, case_id: UUID, proposed: decision.Proposed) -> CaseBrief:
    """Propose how the case should end; a chief examiner, who is somebody else, decides."""
    loaded = await load(work, case_id)
    after = flow.propose(loaded.progress, officer(work.actor), proposed.outcome, work.today)
    decision.check(proposed, as_filed(loaded.case), work.today)
    await save(work, loaded, after)
    proposal = Proposal(
        id=new_id(),
        case_id=case_id,
        outcome=proposed.outcome,
        period_of_stay=proposed.period_of_stay,
        reentry=proposed.reentry,
        reason_code=proposed.reason_code,
        reason=proposed.reason,
        proposed_by=work.actor_id,
        proposed_at=work.now,
        approved=None,
        decided_by=None,
        decided_at=None,
        note=None,
    )
    work.session.add(proposal)
    work.journal("case", case_id, Tag.PROPOSE, {"outcome": proposed.outcome, "period": proposed.period_of_stay})
    return CaseBrief.of(loaded.case)


async def decide(
    work: Work, case_id: UUID, approve: bool, note: str | None, proposal_id: UUID | None = None
) -> CaseBrief:
    """Approve the proposal, which ends the examination, or send it back to the examiner with a note. With `proposal_id`
    no other than the proposal that the officer read."""
    loaded = await load(work, case_id)
    if proposal_id is not None and loaded.proposal is not None and loaded.proposal.id != proposal_id:
        raise NotNow(
            "another-proposal",
            "確認した起案は差し戻され、新しい起案が決裁を待っています。案件をもう一度確認してください。",
            "The proposal that you read was sent back, and another one waits. Read the case again.",
        )
    return await (_approve(work, loaded, note) if approve else _send_back(work, loaded, note))


async def _approve(work: Work, loaded: Loaded, note: str | None) -> CaseBrief:
    case = loaded.case
    by = officer(work.actor)
    # Role and state are checked before anything of the proposal is read.
    flow.approve(loaded.progress, by, 0)
    loaded.progress = await load_same_person(work, loaded)
    flow.approve(loaded.progress, by, 0)
    assert loaded.proposal is not None
    proposed = _read_proposal(loaded.proposal)
    decision.check(proposed, as_filed(case), work.today)
    granted = proposed.outcome is Outcome.GRANT
    fee_yen = decision.fee_due(proposed, as_filed(case)) if granted else 0
    await save(work, loaded, flow.approve(loaded.progress, by, fee_yen))
    if granted:
        case.granted_period = proposed.period_of_stay
        case.stay_until = decision.stay_until(proposed, as_filed(case), work.today)
    _write_decision(work, loaded.proposal, True, note)
    work.journal("case", case.id, Tag.APPROVE, {"outcome": proposed.outcome, "fee_yen": fee_yen})
    event = event_header(case) | {
        "outcome": _OUTCOMES[proposed.outcome],
        "procedure": case.procedure,
        "status_of_residence": case.status_of_residence,
        "period_of_stay": case.granted_period,
        "stay_until": case.stay_until,
        "fee_yen": fee_yen,
        "reason_code": proposed.reason_code,
        "decided_at": work.now,
    }
    work.emit(ReviewCompleted.model_validate(event))
    return CaseBrief.of(case)


async def _send_back(work: Work, loaded: Loaded, note: str | None) -> CaseBrief:
    after = flow.send_back(loaded.progress, officer(work.actor))
    if not (note or "").strip():
        raise Wrong(
            "note-missing", "差し戻す理由を記載してください", "Say why the proposal goes back, in `note`", "/note"
        )
    assert loaded.proposal is not None
    await save(work, loaded, after)
    _write_decision(work, loaded.proposal, False, note)
    work.journal("case", loaded.case.id, Tag.SEND_BACK, {"note": note})
    return CaseBrief.of(loaded.case)


def _write_decision(work: Work, proposal: Proposal, approved: bool, note: str | None) -> None:
    proposal.approved = approved
    proposal.decided_by = work.actor_id
    proposal.decided_at = work.now
    proposal.note = note


def _read_proposal(proposal: Proposal) -> decision.Proposed:
    return decision.Proposed(
        outcome=Outcome(proposal.outcome),
        period_of_stay=proposal.period_of_stay,
        reentry=proposal.reentry,
        reason_code=proposal.reason_code,
        reason=proposal.reason,
    )


def as_filed(case: Case) -> decision.Filed:
    """The application as the rules of a decision see it."""
    return decision.Filed(
        procedure=case.procedure,
        combined_with=frozenset(case.combined_with),
        status_of_residence=case.status_of_residence,
        received_on=case.legal_date,
        stay_expiry=case.stay_expiry,
    )
