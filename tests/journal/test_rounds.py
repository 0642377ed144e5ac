"""The whole journal is verified in rounds: what is altered is found, and a round goes on where it was."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import text

from shared.journal import rounds, seal_new_rows
from shared.timers import TimerWorker
from tests.journal.test_tampering import ALTERATIONS
from tests.support.folder import clerk, open_folder, rename_folder, request_identity
from tests.support.folder_service import FolderService


async def _written(service: FolderService) -> None:
    for label in ("A", "B"):
        opened = await service.commands.run(clerk(), request_identity(), partial(open_folder, label=label))
        rename = partial(rename_folder, folder_id=opened.id, label="renamed")
        await service.commands.run(clerk(), request_identity(), rename)
        service.clock.advance(timedelta(minutes=1))
        async with service.db.transaction() as session:
            await seal_new_rows(session, service.clock.now())


async def _minute(service: FolderService) -> list[Any]:
    """The rounds after the job has had one more minute."""
    worker = TimerWorker(service.commands, {}, [rounds.verifying_job(service.db)])
    await worker.ensure_jobs()
    service.clock.advance(timedelta(minutes=1))
    assert await worker.work_one()
    async with service.db.read() as session:
        return await rounds.last_rounds(session, 9)


async def test_a_round_verifies_each_seal_once_and_the_next_is_on_the_next_day(service: FolderService) -> None:
    await _written(service)
    (first,) = await _minute(service)
    assert (first["reached"], first["rows"], first["contradictions"], first["found"]) == (2, 4, 0, [])
    assert first["ended_at"] is not None
    assert len(await _minute(service)) == 1, "one is enough for a day"
    service.clock.advance(timedelta(days=1))
    second, _ = await _minute(service)
    assert (second["reached"], second["rows"], second["ordered_by"]) == (2, 4, None)


async def test_a_round_goes_on_after_the_seal_that_it_reached(
    service: FolderService, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _written(service)
    monkeypatch.setattr(rounds, "_ROWS", 1)
    (found,) = await _minute(service)
    assert (found["reached"], found["rows"], found["ended_at"]) == (1, 2, None)
    (found,) = await _minute(service)
    assert (found["reached"], found["rows"], found["contradictions"]) == (2, 4, 0)
    (found,) = await _minute(service)
    assert found["ended_at"] is not None


async def test_an_order_begins_a_round_again(service: FolderService) -> None:
    await _written(service)
    await _minute(service)
    async with service.db.transaction() as session:
        actor = clerk().id
        made = await rounds.begin(session, service.clock.now(), actor)
        again = await rounds.begin(session, service.clock.now(), actor)
    assert made["id"] != again["id"]
    newest, before = await _minute(service)
    assert (newest["id"], newest["ordered_by"], newest["rows"]) == (again["id"], actor, 4)
    assert before["ordered_by"] is None


@pytest.mark.parametrize("how", ALTERATIONS)
async def test_what_was_altered_is_found(service: FolderService, how: str) -> None:
    await _written(service)
    async with service.owner.transaction() as session:
        await session.execute(text("ALTER TABLE journal DROP CONSTRAINT uq_journal_aggregate_id_version"))
        for statement in ALTERATIONS[how].split(";"):
            await session.execute(text(statement))
    (found,) = await _minute(service)
    assert found["contradictions"] > 0
    assert found["found"]


async def test_what_was_altered_behind_the_round_is_found_by_the_next(service: FolderService) -> None:
    await _written(service)
    await _minute(service)
    async with service.owner.transaction() as session:
        await session.execute(text("UPDATE journal SET actor_name = 'somebody else' WHERE version = 1"))
    service.clock.advance(timedelta(days=1))
    found, _ = await _minute(service)
    kinds = {each["kind"] for each in found["found"]}
    assert kinds == {"row-altered"}
