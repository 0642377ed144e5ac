"""A command is one transaction with one journal line, and a repeated request has one effect."""

import asyncio

import pytest
from sqlalchemy import func, select, update

from shared.db import Database
from shared.errors import Invalid
from shared.journal import compare_with_state, journal, verify
from shared.journal.capture import UnjournalledWrite
from shared.work import Commands, MissingEntry, Work
from tests.support.folder import Folder, Note, Opened, Row, Tag, clerk, mark, open_folder, rename_folder
from tests.support.house import House


async def _lines(db: Database) -> int:
    async with db.read() as session:
        return int(await session.scalar(select(func.count()).select_from(journal)))


async def test_a_command_that_raises_leaves_nothing_behind(commands: Commands, db: Database) -> None:
    with pytest.raises(ValueError, match="no"):
        async with commands.work(clerk(), mark()) as work:
            await open_folder(work, "A")
            raise ValueError("no")
    assert await _lines(db) == 0
    async with db.read() as session:
        assert await session.scalar(select(func.count()).select_from(Folder)) == 0


async def test_a_command_cannot_change_rows_without_a_journal_line(commands: Commands) -> None:
    with pytest.raises(MissingEntry):
        async with commands.work(clerk(), mark()) as work:
            await open_folder(work, "A")
            work._lines.clear()


async def test_a_bulk_write_that_the_journal_would_not_see_is_refused(commands: Commands) -> None:
    with pytest.raises(UnjournalledWrite):
        async with commands.work(clerk(), mark()) as work:
            await work.session.execute(update(Folder).values(label="x"))


async def test_the_same_request_ten_times_in_parallel_has_one_effect_and_one_answer(
    commands: Commands, db: Database
) -> None:
    actor = clerk()

    async def send() -> Opened:
        return await commands.once(actor, mark("key-1"), lambda work: open_folder(work, "A"), Opened)

    answers = await asyncio.gather(*(send() for _ in range(10)))
    assert len({answer.id for answer in answers}) == 1
    assert await _lines(db) == 1


async def test_a_key_that_came_with_another_request_is_refused(commands: Commands, db: Database) -> None:
    actor = clerk()
    await commands.once(actor, mark("key-1"), lambda work: open_folder(work, "A"), Opened)
    with pytest.raises(Invalid) as refused:
        await commands.once(actor, mark("key-1", b"other"), lambda work: open_folder(work, "B"), Opened)
    assert refused.value.code == "idempotency-key-reused"
    assert await _lines(db) == 1


async def test_two_callers_may_use_the_same_key(commands: Commands, db: Database) -> None:
    for actor in (clerk(), clerk()):
        await commands.once(actor, mark("key-1"), lambda work: open_folder(work, "A"), Opened)
    assert await _lines(db) == 2


async def test_commands_that_race_for_one_aggregate_all_succeed_in_some_order(commands: Commands, db: Database) -> None:
    opened = await commands.run(clerk(), mark(), lambda work: open_folder(work, "A"))

    async def read(work: Work) -> Opened:
        work.enter("folder", opened.id, Tag.READ)
        return opened

    await asyncio.gather(*(commands.run(clerk(), mark(), read) for _ in range(4)))
    assert await _lines(db) == 5
    async with db.read() as session:
        assert await verify(session) == []


async def test_replaying_the_journal_gives_the_state_tables(commands: Commands, db: Database) -> None:
    first = await commands.run(clerk(), mark(), lambda work: open_folder(work, "A", pin="1234"))
    second = await commands.run(clerk(), mark(), lambda work: open_folder(work, "B"))
    await commands.run(clerk(), mark(), lambda work: rename_folder(work, first.id, "C"))
    async with commands.work(clerk(), mark()) as work:
        await work.session.delete(await work.session.get_one(Folder, second.id))
        work.session.add(Note(id=second.id, label="not journalled"))
        work.enter("folder", second.id, Tag.DELETE)
    async with db.read() as session:
        assert await compare_with_state(session, Row) == []


async def test_replay_finds_a_row_that_was_changed_behind_the_journal(
    commands: Commands, db: Database, house: House
) -> None:
    await commands.run(clerk(), mark(), lambda work: open_folder(work, "A"))
    async with house.owner.transaction() as session:
        await session.execute(update(Folder).values(label="forged"))
    async with db.read() as session:
        (difference,) = await compare_with_state(session, Row)
    assert difference.table == "folders"
    assert difference.stored is not None
    assert difference.stored["label"] == "forged"


async def test_a_secret_is_journalled_as_its_digest_only(commands: Commands, db: Database) -> None:
    await commands.run(clerk(), mark(), lambda work: open_folder(work, "A", pin="1234"))
    async with db.read() as session:
        changes = await session.scalar(select(journal.c.changes))
    assert changes[0]["set"]["pin"].startswith("sha256:")
