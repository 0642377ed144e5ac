"""Imports while processes die, two work at once, and any mix of rows comes: each good row is filed once, no other."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from services.application.bulk.commands import binding, steps
from services.application.bulk.domain.ranges import ranges
from services.application.filing.commands import drafts, submission
from services.application.sheets.book import RowRead
from shared.clock import ManualClock
from shared.events.application import ApplicationSubmitted, BulkImportFinished
from tests.services.application.people import CAT3_DOCUMENTS
from tests.services.application.sheet import Office, packed, row
from tests.support.service import RunningService
from tests.support.waiting import eventually

ROWS = 1000


@pytest.fixture
async def office(service: RunningService) -> Office:
    found = Office(service)
    await found.activate()
    return found


@pytest.fixture
def spawn(service: RunningService) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """`spawn()` starts a process that works on imports."""
    children: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.services.application.import_worker", service.db.url]
        children.append(subprocess.Popen([*command, service.clock.now().isoformat()]))
        return children[-1]

    yield start
    for child in children:
        child.kill()
        child.wait()


async def _with_one_file_for_all(office: Office) -> None:
    """Photo and documents for every draft, the same ones: written at once, as a thousand uploads are not the point."""
    photo, pdf = await office.file("photo"), await office.file()
    attached = json.dumps([{"document_id": pdf, "codes": list(CAT3_DOCUMENTS)}])
    async with office.service.db.transaction() as session:
        await session.execute(
            text(
                "UPDATE applications SET photo_id = CAST(:photo AS uuid), attachments = CAST(:attached AS jsonb),"
                " file_ids = ARRAY[CAST(:photo AS uuid), CAST(:pdf AS uuid)] WHERE state = 'draft'"
            ),
            {"photo": photo, "pdf": pdf, "attached": attached},
        )


async def _is(office: Office, import_id: str, state: str) -> bool:
    return bool((await office.look(import_id))["state"] == state)


async def _reached(office: Office, import_id: str, done: int) -> bool:
    return bool((await office.look(import_id))["done"] >= done)


@pytest.mark.faults
async def test_each_row_is_filed_once_although_the_worker_is_killed(
    office: Office,
    service: RunningService,
    spawn: Callable[[], subprocess.Popen[bytes]],
) -> None:
    """In the middle of checking, and in the middle of filing; two workers go on, each step is one's alone."""
    answer = await office.send(packed([row(number, office.today) for number in range(3, 3 + ROWS)]))
    import_id = answer.json()["id"]

    async def kill_at(done: int, worker: subprocess.Popen[bytes]) -> None:
        await eventually(lambda: _reached(office, import_id, done), timeout=120)
        worker.kill()
        worker.wait()

    await kill_at(200, spawn())
    workers = [spawn(), spawn()]
    await eventually(lambda: _is(office, import_id, "checked"), timeout=120)
    await _with_one_file_for_all(office)
    assert (await office.press(import_id)).status_code == 202
    await kill_at(100, workers[0])
    await kill_at(300, workers[1])
    seen = await office.look(import_id)
    assert (seen["state"], seen["counts"]["filed"]) == ("filing", seen["done"]), "the page says what holds"
    spawn()
    await eventually(lambda: _is(office, import_id, "finished"), timeout=120)
    numbers = [each["receipt_number"] for each in await office.rows(import_id)]
    assert len(set(numbers)) == ROWS and None not in numbers
    submitted = [event for event in await service.events() if isinstance(event, ApplicationSubmitted)]
    assert sorted(event.receipt_number for event in submitted) == sorted(numbers)
    assert sum(isinstance(event, BulkImportFinished) for event in await service.events()) == 1


async def test_two_files_with_the_same_keys_at_once_are_the_same_applications(
    office: Office, clock: ManualClock
) -> None:
    rows = [row(number, office.today) for number in range(3, 43)]
    sent = [(await office.send(packed(each))).json()["id"] for each in (rows, list(reversed(rows)))]

    async def until_checked(import_id: str) -> None:
        while not await _is(office, import_id, "checked"):
            if not await office.work(1):
                # A step that met the other's is put off for a moment: the clock of the test does not go by itself.
                clock.advance(timedelta(seconds=5))
                await asyncio.sleep(0)

    await asyncio.gather(*map(until_checked, sent))
    one, other = [await office.rows(import_id) for import_id in sent]
    assert {each["key"]: each["application_id"] for each in one} == {
        each["key"]: each["application_id"] for each in other
    }
    assert len((await office.get("?limit=200"))["items"]) == len(rows)


