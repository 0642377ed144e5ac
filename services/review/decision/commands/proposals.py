"""The proposal (起案) of an examiner, and the decision (決裁) of a second officer about it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from services.review.audit import WORDING, Tag
from services.review.cases.commands.loading import Loaded, load, officer, save
from services.review.cases.domain.refusal import Change, NotNow, Outdated, Wrong
from services.review.cases.domain.states import State
from services.review.cases.schemas import CaseBrief
from services.review.cases.store import Proposal
from services.review.decision.commands.effect import await_effect
from services.review.decision.commands.loading import as_filed, as_proposed, present_basis
from services.review.decision.commands.same_person import load_same_person
from services.review.decision.domain import decision, flow
from services.review.decision.store import last_change
from shared.errors import Text
from shared.ids import new_id
from shared.work import Work


@dataclass(frozen=True, slots=True)
class Read:
    """The reading before a step: the proposal, and whether a revision of the case is the one that was read.
    None: the caller does not say, and the case as it is now counts."""

    proposal_id: UUID | None = None
    is_current: Callable[[int], bool] | None = None


AS_IT_IS = Read()


async def propose(
    work: Work, case_id: UUID, proposed: decision.Proposed, hints: Sequence[str] = (), read: Read = AS_IT_IS
) -> CaseBrief:
    """Propose how the case should end; a chief examiner, who is somebody else, decides. `hints` are the codes of those
    that the examiner was shown; what the proposal rests on is kept with it."""
    loaded = await load(work, case_id)
    after = flow.propose(loaded.progress, officer(work.actor), proposed.outcome, work.today)
    await _require_current(work, case_id, read)
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
        conditions=dict(proposed.conditions),
        proposed_by=work.actor_id,
        proposed_person=work.actor.person,
        proposed_at=work.now,
        basis=(await present_basis(work, loaded.case, hints)).model_dump(mode="json"),
    )
    work.session.add(proposal)
    work.journal("case", case_id, Tag.PROPOSE, {"outcome": proposed.outcome, "period": proposed.period_of_stay})
    return CaseBrief.of(loaded.case)


async def decide(
    work: Work, case_id: UUID, approve: bool, note: str | None, read: Read, recall_within: timedelta
) -> CaseBrief:
    """Approve the proposal, which ends the examination, or send it back to the examiner with a note: no other than the
    one that the officer read. An approved one takes effect after `recall_within`."""
    loaded = await load(work, case_id)
    if approve:
        return await approve_read(work, loaded, read, note, recall_within)
    return await _send_back(work, loaded, read, note)


async def _require_current(work: Work, case_id: UUID, read: Read) -> None:
    """Raise `Outdated` where something happened to the case since the officer read it."""
    if read.is_current is None:
        return
    last = await last_change(work.session, case_id)
    if not read.is_current(last.revision):
        words = WORDING[Tag(last.action)]
        raise Outdated(
            "changed-meanwhile",
            Text(
                "この案件は、表示した後に変わりました（{words}）。変わった内容を確認してから、"
                "もう一度実行してください。",
                "The case changed after you read it ({words}). Look at what changed, then repeat the step.",
            ).with_values(words=words),
            change=Change(last.at, last.by),
        )


def _require_read(loaded: Loaded, proposal_id: UUID | None) -> None:
    """Raise `NotNow` where another proposal waits than the one that was read."""
    # In any other state than PROPOSED the state itself says more.
    waiting = loaded.proposal if loaded.progress.state is State.PROPOSED else None
    if proposal_id is not None and waiting is not None and waiting.id != proposal_id:
        raise NotNow(
            "another-proposal",
            Text(
                "確認した起案は差し戻され、新しい起案が決裁を待っています。案件をもう一度確認してください。",
                "The proposal that you read was sent back, and another one waits. Read the case again.",
            ),
            change=loaded.progress.change,
        )


async def approve_read(work: Work, loaded: Loaded, read: Read, note: str | None, recall_within: timedelta) -> CaseBrief:
    """Approve the proposal of a case, as it was read."""
    _require_read(loaded, read.proposal_id)
    by = officer(work.actor)
    # Role and state are checked before anything of the proposal is read.
    flow.approve(loaded.progress, by)
    await _require_current(work, loaded.case.id, read)
    loaded.progress = await load_same_person(work, loaded)
    after = flow.approve(loaded.progress, by)
    proposal = loaded.proposal
    assert proposal is not None
    decision.check(as_proposed(proposal), as_filed(loaded.case), work.today)
    await save(work, loaded, after)
    _write_decision(work, proposal, True, note)
    proposal.effective_at = work.now + recall_within
    work.journal("case", loaded.case.id, Tag.APPROVE, {"outcome": proposal.outcome})
    await await_effect(work, loaded, after)
    return CaseBrief.of(loaded.case)


async def _send_back(work: Work, loaded: Loaded, read: Read, note: str | None) -> CaseBrief:
    _require_read(loaded, read.proposal_id)
    after = flow.send_back(loaded.progress, officer(work.actor))
    await _require_current(work, loaded.case.id, read)
    if not (note or "").strip():
        raise Wrong(
            "note-missing", Text("差し戻す理由を記載してください", "Say why the proposal goes back, in `note`"), "/note"
        )
    assert loaded.proposal is not None
    await save(work, loaded, after)
    _write_decision(work, loaded.proposal, False, note)
    work.journal("case", loaded.case.id, Tag.SEND_BACK, {"note": note})
    return CaseBrief.of(loaded.case)


def _write_decision(work: Work, proposal: Proposal, approved: bool, note: str | None) -> None:
    proposal.approved = approved
    proposal.decided_by, proposal.decided_person = work.actor_id, work.actor.person
    proposal.decided_at = work.now
    proposal.note = note
