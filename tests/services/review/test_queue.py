"""The work queue: filters, pages, order, its index, and who looked at it."""

import json
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from services.review.cases.domain.states import CLOSED, State
from shared.ids import new_id
from shared.journal import journal
from tests.services.review.desk import Desk

START = datetime(2026, 7, 1, tzinfo=UTC)


async def _pages(desk: Desk, **params: Any) -> AsyncIterator[list[str]]:
    cursor: str | None = None
    while True:
        page = (await desk.get(desk.examiner, "", **params, **({"cursor": cursor} if cursor else {}))).json()
        yield [item["id"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            return


async def test_pages_show_every_case_of_the_office_once_oldest_first(desk: Desk) -> None:
    moments = [START + timedelta(hours=hours) for hours in (3, 1, 1, 1, 5)]  # a page ends amid equals
    cases = [await desk.open(submitted_at=moment.isoformat()) for moment in moments]
    await desk.open(office="OSA")
    seen = [page async for page in _pages(desk, limit=2)]
    assert [len(page) for page in seen] == [2, 2, 1]
    expected = sorted(cases, key=lambda case: (case.submitted_at, case.id))
    assert [identity for page in seen for identity in page] == [str(case.id) for case in expected]


async def test_filters_narrow_the_queue(desk: Desk) -> None:
    received = await desk.open(procedure="CHANGE")
    taken = await desk.at(State.UNDER_REVIEW, status_of_residence="SSW1")
    proposed = await desk.at(State.PROPOSED)

    async def found(**params: Any) -> set[str]:
        return {item["id"] for item in (await desk.get(desk.examiner, "", **params)).json()["items"]}

    assert await found(state="RECEIVED") == {str(received.id)}
    assert await found(state=["UNDER_REVIEW", "PROPOSED"]) == {str(taken.id), str(proposed.id)}
    assert await found(mine=True) == {str(taken.id), str(proposed.id)}
    assert await found(procedure="CHANGE") == {str(received.id)}
    assert await found(status_of_residence="SSW1") == {str(taken.id)}
    assert await found(receipt_number=proposed.receipt_number) == {str(proposed.id)}
    assert await found(receipt_number="none") == set()
    null = await desk.get(desk.examiner, "", receipt_number="a\0b")
    assert (null.status_code, null.json()["code"]) == (422, "null-character"), "PostgreSQL has no such text"
    assert (await desk.get(desk.examiner, "", state="LOST")).status_code == 422
    for parts in (["2026-11-20T03:00:00", str(new_id())], ["0001-01-01T00:00:00+14:00", str(new_id())], [1, 2]):
        forged = urlsafe_b64encode(json.dumps(parts).encode()).decode()
        assert (await desk.get(desk.examiner, "", cursor=forged)).status_code == 422


async def test_the_office_is_the_auditors_to_choose_and_nobody_elses(desk: Desk) -> None:
    here, there = await desk.open(), await desk.open(office="OSA")

    async def found(who: Any, **params: Any) -> set[str]:
        return {item["id"] for item in (await desk.get(who, "", **params)).json()["items"]}

    assert await found(desk.auditor) == {str(here.id), str(there.id)}
    assert await found(desk.auditor, office="OSA") == {str(there.id)}
    assert await found(desk.chief, office="OSA") == {str(here.id)}


async def test_a_look_at_the_queue_is_journalled_with_the_cases_that_were_shown(desk: Desk) -> None:
    case = await desk.open()
    await desk.get(desk.examiner, "", state="RECEIVED")
    async with desk.service.db.read() as session:
        looks = select(journal).where(journal.c.aggregate == "work_queue").order_by(journal.c.position)
        row = (await session.execute(looks)).mappings().one()
    assert (row["actor_id"], row["action"]) == (desk.examiner.id, "work_queue:search")
    assert row["detail"]["case_ids"] == [str(case.id)]


async def test_every_look_at_a_case_is_journalled(desk: Desk) -> None:
    case = await desk.open()
    before = await desk.lines(case.id)
    for path in (f"/{case.id}", f"/by-application/{case.application_id}", f"/{case.id}/timeline"):
        assert (await desk.get(desk.chief, path)).status_code == 200
    assert await desk.lines(case.id) == before + 3
    assert await desk.service.journal_problems() == []


async def test_a_case_that_waits_longer_than_the_target_is_late_in_the_queue_and_in_the_counts(desk: Desk) -> None:
    fresh = await desk.open()
    await desk.at(State.PROPOSED)
    await desk.at(State.AWAITING_FEE)
    await desk.open(office="OSA")

    async def late() -> set[str]:
        found = (await desk.get(desk.examiner, "", wait="not_started")).json()["items"]
        return {item["id"] for item in found if item["late"]}

    async def counted(**params: Any) -> dict[str, tuple[int, int]]:
        found = (await desk.get(desk.examiner, "/counts", **params)).json()
        assert {row["state"] for row in found["states"]} == {state.value for state in State if state not in CLOSED}
        return {row["wait"]: (row["cases"], row["late"]) for row in found["waits"] if row["cases"]}

    once = {"decision": (1, 0), "fee": (1, 0), "card_materials": (1, 0)}
    assert (await late(), await counted()) == (set(), {"not_started": (1, 0)} | once)
    assert await counted(mine=True) == once
    desk.clock.advance(timedelta(days=4))
    assert (await late(), (await counted())["not_started"]) == ({str(fresh.id)}, (1, 1))
    osaka = (await desk.get(desk.auditor, "/counts", office="OSA")).json()
    assert sum(row["cases"] for row in osaka["states"]) == 1
    assert (await desk.get(desk.examiner, "", wait="lost")).status_code == 422


async def test_every_wait_of_the_queue_is_found_by_its_name(desk: Desk) -> None:
    cases = {
        wait: await desk.at(state)
        for wait, state in {
            "examination": State.ON_HOLD_INTERVIEW,
            "documents": State.DOCS_REQUESTED,
            "card_production": State.CARD_PRODUCTION,
            "mailing": State.CARD_ISSUED,
            "counter_visit": State.COUNTER_VISIT,
            "delivery": State.DISPATCHED,
        }.items()
    }
    for wait, case in cases.items():
        found = (await desk.get(desk.card_office, "", wait=wait)).json()["items"]
        assert [item["id"] for item in found] == [str(case.id)], wait
