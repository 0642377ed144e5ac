"""The journal over HTTP: every service has it, auditors alone read it, nobody changes anything through it."""

import csv
import hashlib
import io
import json
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import make_url, text

from services.review.audit import Tag
from shared.auth import Actor, Role
from shared.clock import ManualClock
from shared.db import Database
from shared.ids import new_id
from shared.journal.reading import COLUMNS, Search, defuse_cell, statement
from shared.work import Commands, RequestIdentity, Work
from tests.infra.databases import TestDatabase
from tests.services.registration.site import RegistrationClient
from tests.support.keys import event_keys
from tests.support.service import RunningService, running
from tests.support.tokens import bearer, officer

PATH = "/v1/review/operations/audit"
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
TAGS = list(Tag)
_POSTGRESQL = make_url("postgresql+asyncpg://").get_dialect()()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
async def service(service_database: Callable[[str], TestDatabase], clock: ManualClock) -> AsyncIterator[RunningService]:
    async with running("review", service_database("review"), clock=clock) as started:
        yield started


@pytest.fixture
async def lines(service: RunningService, clock: ManualClock) -> list[UUID]:
    """Seven lines on seven aggregates, an hour apart, by two officers in turn."""
    actors = [officer(Role.EXAMINER), officer(Role.CHIEF_EXAMINER)]
    commands = Commands(service.db, clock, event_keys("review"))
    ids = []
    for number in range(7):
        ids.append(new_id())
        async with commands.work(actors[number % 2], RequestIdentity(f"request-{number}")) as work:
            detail = {"note": "=HYPERLINK(1)"} if number == 3 else {}
            _enter(work, ids[-1], number, detail)
        clock.advance(timedelta(hours=1))
    return ids


def _enter(work: Work, aggregate_id: UUID, number: int, detail: dict[str, Any]) -> None:
    work.journal("case" if number < 5 else "fee", aggregate_id, TAGS[number % 2], detail)


async def _items(service: RunningService, query: str, clock: ManualClock) -> list[dict[str, Any]]:
    answer = await service.client.get(f"{PATH}?{query}", headers=bearer(officer(Role.AUDITOR), clock))
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_lines_are_found_by_actor_aggregate_action_and_time(
    service: RunningService, lines: list[UUID], clock: ManualClock
) -> None:
    everything = await _items(service, "", clock)
    assert [UUID(line["aggregate_id"]) for line in everything] == lines
    first_actor = everything[0]["actor_id"]
    for query, places in (
        (f"actor_id={first_actor}", [0, 2, 4, 6]),
        (f"aggregate_id={lines[2]}", [2]),
        ("aggregate=fee", [5, 6]),
        (f"action={TAGS[1].value}", [1, 3, 5]),
        ("since=2026-11-20T05:00:00Z&until=2026-11-20T07:00:00Z", [2, 3]),
        (f"actor_id={first_actor}&aggregate=fee", [6]),
        (f"actor_id={new_id()}", []),
    ):
        found = [lines.index(UUID(line["aggregate_id"])) for line in await _items(service, query, clock)]
        assert found == places, query


async def test_pages_follow_one_another_without_gap(
    service: RunningService, lines: list[UUID], clock: ManualClock
) -> None:
    headers = bearer(officer(Role.AUDITOR), clock)
    seen, cursor = [], ""
    while True:
        page = (await service.client.get(f"{PATH}?limit=3{cursor}", headers=headers)).json()
        seen += [UUID(line["aggregate_id"]) for line in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert seen == lines
    made_up = [["2026-11-20T03:00:00", "1", "1"], ["2026-11-20T03:00:00Z", "1", str(2**63)], ["1"], {}]
    for cursor in ("nonsense", *(urlsafe_b64encode(json.dumps(parts).encode()).decode() for parts in made_up)):
        refused = await service.client.get(PATH, params={"cursor": cursor}, headers=headers)
        assert refused.status_code == 422, cursor


async def test_the_file_holds_every_line_and_no_formula(
    service: RunningService, lines: list[UUID], clock: ManualClock
) -> None:
    answer = await service.client.get(f"{PATH}.csv", headers=bearer(officer(Role.AUDITOR), clock))
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [UUID(row["aggregate_id"]) for row in rows] == lines
    assert tuple(rows[0]) == COLUMNS
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t"))]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "\u3000=1"])
def test_a_cell_that_looks_like_a_formula_becomes_text(cell: str) -> None:
    assert defuse_cell(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "case:start", "2026-11-20", "{}", "a=b"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert defuse_cell(cell) == cell


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.AUDITOR}))
async def test_nobody_but_an_auditor_reads_it(service: RunningService, role: Role, clock: ManualClock) -> None:
    for suffix in ("", ".csv"):
        answer = await service.client.get(f"{PATH}{suffix}", headers=bearer(officer(role), clock))
        assert answer.status_code == 403
    kind = Actor(kind="person", id=new_id(), roles=frozenset({Role.AUDITOR}), session_id=new_id())
    assert (await service.client.get(PATH, headers=bearer(kind, clock))).status_code == 403


