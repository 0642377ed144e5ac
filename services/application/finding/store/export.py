"""Reading what is exported, a part at a time.

Each part is a read of its own, so that no connection waits for somebody whose line is slow, or who went away.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from services.application.finding.domain.wanted import Sort, Wanted
from services.application.finding.store.lists import page_of
from services.application.finding.store.matching import conditions, of_procedures, of_states
from services.application.sheets.columns import Plan
from services.application.tables import Application, Progress
from shared.auth import Owner
from shared.db import Database, ReadSession

_TOGETHER = 500


async def plans_of(session: ReadSession, owner: Owner, wanted: Wanted, *, similar: bool) -> Sequence[Plan]:
    """The forms of the applications that are `wanted`, in a fixed order."""
    form = (Application.form_version, Application.status_of_residence, Application.activity, Application.combined_with)
    query = (
        select(*form)
        .where(*conditions(owner, wanted, similar=similar), *of_states(wanted), *of_procedures(wanted))
        .distinct()
        .order_by(*form)
    )
    rows: Sequence[Any] = (await session.execute(query)).all()
    return [Plan(row[0], row[1], row[2], tuple(row[3])) for row in rows]


async def exported(
    db: Database, owner: Owner, wanted: Wanted, *, similar: bool
) -> AsyncIterator[tuple[Application, Progress | None]]:
    """The applications that are `wanted`, the oldest first. One that is begun meanwhile comes at the end."""
    place = None
    in_order = replace(wanted, sort=Sort.OLDEST)
    while True:
        async with db.read() as session:
            rows = await page_of(session, owner, in_order, place, _TOGETHER, similar=similar)
        for row in rows[:_TOGETHER]:
            yield row
        if len(rows) <= _TOGETHER:
            return
        last, _ = rows[_TOGETHER - 1]
        place = (last.created_at, last.id)
