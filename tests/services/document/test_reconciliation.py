"""The reconciliation of stored objects with rows."""

from datetime import date, timedelta
from io import BytesIO
from uuid import UUID

from sqlalchemy import select

from services.document.files.store.documents import Document
from services.document.reconcile import reconcile_all
from services.document.retention.domain import days_to_reconcile
from shared.journal import journal
from tests.services.document import files
from tests.services.document.conftest import Documents


def test_each_whole_day_of_the_past_has_its_turn_once_in_thirty_days() -> None:
    first, turns = date(2026, 1, 1), dict[date, list[date]]()
    for today in (date(2026, 3, 1) + timedelta(days=n) for n in range(60)):
        for day in days_to_reconcile(first, today):
            assert (today - day).days >= 2
            turns.setdefault(day, []).append(today)
    assert len(turns[first]) == 2
    assert (turns[first][1] - turns[first][0]).days == 30
    assert len(turns) == 59 + 58
    assert list(days_to_reconcile(None, first)) == []


async def test_what_differs_is_journalled_and_only_what_no_row_needs_is_removed(documents: Documents) -> None:
    ids = [(await documents.uploaded(files.pdf(pages)))["id"] for pages in (1, 2, 3)]
    async with documents.service.db.read() as session:
        rows = {str(row.id): row for row in await session.scalars(select(Document))}
    whole, gone, other = (rows[each].object_key or "" for each in ids)
    orphan = f"{whole.split('/')[0]}/orphan"
    await documents.objects.delete(gone)
    for key in (other, orphan):
        await documents.objects.put(key, BytesIO(b"other"), 5, "application/pdf")
    # Objects of other days are left alone.
    documents.clock.advance(timedelta(days=2))
    today = f"{documents.clock.now().date()}/young"
    await documents.objects.put(today, BytesIO(b"young"), 5, "application/pdf")

    await documents.run_job("reconcile")
    day = whole.split("/")[0]
    assert set(await documents.objects.keys(f"{day}/")) == {whole, other}
    assert list(await documents.objects.keys(today)) == [today]
    async with documents.service.db.read() as session:
        found = select(journal.c.aggregate_id, journal.c.detail).where(journal.c.action == "document:altered")
        lines = {str(row.aggregate_id): row.detail for row in await session.execute(found.order_by(journal.c.position))}
    assert lines == {ids[1]: {"outcome": "missing"}, ids[2]: {"outcome": "altered"}}
    assert UUID(ids[0]) in {UUID(each["id"]) for each in (await documents.get("")).json()["items"]}
    assert await documents.service.journal_problems() == []


async def test_after_a_restore_every_day_is_compared_and_nothing_removed(documents: Documents) -> None:
    gone = UUID((await documents.uploaded(files.pdf(1)))["id"])
    documents.clock.advance(timedelta(days=3))
    kept = UUID((await documents.uploaded(files.pdf(2)))["id"])
    async with documents.service.db.read() as session:
        keys = {row.id: row.object_key or "" for row in await session.scalars(select(Document))}
    await documents.objects.delete(keys[gone])
    orphan = f"{keys[kept].split('/')[0]}/orphan"
    await documents.objects.put(orphan, BytesIO(b"other"), 5, "application/pdf")

    found = await reconcile_all(documents.service.app.state.runtime.commands, documents.objects)
    assert {each: outcome for day in found for each, outcome in day.lost.items()} == {gone: "missing"}
    assert [key for day in found for key in day.orphans] == [orphan]
    assert sum(day.matched for day in found) == 1
    assert set(await documents.objects.keys("")) >= {orphan, keys[kept]}
    assert await documents.service.journal_problems() == []
