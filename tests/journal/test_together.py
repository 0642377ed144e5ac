"""Many rows written by one statement: they are as if each had been written by itself."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Column, Date, DateTime, Integer, LargeBinary, MetaData, Table, Text, Uuid, event, select, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from shared.db import Database
from shared.db.together import Written, insert_together, update_together
from shared.ids import new_id
from shared.journal import compare_with_state, journal, verify, write_together
from shared.work import Commands
from tests.support.folder import Folder, Row, Tag, clerk, open_folder, request_identity
from tests.support.folder_service import FolderService

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
things = Table(
    "things",
    MetaData(),
    Column("position", Integer),
    Column("id", Uuid),
    Column("label", Text),
    Column("at", DateTime(timezone=True)),
    Column("day", Date),
    Column("hash", LargeBinary),
    Column("words", ARRAY(Text)),
    Column("ids", ARRAY(Uuid)),
    Column("data", JSONB(none_as_null=True)),
    prefixes=["TEMPORARY"],
)
CREATE = """
CREATE TEMPORARY TABLE things (
    position serial, id uuid, label text, at timestamptz, day date, hash bytea, words text[], ids uuid[], data jsonb
)
"""


def thing(number: int, **changes: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": new_id(),
        "label": f"'{number}\\",
        "at": NOW.replace(minute=number),
        "day": date(2026, 11, number + 1),
        "hash": bytes([number]),
        "words": ["plain", 'quo"ted', "back\\slash", "{a,b}", "NULL", ""][: number + 1],
        "ids": [new_id() for _ in range(number)],
        "data": {"number": number, "text": "日本"},
    }
    return made | changes


@pytest.mark.parametrize("many", [1, 2, 6], ids=["one", "two", "six"])
async def test_rows_come_back_as_they_were_given_and_in_their_order(db: Database, many: int) -> None:
    given = [thing(number) for number in range(many)]
    async with db.transaction() as session:
        await session.execute(text(CREATE))
        await insert_together(await session.connection(), things, given)
        stored = (await session.execute(select(things).order_by(things.c.position))).mappings().all()
    assert [{name: row[name] for name in given[0]} for row in stored] == given


async def test_what_all_have_in_common_and_what_is_empty_is_kept(db: Database) -> None:
    empty = dict.fromkeys(("label", "at", "day", "hash", "words", "data"))
    given = [thing(0), thing(1, **empty), thing(2, label="a", words=[]), thing(3, label="a", words=[])]
    alike = [{**row, "day": date(2026, 1, 1), "data": Written('{"a": [1]}')} for row in given]
    async with db.transaction() as session:
        await session.execute(text(CREATE))
        connection = await session.connection()
        await insert_together(connection, things, given)
        await update_together(connection, things, ("id",), [{"id": row["id"], "label": None} for row in given[2:]])
        stored = (await session.execute(select(things).order_by(things.c.position))).mappings().all()
        await insert_together(connection, things, alike)
        same = (await session.execute(select(things.c.day, things.c.data).where(things.c.position > 4))).all()
    assert [{name: row[name] for name in given[0]} for row in stored] == [
        *given[:2],
        *({**r, "label": None} for r in given[2:]),
    ]
    assert same == [(date(2026, 1, 1), {"a": [1]})] * 4


async def test_changes_written_together_are_journalled_as_those_of_a_flush(
    commands: Commands, db: Database, service: FolderService
) -> None:
    opened = [await commands.run(clerk(), request_identity(), lambda w: open_folder(w, "A", pin="1")) for _ in range(6)]
    statements: list[str] = []
    event.listen(db.engine.sync_engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    for together in (False, True):
        statements.clear()
        async with commands.work(clerk(), request_identity()) as work:
            rows = [await work.session.get_one(Folder, each.id) for each in opened[together * 3 :][:3]]
            rows[0].label, rows[0].pin = "B", "2"
            rows[1].label = "C"
            rows[2].label = "A"
            rows += [Folder(id=new_id(), label=label, pin="3", opened_at=NOW) for label in ("D", "E")]
            work.session.add_all(rows[3:])
            for row in rows:
                work.journal("folder", row.id, Tag.RENAME)
            if together:
                await write_together(work.session, rows)
                rows[0].label = rows[3].label = "written no more"
        written = [each for each in statements if each.startswith("UPDATE")]
        assert len(written) == 2
    async with db.read() as session:
        renamed = select(journal.c.changes).where(journal.c.action == Tag.RENAME.value).order_by(journal.c.position)
        lines = [[each["set"] | {"id": None} for each in line] for line in await session.scalars(renamed)]
        labels = (await session.scalars(select(Folder.label).order_by(Folder.label))).all()
        assert await compare_with_state(session, Row) == []
        assert await verify(session) == []
    assert labels == [label for label in "ABCDE" for _ in range(2)]
    assert lines[:5] == lines[5:]
    assert [len(line) for line in lines] == [1, 1, 0, 1, 1] * 2
