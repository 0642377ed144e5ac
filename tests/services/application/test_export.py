"""The export of what was filed: every application once, in both kinds of file, noted in the journal."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import asyncpg
import httpx
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from services.application.finding.domain.wanted import Wanted
from services.application.finding.store.export import exported
from shared.auth import Owner, Role
from shared.clock import ManualClock, legal_date
from shared.events.review import ReviewCompleted, ReviewStarted
from shared.journal.tables import journal
from tests.bench.crowd import Crowd, write
from tests.infra.databases import TestDatabase
from tests.services.application.people import Filer
from tests.support.service import running
from tests.support.tokens import person


def table(answer: httpx.Response) -> list[dict[str, Any]]:
    """The lines of a CSV or a workbook."""
    assert answer.status_code == 200, answer.text
    if answer.headers["Content-Type"].startswith("text/csv"):
        assert answer.content.startswith("\ufeff".encode())
        return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    head, *lines = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    return [dict(zip(map(str, head), line, strict=True)) for line in lines]


async def test_what_was_filed_is_exported_with_its_answers_and_the_journal_notes_it(filer: Filer) -> None:
    filed = await filer.filed()
    await filer.review(ReviewStarted, filed)
    await filer.review(ReviewCompleted, filed, fee_yen=5500)
    draft = await filer.begin(
        form={"name_roman": "TRAN THI BE", "org": {"name": "=HYPERLINK(1)"}, "occupation": "-1+1"}
    )
    number = (await filer.get(f"/{filed}"))["receipt_number"]
    for kind, fee in (("csv", "5500"), ("xlsx", 5500)):
        answer = await filer.request("GET", f"/export?format={kind}&q=nguyen")
        (line,) = table(answer)
        assert (line["Receipt number"], line["Name"], line["Fee (yen)"]) == (number, "NGUYEN VAN AN", fee)
        assert (line["Result"], line["Application id"]) == ("granted", filed)
        assert line["Progress"] == "Granted, card not issued yet"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="applications-2026-11-20.{kind}"'
    japanese = table(await filer.request("GET", "/export", Accept_Language="ja"))
    assert [line["手続"] for line in japanese] == ["在留期間更新許可申請"]
    lines = table(await filer.request("GET", "/export?answers=true&status=draft&status=decided_grant"))
    assert [line["Application id"] for line in lines] == [filed, draft]
    assert lines[0]["Sex [sex]"] == "Male"
    assert any(cell == "'-1+1" for cell in lines[1].values())
    assert not any(cell.startswith(("=", "+", "-", "@")) for line in lines for cell in line.values())
    async with filer.service.db.read() as session:
        by_them = (journal.c.action == "owner:export", journal.c.actor_id == filer.actor.id)
        details = await session.scalars(select(journal.c.detail).where(*by_them).order_by(journal.c.position))
        noted = [(detail["format"], detail["filters"], detail["applications"]) for detail in details.all()]
    assert noted == [
        ("csv", {"q": True}, 1),
        ("xlsx", {"q": True}, 1),
        ("csv", {}, 1),
        ("csv", {"status": ["draft", "decided_grant"]}, 2),
    ]
    assert table(await Filer(filer.service).request("GET", "/export?status=draft")) == []
    assert (await Filer(filer.service, person(Role.EXAMINER)).request("GET", "/export")).status_code == 403
    assert (await filer.request("GET", "/export?format=pdf")).status_code == 422
    assert await filer.service.journal_problems() == []


async def test_a_large_export_has_each_application_once_and_holds_no_connection_while_somebody_reads(
    service_database: Callable[[str], TestDatabase], clock: ManualClock
) -> None:
    database = service_database("application")
    connection = await asyncpg.connect(database.owner_url.replace("+asyncpg", ""))
    await write(connection, Crowd.of(2400))
    await connection.close()
    async with running("application", database, clock=clock) as service:
        owner = replace(person(Role.ORG_STAFF, organisation=True), organisation_id=UUID(int=1))
        lines = table(await Filer(service, owner).request("GET", "/export"))
        async with service.db.read() as session:
            noted = await session.scalar(select(journal.c.detail).where(journal.c.action == "owner:export"))
        assert 1000 < noted["applications"] == len({line["Application id"] for line in lines}) == len(lines)
        assert [line["Filed at"] for line in lines] == sorted(line["Filed at"] for line in lines)
        reading = exported(service.db, Owner.of(owner), Wanted(legal_date(clock.now())), similar=False)
        for _ in range(700):
            await anext(reading)
        assert service.db.pool().in_use == 0
        await reading.aclose()  # type: ignore[attr-defined]
        assert service.db.pool().in_use == 0
