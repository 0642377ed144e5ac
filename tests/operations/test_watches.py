"""The notices of what a process watches: they hold while it is wrong, and end with it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs

from shared.clock import Clock, ManualClock, SystemClock
from shared.db import Database
from shared.operations.state import watches
from shared.operations.state.watches import DatabaseWatch, Watches, watch_away
from shared.tasks import LeakedCancellation
from tests.infra.databases import TestDatabase


@pytest.fixture
async def db(bare_database: TestDatabase) -> AsyncIterator[Database]:
    made = Database(bare_database.url)
    yield made
    await made.close()


def found(notice: str) -> float | None:
    return REGISTRY.get_sample_value("zairyu_watch_found", {"notice": notice})


@pytest.mark.parametrize("error", [OSError(), ValueError(), LeakedCancellation()])
async def test_what_does_not_answer_is_a_notice_until_it_does(error: Exception) -> None:
    notices, failing = {"files-not-encrypted-at-rest"}, [error]

    async def ask() -> None:
        if failing:
            raise failing[0]

    made = Watches({frozenset({"scanner-away"}): watch_away("scanner-away", ask)}, notices)
    await made.look()
    assert (notices, found("scanner-away")) == ({"files-not-encrypted-at-rest", "scanner-away"}, 1)
    with capture_logs() as logs:
        await made.look()
        failing.clear()
        await made.look()
    assert (notices, found("scanner-away")) == ({"files-not-encrypted-at-rest"}, 0)
    assert [(line["event"], line["notice"]) for line in logs] == [("watch.over", "scanner-away")]


async def test_what_takes_too_long_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watches, "_LOOK_SECONDS", 0.0)
    assert await watch_away("scanner-away", asyncio.Event().wait)() == {"scanner-away"}


@pytest.mark.parametrize(
    ("clock", "notices"),
    [
        (SystemClock(), set()),
        (ManualClock(datetime.now(UTC) + timedelta(days=1)), {"clock-differs"}),
        (ManualClock(datetime.now(UTC) - timedelta(days=1)), {"clock-differs"}),
    ],
    ids=["right", "fast", "slow"],
)
async def test_a_clock_that_is_not_the_databases(db: Database, clock: Clock, notices: set[str]) -> None:
    assert await DatabaseWatch(db, clock).look() == notices


async def test_a_database_is_slow_after_two_slow_looks(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = DatabaseWatch(db, SystemClock())
    monkeypatch.setattr(watches, "_SLOW_SECONDS", 0.0)
    assert [await watch.look() for _ in range(3)] == [set(), {"database-slow"}, {"database-slow"}]
    monkeypatch.setattr(watches, "_SLOW_SECONDS", 3600.0)
    assert await watch.look() == set()


async def test_a_full_disk_is_the_servers_own_error_and_another_error_is_none(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = DatabaseWatch(db, SystemClock())
    for sqlstate, notices in (("53100", {"database-full"}), ("53200", set[str]())):
        raising = f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{sqlstate}'; END $$"
        monkeypatch.setattr(watches, "_WRITE", text(raising))
        assert await watch.look() == notices


async def test_a_database_that_is_away_is_a_matter_of_readiness(bare_database: TestDatabase) -> None:
    nobody = Database(bare_database.url.rpartition("/")[0].rpartition(":")[0] + ":1/none")
    try:
        assert await DatabaseWatch(nobody, SystemClock()).look() == set()
    finally:
        await nobody.close()


async def test_every_service_writes_a_file_without_a_right(service_database: Callable[[str], TestDatabase]) -> None:
    db = Database(service_database("review").url)
    try:
        async with db.read() as session:
            assert await session.scalar(watches._WRITE)
    except DBAPIError as error:
        pytest.fail(str(error))
    finally:
        await db.close()
