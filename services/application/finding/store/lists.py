"""Lists of an owner's applications, and how many of each kind there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import defer

from services.application.finding.domain.wanted import Sort, Wanted
from services.application.finding.domain.words import similar
from services.application.finding.store.matching import STAY_END, conditions, having, of_procedures, of_states
from services.application.progress.store import SHOWN, of
from services.application.tables import Application, Progress
from shared.auth import Owner
from shared.db import ReadSession

Rows = Sequence[tuple[Application, Progress | None]]
# What is not filed sorts behind what is, and the end of a stay that is not known behind every other.
NEVER_FILED = datetime(1970, 1, 1, tzinfo=UTC)
LAST_DAY = date.max
_ORDERS: Mapping[Sort, tuple[ColumnElement[Any], bool]] = {
    Sort.NEWEST: (Application.created_at.expression, True),
    Sort.OLDEST: (Application.created_at.expression, False),
    Sort.EDITED: (Application.updated_at.expression, True),
    Sort.FILED: (func.coalesce(Application.submitted_at, NEVER_FILED), True),
    Sort.STAY_END: (func.coalesce(STAY_END, LAST_DAY), False),
}


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of applications: of each state whatever states are wanted, of each procedure likewise."""

    states: Mapping[str, int]
    procedures: Mapping[str, int]


async def page_of(
    session: ReadSession,
    owner: Owner,
    wanted: Wanted,
    after: tuple[Any, ...] | None,
    limit: int,
    *,
    similar: bool = False,
) -> Rows:
    """The owner's applications that are `wanted`, each with its progress; one more than `limit` where there is more."""
    key, descending = _ORDERS[wanted.sort]
    order = [column.desc() if descending else column.asc() for column in (key, Application.id.expression)]
    # The index alone says which ones they are; only the rows of this page are read.
    ids = select(Application.id).where(
        *conditions(owner, wanted, similar=similar), *of_states(wanted), *of_procedures(wanted)
    )
    if after is not None:
        place = tuple_(key, Application.id)
        ids = ids.where(place < after if descending else place > after)
    page = ids.order_by(*order).limit(limit + 1).subquery()
    query = (
        select(Application, Progress)
        .join(page, page.c.id == Application.id)
        .outerjoin(Progress, Progress.application_id == Application.id)
        .options(defer(Application.set_aside), defer(Application.changes), defer(Application.hints))
        .order_by(*order)
    )
    rows: Sequence[Any] = (await session.execute(query)).all()
    return [(row[0], row[1]) for row in rows]


async def counts_of(session: ReadSession, owner: Owner, wanted: Wanted, *, similar: bool = False) -> Counts:
    """Numbers of the owner's applications that are `wanted`, of each state and of each procedure."""
    query = (
        select(SHOWN, Application.procedure, func.count())
        .where(*conditions(owner, wanted, similar=similar))
        .group_by(SHOWN, Application.procedure)
    )
    rows: Sequence[Any] = (await session.execute(query)).all()
    states, procedures = dict[str, int](), dict[str, int]()
    for state, procedure, count in rows:
        if not wanted.procedures or procedure in wanted.procedures:
            states[state] = states.get(state, 0) + count
        if not wanted.states or state in wanted.states:
            procedures[procedure] = procedures.get(procedure, 0) + count
    return Counts(states, procedures)


async def only_similar(session: ReadSession, owner: Owner, wanted: Wanted) -> bool:
    """Of a list that was empty: whether nothing of the owner's has the words as they were typed, and a word of them may
    be mistyped."""
    if not wanted.words or not any(similar(word) for word in wanted.words):
        return False
    if wanted == Wanted(wanted.today, words=wanted.words, sort=wanted.sort):
        # Nothing else narrowed the list, which was empty.
        return True
    query = select(Application.id).where(of(owner), *having(wanted.words, similar=False)).limit(1)
    return await session.scalar(query) is None
