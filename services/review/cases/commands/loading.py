"""From rows to what the rules know, and back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.review.cases.domain import clock, duration, flow
from services.review.cases.domain.flow import Officer, Outcome, Progress
from services.review.cases.domain.refusal import Change
from services.review.cases.domain.states import NOT_HANDED_OVER, UNDECIDED, ActingRole, State
from services.review.cases.domain.urgency import act_by, standard_end
from services.review.cases.store import (
    Case,
    CaseState,
    DocumentRequest,
    Interview,
    MoreTimeRequest,
    Proposal,
    is_own,
    lock_case,
    lock_case_of,
    open_interview,
    open_request,
    proposals_of,
    release_booking,
    waiting_more_time,
)
from shared.auth import Actor, Owner, Record, Role, sees
from shared.errors import NotFound
from shared.events.review import InterviewEnded
from shared.events.review_allocation import CaseAllocated
from shared.ids import new_id
from shared.messaging import NotYet
from shared.timers import at, cancel
from shared.work import Work

DOCUMENTS_OVERDUE = "documents_overdue"
CASE_CLOCK = "case_clock"
DOCUMENTS_DUE_SOON = "documents_due_soon"
INTERVIEW_SOON = "interview_soon"
DECISION_EFFECT = "decision_effect"
ENDED_UNPAID = "case_ended_unpaid"
_NO_OFFICERS = (ActingRole.APPLICANT, ActingRole.CLOCK)
_WITH_PROPOSAL = (State.PROPOSED, State.DECIDED)
_ROLES = {Role(role.value): role for role in ActingRole if role not in _NO_OFFICERS}


@dataclass(slots=True)
class Loaded:
    """A case that this command alone may change, with what the rules know of it: the proposal that waits for its
    decision or its effect, and the request that waits for its answer."""

    case: Case
    progress: Progress
    proposal: Proposal | None
    request: DocumentRequest | None
    more_time: MoreTimeRequest | None
    interview: Interview | None


def officer(actor: Actor) -> Officer:
    """The actor as the rules see them."""
    assert actor.id is not None
    return Officer(actor.id, frozenset(_ROLES[role] for role in actor.roles if role in _ROLES), actor.person)


async def lock(work: Work, case_id: UUID) -> Case:
    """The case, locked until the command ends. Raises `NotFound`, also where the actor does not see it.

    Reading commands lock as well: they write to the same chain of the journal.
    """
    case = await lock_case(work.session, case_id)
    if case is None or not sees(work.actor, Record.CASE, case.office):
        raise NotFound()
    return case


async def lock_own(work: Work, application_id: UUID) -> Case:
    """The case of the actor's own application, locked until the command ends. Raises `NotFound`."""
    case = await lock_case_of(work.session, application_id)
    if case is None or not is_own(case, Owner.of(work.actor)):
        raise NotFound()
    return case


async def load(work: Work, case_id: UUID) -> Loaded:
    """The case for an officer's command; raises `NotFound`."""
    return await load_waiting_parts(work, await lock(work, case_id))


async def find_by_application(work: Work, application_id: UUID) -> Loaded | None:
    """The case of an application, or None where it is not open."""
    case = await lock_case_of(work.session, application_id)
    return None if case is None else await load_waiting_parts(work, case)


async def load_of_application(work: Work, application_id: UUID) -> Loaded:
    """The case of an application, for a later event of it. Raises `NotYet` where it is not open yet."""
    loaded = await find_by_application(work, application_id)
    if loaded is None:
        raise NotYet(f"the case of application {application_id} is not open yet")
    return loaded


def with_deciders(progress: Progress, proposals: Sequence[Proposal]) -> Progress:
    """The progress of a granted case with those who decided it, which no step but its termination asks for."""
    if progress.state not in NOT_HANDED_OVER:
        return progress
    decided = [_deciders(one) for one in proposals if one.approved and one.recalled_at is None]
    return replace(progress, deciders=flow.NOBODY.union(*decided))


