"""The end of a case without a decision, or before its grant is handed over (終止)."""

from uuid import UUID

from services.review.audit import Tag
from services.review.cases.commands.loading import ENDED_UNPAID, event_header, load, officer, save, with_deciders
from services.review.cases.domain import flow
from services.review.cases.domain.states import State
from services.review.cases.domain.word_lists import TERMINATIONS, check_listed
from services.review.cases.schemas import CaseBrief
from services.review.cases.store import proposals_of
from shared.events.review import ApplicationTerminated
from shared.timers import at
from shared.work import Work


async def terminate(work: Work, case_id: UUID, reason_code: str, note: str | None) -> CaseBrief:
    """End the case without a decision (終止): the person left Japan, died, or got another permission."""
    loaded = await load(work, case_id)
    after = flow.terminate(
        with_deciders(loaded.progress, await proposals_of(work.session, case_id)), officer(work.actor)
    )
    check_listed(reason_code, TERMINATIONS, "/reason_code")
    if loaded.progress.state is State.AWAITING_FEE:
        # Nobody pays for it any more: an order at the payment provider is cancelled.
        await at(work.session, ENDED_UNPAID, case_id, work.now)
    await save(work, loaded, after)
    work.journal("case", case_id, Tag.TERMINATE, {"reason_code": reason_code, "note": note})
    event = event_header(loaded.case) | {"reason_code": reason_code, "terminated_at": work.now}
    work.emit(ApplicationTerminated.model_validate(event))
    return CaseBrief.of(loaded.case)
