"""The present facts of cases, for those who keep them."""

from collections.abc import Sequence
from uuid import UUID

from services.review.cases import store
from services.review.cases.domain.states import CLOSED
from shared.events.review_snapshots import CaseSnapshot, CaseSnapshotAnnounced, CaseSnapshotPage
from shared.rebuilding import Source
from shared.work import Work


async def _page(work: Work, after: UUID | None, count: int) -> Sequence[CaseSnapshot]:
    return [
        CaseSnapshot(
            case_id=case.id,
            application_id=case.application_id,
            office=case.office,
            examiner_id=case.examiner_id,
            was_allocated=case.examiner_since is not None,
            closed_at=case.state_since if case.state in CLOSED else None,
            taken_at=work.now,
        )
        for case in await store.cases_behind(work.session, after, count)
    ]


CASES = Source("cases", CaseSnapshotPage, CaseSnapshotAnnounced, store.count_cases, _page)
