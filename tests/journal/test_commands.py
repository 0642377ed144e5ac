"""A command is one transaction with one journal line, and a repeated request has one effect."""

import asyncio
import json
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import MetaData, func, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from shared.db import Database
from shared.db import Row as SharedRow
from shared.errors import Invalid
from shared.journal import compare_with_state, journal, verify
from shared.journal.capture import UnjournalledWrite
from shared.work import Commands, MissingEntry, Work
from tests.support.folder import Folder, Note, Opened, Row, Tag, clerk, open_folder, rename_folder, request_identity
from tests.support.folder_service import FolderService


async def _lines(db: Database) -> int:
    async with db.read() as session:
        return int(await session.scalar(select(func.count()).select_from(journal)))


async def test_a_command_that_raises_leaves_nothing_behind(commands: Commands, db: Database) -> None:
    with pytest.raises(ValueError, match="no"):
        async with commands.work(clerk(), request_identity()) as work:
            await open_folder(work, "A")
            raise ValueError("no")
    assert await _lines(db) == 0
    async with db.read() as session:
        assert await session.scalar(select(func.count()).select_from(Folder)) == 0


async def test_a_command_cannot_change_rows_without_a_journal_line(commands: Commands) -> None:
    with pytest.raises(MissingEntry):
        async with commands.work(clerk(), request_identity()) as work:
            await open_folder(work, "A")
            work._lines.clear()


async def test_a_bulk_write_that_the_journal_would_not_see_is_refused(commands: Commands) -> None:
    with pytest.raises(UnjournalledWrite):
        async with commands.work(clerk(), request_identity()) as work:
            await work.session.execute(update(Folder).values(label="x"))


async def test_the_same_request_ten_times_in_parallel_has_one_effect_and_one_answer(
    commands: Commands, db: Database
) -> None:
    actor = clerk()

    async def send() -> Opened:
        return await commands.once(actor, request_identity("key-1"), lambda work: open_folder(work, "A"), Opened)

    answers = await asyncio.gather(*(send() for _ in range(10)))
    assert len({answer.id for answer in answers}) == 1
    assert await _lines(db) == 1


async def test_a_key_that_came_with_another_request_is_refused(commands: Commands, db: Database) -> None:
    actor = clerk()
    await commands.once(actor, request_identity("key-1"), lambda work: open_folder(work, "A"), Opened)
    with pytest.raises(Invalid) as refused:
        await commands.once(actor, request_identity("key-1", b"other"), lambda work: open_folder(work, "B"), Opened)
    assert refused.value.code == "idempotency-key-reused"
    assert await _lines(db) == 1


async def test_two_callers_may_use_the_same_key(commands: Commands, db: Database) -> None:
    for actor in (clerk(), clerk()):
        await commands.once(actor, request_identity("key-1"), lambda work: open_folder(work, "A"), Opened)
    assert await _lines(db) == 2


async def test_commands_that_race_for_one_aggregate_all_succeed_in_some_order(commands: Commands, db: Database) -> None:
    opened = await commands.run(clerk(), request_identity(), lambda work: open_folder(work, "A"))

    async def read(work: Work) -> Opened:
        work.journal("folder", opened.id, Tag.READ)
        return opened

    await asyncio.gather(*(commands.run(clerk(), request_identity(), read) for _ in range(4)))
    assert await _lines(db) == 5
    async with db.read() as session:
        assert await verify(session) == []


async def test_replaying_the_journal_gives_the_state_tables(commands: Commands, db: Database) -> None:
    first = await commands.run(clerk(), request_identity(), lambda work: open_folder(work, "A", pin="1234"))
    second = await commands.run(clerk(), request_identity(), lambda work: open_folder(work, "B"))
    await commands.run(clerk(), request_identity(), lambda work: rename_folder(work, first.id, "C"))
    async with commands.work(clerk(), request_identity()) as work:
        await work.session.delete(await work.session.get_one(Folder, second.id))
        work.session.add(Note(id=second.id, label="not journalled"))
        work.journal("folder", second.id, Tag.DELETE)
    async with db.read() as session:
        assert await compare_with_state(session, Row) == []


async def test_replay_finds_a_row_that_was_changed_behind_the_journal(
    commands: Commands, db: Database, service: FolderService
) -> None:
    await commands.run(clerk(), request_identity(), lambda work: open_folder(work, "A"))
    async with service.owner.transaction() as session:
        await session.execute(update(Folder).values(label="forged"))
    async with db.read() as session:
        (difference,) = await compare_with_state(session, Row)
    assert difference.table == "folders"
    assert difference.stored is not None
    assert difference.stored["label"] == "forged"


class LaterRow(SharedRow):
    __abstract__ = True
    metadata = MetaData()


class LaterFolder(LaterRow):
    """The folder after an upgrade: two columns more, and one less."""

    __tablename__ = "folders"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    label: Mapped[str]
    opened_at: Mapped[datetime]
    shelf: Mapped[str | None]
    slips: Mapped[list[Any]] = mapped_column(server_default=text("'[]'::jsonb"))


async def _shelve(work: Work, folder_id: UUID, shelf: str, slips: list[str]) -> Opened:
    folder = await work.session.get_one(LaterFolder, folder_id)
    folder.shelf, folder.slips = shelf, slips
    work.journal("folder", folder_id, Tag.RENAME)
    return Opened(id=folder_id, label=folder.label)


@pytest.mark.parametrize("column", ["shelf = 'C'", "shelf = NULL", "slips = '[\"forged\"]'", "slips = '[]'"])
async def test_a_row_from_before_a_column_is_expected_to_hold_its_default(
    commands: Commands, db: Database, service: FolderService, column: str
) -> None:
    rows = [await commands.run(clerk(), request_identity(), lambda work: open_folder(work, "A")) for _ in range(2)]
    async with service.owner.transaction() as session:
        await session.execute(text("ALTER TABLE folders ADD shelf text, ADD slips jsonb NOT NULL DEFAULT '[]'"))
        await session.execute(text("ALTER TABLE folders DROP pin"))
    async with db.read() as session:
        assert await compare_with_state(session, LaterRow) == []
    changed, untouched = (row.id for row in rows)
    await commands.run(clerk(), request_identity(), lambda work: _shelve(work, changed, "B", ["one"]))
    async with db.read() as session:
        assert await compare_with_state(session, LaterRow) == []
    # Once the journal has mentioned the column, also the default is a forgery.
    forged = [changed] if column in ("shelf = NULL", "slips = '[]'") else [changed, untouched]
    async with service.owner.transaction() as session:
        await session.execute(text(f"UPDATE folders SET {column}"))
        await session.execute(text("ALTER TABLE folders ALTER slips SET DEFAULT '[\"forged\"]'"))
    async with db.read() as session:
        differences = await compare_with_state(session, LaterRow)
    assert sorted(json.loads(difference.key)["id"] for difference in differences) == sorted(map(str, forged))


async def test_a_secret_is_journalled_as_its_digest_only(commands: Commands, db: Database) -> None:
    await commands.run(clerk(), request_identity(), lambda work: open_folder(work, "A", pin="1234"))
    async with db.read() as session:
        changes = await session.scalar(select(journal.c.changes))
    assert changes[0]["set"]["pin"].startswith("sha256:")
