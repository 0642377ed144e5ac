"""Cases of the same person: those that the officer is shown, and how the examiner resolves them."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from services.review.audit import Tag
from services.review.cases.commands.loading import Loaded, load, officer, save
from services.review.cases.domain.flow import NOBODY, Progress, identities
from services.review.cases.domain.refusal import NotNow, Wrong
from services.review.cases.domain.states import State
from services.review.cases.schemas import CaseBrief
from services.review.cases.store import Case
from services.review.decision.domain import flow
from services.review.decision.domain.same_person import Relation, holds_decision
from services.review.decision.schemas.same_person import FindingView, SamePersonView
from services.review.decision.store import OtherCase, SamePersonFinding, lock_person, other_cases
from shared.auth import Record, sees
from shared.errors import Text
from shared.ids import new_id
from shared.work import Work


async def list_same_person(work: Work, case: Case) -> list[SamePersonView]:
    """The other cases of the person, for officers who examine or audit; for others none."""
    if not sees(work.actor, Record.SAME_PERSON, case.office):
        return []
    return [_view(other) for other in await other_cases(work.session, case)]


async def load_same_person(work: Work, loaded: Loaded) -> Progress:
    """The case with what holds its decision. Decisions on the person's other cases wait until this one ends."""
    await lock_person(work.session, loaded.case)
    found = await other_cases(work.session, loaded.case)
    findings = [other.finding for other in found if other.finding is not None]
    resolvers = NOBODY.union(*(identities(one.found_by, one.found_person) for one in findings))
    held_by = tuple(other.case.receipt_number for other in found if _holds_decision(other))
    return replace(loaded.progress, held_by=held_by, resolvers=resolvers)


async def resolve(work: Work, case_id: UUID, other_case_id: UUID, finding: Relation, reason: str) -> CaseBrief:
    """Record how another case of the person belongs to this one. Each is recorded once.

    Raises `Wrong` for a case that is not among those shown, `NotNow` for one that is resolved.
    """
    loaded = await load(work, case_id)
    await save(work, loaded, flow.resolve_same_person(loaded.progress, officer(work.actor)))
    other = _find_other(await other_cases(work.session, loaded.case), other_case_id)
    if other.finding is not None:
        raise NotNow("already-resolved", Text("確認済みです", "That is resolved already"))
    work.session.add(
        SamePersonFinding(
            id=new_id(),
            case_id=case_id,
            other_case_id=other_case_id,
            finding=finding.value,
            reason=reason,
            found_by=work.actor_id,
            found_person=work.actor.person,
            found_at=work.now,
        )
    )
    work.journal("case", case_id, Tag.RESOLVE_SAME_PERSON, {"other_case_id": other_case_id, "finding": finding.value})
    return CaseBrief.of(loaded.case)


def _find_other(found: Sequence[OtherCase], other_case_id: UUID) -> OtherCase:
    for other in found:
        if other.case.id == other_case_id:
            return other
    raise Wrong(
        "not-the-same-person",
        Text("同一人の案件の一覧にない案件です", "That case is not among those of the same person"),
        "/other_case_id",
    )


def _holds_decision(other: OtherCase) -> bool:
    return other.finding is None and holds_decision(State(other.case.state))


def _view(other: OtherCase) -> SamePersonView:
    case = other.case
    return SamePersonView(
        case_id=case.id,
        receipt_number=case.receipt_number,
        office=case.office,
        procedure=case.procedure,
        status_of_residence=case.status_of_residence,
        state=State(case.state),
        submitted_at=case.submitted_at,
        decided_at=other.decided_at,
        holds_decision=_holds_decision(other),
        resolved=FindingView.model_validate(other.finding) if other.finding else None,
    )
