"""Many alike proposals decided in one pass: each is approved or refused by itself."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from services.review.audit import Tag
from services.review.cases.commands.loading import load, officer
from services.review.cases.domain.refusal import Refused
from services.review.cases.problems import problem_of
from services.review.decision.commands.proposals import Read, approve_read
from services.review.decision.domain import batch
from services.review.decision.schemas.batch import ChosenProposal, Decided, Decisions, WaitingProposal, WaitingProposals
from services.review.decision.store import (
    WantedProposals,
    lock_persons,
    looks_of,
    proposals_locked,
    revisions_of,
    waiting_proposals,
)
from shared.auth import Record, scope_of
from shared.errors import Problem
from shared.work import Work


async def list_waiting(
    work: Work, wanted: WantedProposals, after: tuple[datetime, UUID] | None, limit: int
) -> WaitingProposals:
    """Proposals that wait for a decision, oldest first; of each what keeps the reader from deciding about it."""
    rows = await waiting_proposals(work.session, wanted, after, limit)
    case_ids = [case.id for case, _, _ in rows]
    revisions = await revisions_of(work.session, case_ids)
    looks = await looks_of(work.session, work.actor_id, case_ids)
    by = officer(work.actor)
    items = [
        WaitingProposal.of(case, proposal, batch.obstacle(by, proposers, revisions[case.id], looks.get(case.id)))
        for case, proposal, proposers in rows
    ]
    # The last one only says that there are more: it is not shown.
    shown = [item.case_id for item in items[: limit - 1]]
    work.journal("work_queue", work.actor_id, Tag.SEARCH, {"office": wanted.office, "case_ids": shown})
    return WaitingProposals(items=items)


async def approve_each(
    work: Work, chosen: Sequence[ChosenProposal], note: str | None, recall_within: timedelta
) -> Decisions:
    """Approve proposals that are alike. Each has its own journal line, and its own event with its effect; one that is
    refused changes nothing of the others. Raises `Wrong` for proposals that are not alike."""
    scope = scope_of(work.actor, Record.CASE)
    # Rows first, persons after them, each in one order: two officers with the same cases wait for each other.
    found = {
        case.id: (case, proposal)
        for case, proposal in await proposals_locked(work.session, [one.case_id for one in chosen], scope.office)
    }
    batch.check_alike(
        (case.procedure, case.status_of_residence, proposal.outcome, proposal.period_of_stay)
        for case, proposal in found.values()
    )
    await lock_persons(work.session, [case for case, _ in found.values()])
    revisions = await revisions_of(work.session, list(found))
    looks = await looks_of(work.session, work.actor_id, list(found))
    opened = {case_id: (revision, looks.get(case_id)) for case_id, revision in revisions.items()}
    refused: dict[UUID, Problem] = {}
    for one in sorted(chosen, key=lambda one: one.case_id):
        try:
            await work.attempt(_approve_opened, one, opened, note, recall_within)
        except Refused as error:
            refused[one.case_id] = problem_of(error)
        except Problem as problem:
            refused[one.case_id] = problem
    items = [Decided.of(one.case_id, refused.get(one.case_id)) for one in chosen]
    return Decisions(done=sum(item.done for item in items), items=items)


async def _approve_opened(
    work: Work,
    one: ChosenProposal,
    opened: Mapping[UUID, tuple[int, int | None]],
    note: str | None,
    recall_within: timedelta,
) -> None:
    loaded = await load(work, one.case_id)
    if loaded.proposal is not None and one.case_id in opened:
        batch.require_opened(*opened[one.case_id])
    await approve_read(work, loaded, Read(one.proposal_id), note, recall_within)