async def test_reading_writes_who_looked_for_what_and_nothing_else(
    service: RunningService, lines: list[UUID], clock: ManualClock
) -> None:
    before = await _items(service, "", clock)
    auditor = officer(Role.AUDITOR)
    headers = bearer(auditor, clock)
    await service.client.get(f"{PATH}?action={TAGS[1].value}&since=2026-11-20T05:00:00Z", headers=headers)
    await service.client.get(f"{PATH}.csv?aggregate=fee", headers=headers)
    found = await _items(service, "aggregate=journal", clock)
    (first, searched, exported) = found
    assert first["action"] == "journal:search"
    assert (searched["action"], searched["actor_id"]) == ("journal:search", str(auditor.id))
    assert searched["detail"] == {"action": TAGS[1].value, "since": "2026-11-20T05:00:00+00:00"}
    assert (exported["action"], exported["detail"]) == ("journal:export", {"aggregate": "fee"})
    assert (searched["changes"], exported["changes"]) == ([], [])
    assert [line for line in await _items(service, "", clock) if line["aggregate"] != "journal"] == before
    assert await service.journal_problems() == []
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert (await service.client.request(method, PATH, headers=headers)).status_code == 405


async def test_a_reader_who_asks_for_one_line_at_a_time_comes_to_an_end(
    service: RunningService, lines: list[UUID], clock: ManualClock
) -> None:
    headers = bearer(officer(Role.AUDITOR), clock)
    page = (await service.client.get(f"{PATH}?limit=1", headers=headers)).json()
    for _ in lines[1:]:
        page = (await service.client.get(f"{PATH}?limit=1&cursor={page['next']}", headers=headers)).json()
    assert page["next"] is None


_FILL = """
INSERT INTO journal (aggregate, aggregate_id, version, action, actor_kind, actor_id, at, request_id, detail, changes,
    previous_hash, hash)
SELECT 'case', md5('aggregate' || n % 5000)::uuid, n, 'case:' || n % 50, 'officer', md5('actor' || n % 50)::uuid,
    timestamptz '2026-01-01 00:00Z' + n * interval '1 minute', 'request', '{}', '[]',
    decode(repeat('00', 32), 'hex'), decode(repeat('00', 32), 'hex')
FROM generate_series(1, 20000) AS n
"""
_SEARCHES = {
    "ix_journal_action_at": Search(action="case:7"),
    "ix_journal_at": Search(since=datetime(2026, 1, 10, tzinfo=UTC), until=datetime(2026, 1, 11, tzinfo=UTC)),
    "ix_journal_actor_id_at": Search(actor_id=UUID(hashlib.md5(b"actor7").hexdigest())),
    "uq_journal_aggregate_id_version": Search(aggregate_id=UUID(hashlib.md5(b"aggregate7").hexdigest())),
}


async def test_no_search_reads_the_whole_journal_nor_do_later_pages(
    service_database: Callable[[str], TestDatabase],
) -> None:
    db = Database(service_database("review").owner_url)
    try:
        async with db.transaction() as session:
            await session.execute(text(_FILL))
            await session.execute(text("ANALYZE journal"))
        async with db.read() as session:
            for index, search in _SEARCHES.items():
                for after in (None, (datetime(2026, 1, 10, 12, tzinfo=UTC), 13_680)):
                    wanted = statement(search, 20_000, after).limit(51)
                    sql = wanted.compile(dialect=_POSTGRESQL, compile_kwargs={"literal_binds": True})
                    plan = "\n".join(await session.scalars(text(f"EXPLAIN {sql}".replace(":", "\\:"))))
                    assert index in plan, f"{search}\n{plan}"
                    assert "Seq Scan" not in plan, f"{search}\n{plan}"
    finally:
        await db.close()


@pytest.mark.parametrize("name", ["registration", "application", "document", "notification"])
async def test_every_service_has_it(name: str, service_database: Callable[[str], TestDatabase]) -> None:
    clock = ManualClock(NOW)
    store = {"s3_access_key": "unused", "s3_secret_key": "unused"} if name == "document" else {}
    async with running(name, service_database(name), clock=clock, **store) as started:
        if name == "registration":
            auditor = Actor(kind="officer", id=new_id(), roles=frozenset({Role.AUDITOR}), office="TYO")
            headers = await RegistrationClient(started, clock).bearer(auditor)
        else:
            headers = bearer(officer(Role.AUDITOR), clock)
        answer = await started.client.get(f"/v1/{name}/operations/audit?aggregate=none", headers=headers)
        assert answer.json() == {"items": [], "next": None}
        mine = (await started.client.get(f"/v1/{name}/operations/audit?aggregate=journal", headers=headers)).json()
        assert [line["action"] for line in mine["items"]] == ["journal:search"]
