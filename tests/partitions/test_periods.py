"""Periods of divided tables: what is unique stays so, they are made ahead, and go as a whole."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.auth import Actor
from shared.ids import new_id
from shared.journal import GENESIS
from shared.messaging import inbox, outbox
from shared.partitions import DIVIDED
from shared.partitions.__main__ import main
from shared.partitions.switch import CannotSwitch, begin_of_periods
from shared.partitions.upkeep import upkeep_job
from shared.timers import Due
from shared.work import RequestIdentity, Work
from tests.infra.databases import TestDatabase
from tests.partitions.busy import GROUP, Busy, busy, id_at
from tests.support.folder import Folder, Opened, Tag, rename_folder, request_identity

pytestmark = pytest.mark.system
KEPT = timedelta(days=28)
CLERK = Actor(kind="officer", id=new_id())


@pytest.fixture
async def plain(bare_database: TestDatabase) -> AsyncIterator[Busy]:
    """A few rows in plain tables."""
    async with busy(bare_database) as made:
        await made.fill(20)
        yield made


@pytest.fixture
async def divided(plain: Busy) -> Busy:
    for name in DIVIDED:
        await plain.divide(name)
    return plain


@pytest.mark.parametrize(
    ("now", "weeks", "months"),
    [
        ((2026, 12, 1), (2026, 12, 14), (2027, 2, 1)),
        ((2026, 12, 7), (2026, 12, 21), (2027, 2, 1)),
        ((2027, 1, 31), (2027, 2, 8), (2027, 3, 1)),
    ],
)
def test_periods_begin_with_the_unit_after_the_next_one(
    now: tuple[int, int, int], weeks: tuple[int, int, int], months: tuple[int, int, int]
) -> None:
    moment = datetime(*now, 23, tzinfo=UTC)
    assert begin_of_periods(moment, DIVIDED["inbox"]) == datetime(*weeks, tzinfo=UTC)
    assert begin_of_periods(moment, DIVIDED["journal"]) == datetime(*months, tzinfo=UTC)


async def test_an_event_of_a_period_has_its_effect_once_and_goes_with_the_period(divided: Busy) -> None:
    begin = begin_of_periods(datetime.now(UTC), DIVIDED["inbox"])
    late, stray = id_at(begin + timedelta(days=1)), UUID(int=(1 << 128) - 1)
    assert await _record(divided, late, stray) == {late, stray}
    assert await _record(divided, late, stray) == set()
    period = f"inbox_{begin:%Y%m%d}"
    assert await _tables(divided, "inbox", late, stray) == {late: period, stray: "inbox_rest"}

    # The next day of the job after which nobody delivers it: it is made longer ago than events are remembered.
    over = begin + timedelta(days=7) + KEPT
    await _keep(divided, over - timedelta(seconds=1))
    assert await _tables(divided, "inbox", late) == {late: period}
    await _keep(divided, over)
    assert await _tables(divided, "inbox", late) == {}
    assert await divided.count(f"SELECT count(*) FROM pg_class WHERE relname = '{period}'") == 0
    # An operator replays a letter of that time.
    assert await _record(divided, late) == {late}
    assert await _tables(divided, "inbox", late) == {late: "inbox_rest"}


async def test_periods_are_made_ahead_by_the_service_itself(divided: Busy) -> None:
    in_a_year = datetime.now(UTC) + timedelta(days=365)
    found = await _keep(divided, in_a_year)
    assert {name for name, table in DIVIDED.items() if found[f"{name}_days_ahead"] >= table.ahead.days} == set(DIVIDED)
    made = id_at(in_a_year + timedelta(days=20))
    await _record(divided, made)
    assert (await _tables(divided, "inbox", made))[made].startswith(f"inbox_{in_a_year.year}")
    assert await _keep(divided, in_a_year) == found, "made once"


async def test_days_without_the_job_leave_rows_in_the_rest_and_hold_up_nobody(divided: Busy) -> None:
    begin = begin_of_periods(datetime.now(UTC), DIVIDED["inbox"])
    await _keep(divided, begin + timedelta(days=7) + KEPT)
    far = begin + timedelta(days=200)
    unplanned = id_at(far)
    await _record(divided, unplanned)
    await _keep(divided, far)
    assert await _tables(divided, "inbox", unplanned) == {unplanned: "inbox_rest"}
    next_one = id_at(far + timedelta(days=14))
    await _record(divided, next_one)
    assert await _tables(divided, "inbox", next_one) != {next_one: "inbox_rest"}


async def test_rows_of_the_rest_are_forgotten_one_by_one(divided: Busy) -> None:
    begin = begin_of_periods(datetime.now(UTC), DIVIDED["inbox"])
    late = id_at(begin)
    await _record(divided, late)
    async with divided.service.db.transaction() as session:
        assert await inbox.forget(session, datetime.now(UTC) - timedelta(days=14)) in (10, 11)
        await session.execute(text("CREATE TEMP TABLE recent_events (recorded_at timestamptz)"))
        await outbox.forget(session, datetime.now(UTC), timedelta(days=14))
    assert await divided.count("SELECT count(*) FROM inbox") in (10, 11)
    assert await divided.count("SELECT count(*) FROM sent_events") in (9, 10)
    async with divided.service.db.transaction() as session:
        await inbox.forget(session, datetime.now(UTC) + timedelta(days=1))
    assert await _tables(divided, "inbox", late) == {late: f"inbox_{begin:%Y%m%d}"}


async def test_a_command_that_another_was_quicker_than_starts_again_also_in_a_period(divided: Busy) -> None:
    begin = begin_of_periods(datetime.now(UTC), DIVIDED["journal"])
    folder_id = id_at(begin + timedelta(days=40))

    async def open_there(work: Work) -> Opened:
        work.session.add(Folder(id=folder_id, label="A", opened_at=work.now))
        work.journal("folder", folder_id, Tag.OPEN)
        return Opened(id=folder_id, label="A")

    await divided.commands.once(CLERK, request_identity("one"), open_there, Opened)
    again = await divided.commands.once(CLERK, request_identity("one"), open_there, Opened)
    assert again.id == folder_id
    attempts = []

    async def rename(work: Work) -> Opened:
        attempts.append(work)
        if len(attempts) == 1:
            # Read before another command wrote: the row is refused by the index of the period.
            work.session.sync_session.info["journal_heads"] = {folder_id: (0, GENESIS)}
        return await rename_folder(work, folder_id, "B")

    await divided.commands.run(CLERK, request_identity(), rename)
    assert len(attempts) == 2
    versions = f"SELECT string_agg(version::text, ',' ORDER BY version) FROM journal WHERE aggregate_id = '{folder_id}'"
    async with divided.service.db.read() as session:
        assert await session.scalar(text(versions)) == "1,2"
    assert await _tables(divided, "journal", folder_id, key="aggregate_id") != {folder_id: "journal_rest"}


async def test_the_role_of_a_service_cannot_drop_what_it_may_not_delete(divided: Busy) -> None:
    with pytest.raises(DBAPIError) as refused:
        async with divided.service.db.transaction() as session:
            await session.execute(text("SELECT drop_periods('journal', 'infinity')"))
    assert getattr(refused.value.orig, "sqlstate", None) == "42501"
    for privilege in ("UPDATE", "DELETE", "TRUNCATE"):
        query = (
            "SELECT count(*) FROM pg_class WHERE relname LIKE 'journal%' AND relkind IN ('r', 'p')"
            f" AND relname <> 'journal_rounds' AND has_table_privilege(oid, '{privilege}')"
        )
        assert await divided.count(query) == 0, f"the role may {privilege}"


async def test_a_row_of_the_future_keeps_a_table_plain_and_in_use(plain: Busy) -> None:
    wrong = id_at(datetime.now(UTC) + timedelta(days=300))
    await _record(plain, wrong)
    with pytest.raises(CannotSwitch, match="wrong clock"):
        await plain.divide("inbox")
    assert await _record(plain, id_at(datetime.now(UTC) + timedelta(days=301))), "no check is left behind"


def test_the_command_line_divides_and_shows(bare_database: TestDatabase, capsys: pytest.CaptureFixture[str]) -> None:
    async def make() -> None:
        async with busy(bare_database):
            pass

    asyncio.run(make())
    url = ["--url", bare_database.owner_url]
    assert main([*url, "switch", "inbox"]) == 0
    assert "inbox is divided" in capsys.readouterr().out
    assert main([*url, "switch", "inbox"]) == 1
    assert capsys.readouterr().out == "inbox is divided already\n"
    assert main([*url, "show"]) == 0
    shown = capsys.readouterr().out
    assert "divided" in shown
    assert "plain" in shown


async def _record(made: Busy, *ids: UUID) -> set[UUID]:
    async with made.service.db.transaction() as session:
        return await inbox.record(session, GROUP, ids)


async def _tables(made: Busy, table: str, *ids: UUID, key: str = "event_id") -> dict[UUID, str]:
    query = text(f"SELECT {key}, tableoid::regclass::text FROM {table} WHERE {key} = ANY(:ids)")
    async with made.service.db.read() as session:
        found: Any = (await session.execute(query, {"ids": list(ids)})).all()
    return dict(found)


async def _keep(made: Busy, now: datetime) -> Any:
    async with made.service.db.transaction() as session:
        work = made.commands.begin(session, Actor.system("test"), RequestIdentity(request_id="test"))
        work.now = now
        found = await upkeep_job(KEPT).run(work, Due("job:keep_periods", new_id(), now, {}, 0))
        await work.finish()
        return found
