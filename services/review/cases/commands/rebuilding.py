"""The facts of applications that cases keep, rebuilt from a snapshot of the application service."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.review.audit import Tag
from services.review.cases.commands.intake import CORRECTABLE, FILED, as_kept, open_with
from services.review.cases.commands.loading import find_by_application, load_waiting_parts, save, set_clock
from services.review.cases.domain import flow
from services.review.cases.domain.states import TRANSITIONS, Step
from services.review.cases.store import Case
from shared.events.application import ApplicationSnapshot, ApplicationSnapshotAnnounced, ApplicationSnapshotPage
from shared.rebuilding import Copy, Projection, Rows, Wanted
from shared.work import Work

_MOVED = frozenset({"address_office", "moved_on"})
# The office of a case is review's own: a case is transferred.
_COMPARED = FILED - {"application_id", "office"} | _MOVED


def _rows_of(snapshot: ApplicationSnapshot) -> Rows:
    return {"cases": [snapshot.model_dump(mode="json", include={*FILED, *_MOVED, "is_withdrawn"})]}


async def repair(work: Work, wanted: Sequence[Wanted]) -> int:
    """Put right the facts of cases that differ, and open cases that are missing; the number of cases.

    A decision is about what was read: what a correction could change of a decided case stays.
    """
    return sum([await _repair(work, each.row, each.facts) for each in wanted])


async def _repair(work: Work, row: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    loaded = await find_by_application(work, row["application_id"])
    if loaded is None:
        case = await open_with(work, {name: row[name] for name in FILED | _MOVED})
        if facts["is_withdrawn"]:
            loaded = await load_waiting_parts(work, case)
            await save(work, loaded, flow.withdraw(loaded.progress))
            work.journal("case", case.id, Tag.WITHDRAW)
        return True
    case = loaded.case
    may_change = loaded.progress.state in TRANSITIONS[Step.CORRECT].sources
    compared = _COMPARED if may_change else _COMPARED - CORRECTABLE
    right = as_kept({name: row[name] for name in compared})
    different = sorted(name for name in compared if getattr(case, name) != right[name])
    for name in different:
        setattr(case, name, right[name])
    if different:
        await set_clock(work, case)
        work.journal("case", case.id, Tag.REBUILD, {"changed": different})
    return bool(different)


CASES = Projection(
    name="cases",
    page=ApplicationSnapshotPage,
    announced=ApplicationSnapshotAnnounced,
    copies=(
        Copy(
            Case.__table__,
            "application_id",
            tuple(sorted(_COMPARED)),
            also=tuple(sorted(FILED - _COMPARED - {"application_id"})),
            since="submitted_at",
            repair=repair,
        ),
    ),
    rows_of=_rows_of,
)
