"""However many cases there are, a page of the queue comes from an index."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg

from services.review.allocation.domain.examiners import Skill
from services.review.allocation.domain.waits import WAITS
from services.review.allocation.store.assignment import next_case
from services.review.allocation.store.queue import Moment, QueueFilter, counts_of, queue
from services.review.cases.domain.states import OPEN, State
from shared.ids import new_id
from tests.infra.databases import TestDatabase
from tests.services.review.conftest import as_owner
from tests.services.review.desk import Desk
from tests.support.waiting import eventually

AFTER = (datetime(2026, 7, 2, tzinfo=UTC), new_id())
DIALECT: Any = PGDialect_asyncpg  # its constructor carries no types

MANY = """
INSERT INTO cases SELECT (jsonb_populate_record(c, jsonb_build_object(
    'id', gen_random_uuid(), 'application_id', gen_random_uuid(), 'receipt_number', 'n' || i,
    'office', (ARRAY['TYO', 'OSA', 'NGY'])[1 + i % 3],
    'submitted_at', timestamptz '2026-07-01' + i * interval '1 minute'))).*
FROM cases c, generate_series(1, 20000) AS i
"""
SHAPES = {
    "office and state": QueueFilter("TYO", (State.RECEIVED,)),
    "office": QueueFilter("TYO"),
    "state": QueueFilter(None, (State.RECEIVED,)),
    "everything": QueueFilter(None),
    "open cases of an office": QueueFilter("TYO", tuple(OPEN)),
    "open cases": QueueFilter(None, tuple(OPEN)),
    "own open cases": QueueFilter("TYO", tuple(OPEN), new_id()),
    "mine": QueueFilter("TYO", (), new_id()),
    "wait": QueueFilter("TYO", wait=next(wait for wait in WAITS if wait.name == "not_started")),
    "receipt number": QueueFilter("TYO", receipt_number="n77"),
}
UNIQUE_ENOUGH = {"mine", "own open cases", "receipt number"}  # a handful of rows may be sorted


@pytest.fixture(scope="module")
async def full_desk(open_desk: Desk, module_database: TestDatabase) -> Desk:
    """20,000 cases of three offices."""
    await open_desk.open()
    await as_owner(module_database, MANY)
    await as_owner(module_database, "VACUUM ANALYZE cases")
    return open_desk


@pytest.mark.parametrize("shape", SHAPES)
async def test_a_page_comes_from_an_index_without_sorting_the_table(full_desk: Desk, shape: str) -> None:
    statement = queue(SHAPES[shape], (AFTER[0] + timedelta(days=3), AFTER[1]), 51, Moment(AFTER[0], AFTER[0].date()))
    plan = await _plan(full_desk, statement)
    assert "Seq Scan" not in plan, plan
    assert "Index" in plan, plan
    assert shape in UNIQUE_ENOUGH or "Sort" not in plan, plan


@pytest.mark.parametrize("skill", [Skill(), Skill(("EXTEND",), ("ENG_HUM_INT", "SSW1"))], ids=["any", "some"])
async def test_the_next_case_is_the_first_entry_of_an_index(full_desk: Desk, skill: Skill) -> None:
    plan = await _plan(full_desk, next_case("TYO", skill))
    assert "ix_cases_unassigned" in plan, plan
    assert "Sort" not in plan, plan


@pytest.mark.parametrize("own", [False, True], ids=["office", "own"])
async def test_counts_come_from_indexes(full_desk: Desk, own: bool) -> None:
    counts = counts_of("TYO", new_id() if own else None, Moment(AFTER[0], AFTER[0].date()))
    plan = await _plan(full_desk, counts)
    assert "Seq Scan" not in plan, plan
    assert own or "Bitmap" not in plan, plan


async def test_counts_of_an_office_come_from_indexes_alone(full_desk: Desk, module_database: TestDatabase) -> None:
    """Once the table is vacuumed, which leaves out what is newer than the oldest transaction of the whole server."""
    counts = counts_of("TYO", None, Moment(AFTER[0], AFTER[0].date()))

    async def alone() -> bool:
        await as_owner(module_database, "VACUUM ANALYZE cases")
        plan = await _plan(full_desk, counts)
        assert plan.count("Index Only Scan") == plan.count("Limit"), plan
        return True

    await eventually(alone, 120)


async def _plan(desk: Desk, statement: Any) -> str:
    compiled = str(statement.compile(dialect=DIALECT(), compile_kwargs={"literal_binds": True}))
    async with desk.service.db.read() as session:
        rows = await session.scalars(text("EXPLAIN " + compiled.replace(":", r"\:")))
        return "\n".join(rows.all())