async def load_waiting_parts(work: Work, case: Case) -> Loaded:
    """A locked case with everything that it waits for: the decision, documents, the answer about more time, an
    interview."""
    proposals = await proposals_of(work.session, case.id) if case.state in _WITH_PROPOSAL else ()
    proposal = next((one for one in proposals if one.waits_for_decision or one.waits_for_effect), None)
    request = await open_request(work.session, case.id) if case.documents_due is not None else None
    more_time = await waiting_more_time(work.session, request.id) if request else None
    interview = await open_interview(work.session, case.id) if case.state == State.ON_HOLD_INTERVIEW else None
    progress = Progress(
        state=State(case.state),
        issue=flow.issue_of(case.procedure),
        examiner=case.examiner_id,
        examiner_since=case.examiner_since or case.started_at,
        proposed=Outcome(proposal.outcome) if proposal else None,
        proposers=flow.NOBODY.union(*(flow.identities(one.proposed_by, one.proposed_person) for one in proposals)),
        deciders=_deciders(proposal),
        documents_due=case.documents_due,
        more_time_asked=more_time is not None,
        fee_yen=case.fee_yen,
        fee_paid=case.fee_paid,
        materials_received=case.materials_received,
        change=Change(case.state_since, case.state_by),
        procedure=case.procedure,
    )
    return Loaded(case, progress, proposal, request, more_time, interview)


def _deciders(proposal: Proposal | None) -> flow.Identities:
    if proposal is None or proposal.decided_by is None:
        return flow.NOBODY
    return flow.identities(proposal.decided_by, proposal.decided_person)


def _next_due(work: Work, case: Case) -> datetime | None:
    return clock.next_due(State(case.state), clock.Dates.of(case), work.now)


async def set_clock(work: Work, case: Case, known: datetime | None = None) -> None:
    """Compute the days by which something about the case is due, and have the next one reported when it comes. `known`
    is the moment for which its timer stands already."""
    case.standard_end = standard_end(case.procedure, case.legal_date, case.waited_seconds)
    case.act_by = act_by(case.standard_end, case.stay_expiry, case.special_period_end)
    due = _next_due(work, case)
    if due == known and due is not None:
        return
    if due is None:
        await cancel(work.session, CASE_CLOCK, case.id)
    else:
        await at(work.session, CASE_CLOCK, case.id, due)


async def save(work: Work, loaded: Loaded, after: Progress) -> None:
    """Write what a step changed. What is no longer waited for is closed, and its timers forgotten."""
    case = loaded.case
    if case.state == State.DECIDED and loaded.proposal is not None and not loaded.proposal.is_due(work.now):
        await cancel(work.session, DECISION_EFFECT, loaded.proposal.id)
    known = _next_due(work, case)
    state_changes = case.state != after.state
    if state_changes:
        if case.state == State.COUNTER_VISIT:
            await release_booking(work.session, case.id, work.now)
        _leave_state(work, case, after.state)
        if loaded.interview is not None:
            await _close_interview(work, case, loaded.interview)
    if case.examiner_id != after.examiner:
        case.examiner_id = after.examiner
        case.examiner_since = work.now
        case.started_at = case.started_at or work.now
        work.emit(
            CaseAllocated(
                case_id=case.id,
                application_id=case.application_id,
                receipt_number=case.receipt_number,
                examiner_id=case.examiner_id,
                allocated_at=work.now,
            )
        )
    due_changes = case.documents_due != after.documents_due
    case.documents_due = after.documents_due
    case.fee_yen = after.fee_yen
    case.fee_paid = after.fee_paid
    case.materials_received = after.materials_received
    if loaded.request is not None and after.documents_due is None:
        loaded.request.closed_at = work.now
        await cancel(work.session, DOCUMENTS_OVERDUE, loaded.request.id)
        await cancel(work.session, DOCUMENTS_DUE_SOON, loaded.request.id)
        if loaded.more_time is not None:
            loaded.more_time.lapsed_at = work.now
    if state_changes or due_changes:
        await set_clock(work, case, known)


def _leave_state(work: Work, case: Case, to: State) -> None:
    """Put the case in `to`, and keep how long it was in the state before."""
    left, since, until = State(case.state), case.state_since, max(case.state_since, work.now)
    work.session.add(CaseState(id=new_id(), case_id=case.id, state=left, since=since, until=until))
    case.waited_seconds += duration.waited(left, since, until)
    if left in UNDECIDED and to not in UNDECIDED:
        case.decided_at = until
    case.state, case.state_since, case.state_by = to, until, work.actor.id


async def _close_interview(work: Work, case: Case, interview: Interview) -> None:
    """Nobody is expected any more. The applicant is informed where the examination goes on and nothing else says so."""
    interview.closed_at = work.now
    await cancel(work.session, INTERVIEW_SOON, interview.id)
    if interview.cancelled_at is None and case.state in (State.UNDER_REVIEW, State.PROPOSED):
        event = event_header(case) | {"interview_id": interview.id, "ended_at": work.now}
        work.emit(InterviewEnded.model_validate(event))


def event_header(case: Case) -> dict[str, object]:
    """The fields that every event of a case has."""
    return {
        "case_id": case.id,
        "application_id": case.application_id,
        "receipt_number": case.receipt_number,
        "account_id": case.account_id,
    }