@pytest.mark.parametrize("last_first", [True, False])
async def test_of_two_rows_for_one_application_the_second_is_wrong_whichever_range_is_quicker(
    office: Office, service: RunningService, last_first: bool
) -> None:
    """The rows at the ends of the file are for one person, and are worked on by ranges in either order."""
    rows = [row(number, office.today) for number in range(3, 253)]
    end = rows[-1].number
    rows[0], rows[-1] = (replace(row(3, office.today), number=number, numbered=True) for number in (3, end))
    rows[0] = replace(rows[0], form={**rows[0].form, "mobile": "09011112222"})
    sent = await office.send(packed(rows))
    import_id = sent.json()["id"]
    await office.work(1)
    async with service.db.transaction() as session:
        order = "ASC" if last_first else "DESC"
        await session.execute(
            text(
                "UPDATE timers SET due_at = due_at - make_interval(secs => place) FROM (SELECT id, row_number() OVER"
                f" (ORDER BY begins_after {order}) AS place FROM import_ranges) AS part WHERE subject_id = part.id"
            )
        )
    await office.work()
    found = await office.rows(import_id)
    assert (found[0]["state"], found[-1]["state"]) == ("files-missing", "wrong")
    (problem,) = found[-1]["problems"]
    assert problem["code"] == "row-repeated" and "Row 3 " in problem["message"]["en"]
    assert found[-1]["application_id"] is None
    draft = await office.get(f"/{found[0]['application_id']}")
    assert draft["form"]["mobile"] == "09011112222", "it has the answers of the first row"
    applications = [each["application_id"] for each in found if each["application_id"]]
    assert len(set(applications)) == len(rows) - 1
    assert await service.journal_problems() == []


async def test_ranges_of_one_import_are_worked_on_side_by_side(office: Office, service: RunningService) -> None:
    """Two steps are in the middle of their rows at once, and the import is finished once, by the last of them."""
    import_id = await office.sent([row(number, office.today) for number in range(3, 403)])
    await _with_one_file_for_all(office)
    assert (await office.press(import_id)).status_code == 202
    await office.work(1)
    both = asyncio.Barrier(2)
    whole = submission.file_drafts

    async def together(*args, **named):  # type: ignore[no-untyped-def]
        await asyncio.wait_for(both.wait(), 30)
        return await whole(*args, **named)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(steps, "file_drafts", together)
        await asyncio.gather(office.work(2), office.work(2))
    seen = await office.look(import_id)
    assert (seen["state"], seen["done"], seen["counts"]["filed"]) == ("finished", 400, 400)
    events = await service.events()
    assert sum(isinstance(event, BulkImportFinished) for event in events) == 1
    numbers = [event.receipt_number for event in events if isinstance(event, ApplicationSubmitted)]
    assert len(set(numbers)) == len(numbers) == 400


@given(st.integers(0, 20_000), st.integers(0, 20_000))
def test_ranges_have_every_row_once(after: int, more: int) -> None:
    found = ranges(after, after + more)
    assert [position for begins, until in found for position in range(begins, until)] == list(
        range(after, after + more)
    )
    assert all(begins < until for begins, until in found)


def _wrong(number: int, office: Office, random: Random) -> RowRead:
    """A row with one of the mistakes that rows have."""
    good = row(number, office.today)
    return random.choice(
        [
            replace(good, form={**good.form, "birth_date": "31 June 1990"}),
            replace(good, form={**good.form, "stay_expiry": "2026-01-31"}),
            replace(good, form={code: value for code, value in good.form.items() if code != "name_roman"}),
            replace(good, version=None),
            replace(good, procedure="NONE"),
            replace(good, status_of_residence="SHORT_STAY"),
            replace(good, notify_email="not an address"),
            replace(good, form={**good.form, "unheard_of": "x"}),
            replace(good, form={}, same_as_last=True),
        ]
    )


async def test_any_mix_of_rows_files_exactly_the_good_ones(office: Office, service: RunningService) -> None:
    random = Random()
    kinds = [random.random() < 0.5 for _ in range(60)]
    rows = [
        row(number, office.today) if good else _wrong(number, office, random)
        for number, good in enumerate(kinds, start=3)
    ]
    import_id = await office.sent(rows)
    await office.with_files(import_id)
    seen = await office.file_rows(import_id)
    good = {f"E-{number}" for number, is_good in enumerate(kinds, start=3) if is_good}
    filed = {each["key"] for each in await office.rows(import_id, "&state=filed")}
    assert filed == good, f"{filed ^ good} of {rows}"
    assert seen["counts"]["wrong"] == len(rows) - len(good)
    assert await service.journal_problems() == []


async def test_a_row_at_which_our_code_fails_is_marked_and_the_others_go_on(
    office: Office, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = drafts.begun

    def begun(work, new, *more):  # type: ignore[no-untyped-def]
        if new.import_key and new.import_key.endswith("E-7"):
            raise RuntimeError("a bug")
        return whole(work, new, *more)

    monkeypatch.setattr(binding, "begun", begun)
    answer = await office.send(packed([row(number, office.today) for number in range(3, 13)]))
    await office.work()
    clock.advance(timedelta(minutes=1))
    await office.work()
    seen = await office.look(answer.json()["id"])
    assert (seen["state"], seen["counts"]["wrong"], seen["counts"]["files_missing"]) == ("checked", 1, 9)
    (failed,) = await office.rows(seen["id"], "&state=wrong")
    assert (failed["key"], failed["problems"][0]["code"]) == ("E-7", "row-failed")
    assert await office.service.journal_problems() == []
