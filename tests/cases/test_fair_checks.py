"""Checks in turn: owners one after the other, strangers never before accounts, and costly files are counted."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any, BinaryIO
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from services.document.checks.pool import Job, Meter
from services.document.checks.queue import FairQueue, Place, TooBusy
from services.document.checks.verdict import Verdict
from services.document.files.domain import CHECKS_FOR_ONE_RECORD, MAX_FILE_BYTES
from services.document.files.store.documents import Document
from services.document.files.store.spending import CheckSpending
from shared.auth import Actor
from tests.services.document import files
from tests.services.document.conftest import Documents
from tests.services.document.test_registration_files import for_one_record
from tests.support.waiting import eventually


class Line:
    """Uploads that hold their place until they are let go, in the order in which they begin."""

    def __init__(self, queue: FairQueue) -> None:
        self._queue = queue
        self.begun: list[str] = []
        self._ends: dict[str, asyncio.Event] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def enter(self, name: str, place: Place) -> None:
        self._ends[name] = asyncio.Event()
        self.tasks[name] = asyncio.create_task(self._hold(name, place))
        await self._settle()

    async def end(self, name: str) -> None:
        self._ends[name].set()
        await self.tasks[name]
        await self._settle()

    async def run_out(self) -> list[str]:
        """End what runs, one after the other, until nothing waits; the order in which checks began."""
        ended: set[str] = set()
        while len(ended) < len(self.tasks):
            running = next(name for name in self.begun if name not in ended)
            ended.add(running)
            await self.end(running)
        return self.begun

    async def _hold(self, name: str, place: Place) -> None:
        async with self._queue.place(place):
            self.begun.append(name)
            await self._ends[name].wait()

    @staticmethod
    async def _settle() -> None:
        for _ in range(5):
            await asyncio.sleep(0)


def account(owner: str) -> Place:
    return Place.of_account(owner)


async def test_eight_files_of_one_owner_delay_another_by_the_check_in_progress() -> None:
    """[attacks F5] An owner who comes after eight files of another is next, and then they take turns."""
    line = Line(FairQueue(1, 64, 20))
    for number in range(8):
        await line.enter(f"a{number}", account("a"))
    await line.enter("b0", account("b"))
    await line.enter("b1", account("b"))
    await line.enter("c0", account("c"))
    assert (await line.run_out())[:6] == ["a0", "b0", "c0", "a1", "b1", "a2"]


async def test_an_owner_alone_has_every_place_and_another_begins_as_if_they_were_free() -> None:
    """[attacks F5] Files of one owner fill the places that nobody wants; each owner who comes begins at once."""
    line = Line(FairQueue(3, 64, 20))
    for number in range(8):
        await line.enter(f"a{number}", account("a"))
    assert line.begun == ["a0", "a1", "a2"]
    await line.enter("b0", account("b"))
    await line.enter("stranger", Place.of_stranger("192.0.2.1", "draft"))
    assert line.begun[3:] == ["b0", "stranger"]
    await line.enter("c0", account("c"))
    await line.end("a0")
    await line.end("a1")
    assert line.begun[5:] == [], "three owners hold the three places, and each has one check"
    await line.end("b0")
    assert line.begun[5:] == ["c0"]
    await line.end("stranger")
    assert line.begun[6:] == ["a3"], "a place that nobody else wants is used again"
    await line.enter("c1", account("c"))
    await line.end("a2")
    assert line.begun[7:] == ["c1"], "of two owners the one with fewer checks is next"


async def test_several_files_of_one_stranger_keep_no_other_stranger_waiting() -> None:
    """[attacks F5] The rule is the same in the strangers' lane, within the places that strangers may hold."""
    line = Line(FairQueue(3, 64, 20))
    for number in range(4):
        await line.enter(f"s{number}", Place.of_stranger("192.0.2.1", "draft"))
    assert line.begun == ["s0", "s1"]
    await line.enter("other", Place.of_stranger("192.0.2.2", "draft"))
    await line.enter("third", Place.of_stranger("192.0.2.3", "draft"))
    await line.enter("account", account("a"))
    assert line.begun == ["s0", "s1", "other", "account"]
    assert (await line.run_out())[4:] == ["s2", "third", "s3"]


async def test_many_drafts_of_one_address_are_one_in_turn_and_never_hold_the_last_place() -> None:
    """[attacks F5] Drafts cost a mail address each: they share a lane, and there each address has its turn."""
    line = Line(FairQueue(2, 64, 20))
    for number in range(6):
        await line.enter(f"s{number}", Place.of_stranger("192.0.2.1", f"draft{number}"))
    assert line.begun == ["s0"]
    await line.enter("other", Place.of_stranger("192.0.2.2", "draft"))
    await line.enter("account", account("a"))
    assert line.begun == ["s0", "account"]
    assert (await line.run_out())[:4] == ["s0", "account", "other", "s1"]


async def test_ever_new_strangers_do_not_overtake_who_waits() -> None:
    """[attacks F5] A newcomer does not go before somebody who has had a turn and waits again for longer."""
    line = Line(FairQueue(1, 64, 20))
    await line.enter("first", Place.of_stranger("192.0.2.1", "a"))
    await line.enter("again", Place.of_stranger("192.0.2.1", "b"))
    for number in range(3):
        await line.enter(f"new{number}", Place.of_stranger(f"198.51.100.{number}", "d"))
    await line.end("first")
    await line.enter("later", Place.of_stranger("203.0.113.9", "d"))
    order = await _rest(line, "first")
    assert order.index("again") < order.index("later")


async def _rest(line: Line, *ended: str) -> list[str]:
    done = set(ended)
    while len(done) < len(line.tasks):
        running = next(name for name in line.begun if name not in done)
        done.add(running)
        await line.end(running)
    return line.begun


@pytest.mark.parametrize(
    ("place", "waiting"),
    [
        (lambda number: account("a"), 4),
        (lambda number: Place.of_stranger("192.0.2.1", str(number)), 4),
        (lambda number: Place.of_stranger(f"192.0.2.{number}", "d"), 5),
        (lambda number: account(str(number)), 10),
    ],
    ids=["owner", "address", "strangers", "all"],
)
async def test_what_waits_is_bounded_for_an_owner_an_address_the_strangers_and_all(
    place: Callable[[int], Place], waiting: int
) -> None:
    """[attacks F5] Ten may wait: four of one owner or address, five strangers; who comes too much hears 429."""
    line = Line(FairQueue(1, 10, 4))
    for number in range(12):
        await line.enter(str(number), place(number))
    refused = [task for task in line.tasks.values() if task.done()]
    assert all(isinstance(task.exception(), TooBusy) for task in refused)
    assert len(line.tasks) - len(refused) == 1 + waiting


async def test_strangers_who_fill_their_half_leave_room_for_accounts() -> None:
    """[attacks F5] A queue full of strangers' files refuses strangers, not accounts."""
    line = Line(FairQueue(1, 10, 4))
    for number in range(12):
        await line.enter(f"s{number}", Place.of_stranger(f"192.0.2.{number}", "d"))
    await line.enter("account", account("a"))
    await line.end("s0")
    assert line.begun == ["s0", "account"]


async def test_who_leaves_the_queue_is_forgotten_and_a_check_given_up_frees_its_place() -> None:
    """[attacks F5] A check that nobody waits for is dropped, waiting or begun, and leaves no history."""
    queue = FairQueue(1, 64, 20)
    line = Line(queue)
    for name, owner in (("a", "a"), ("b", "b"), ("c", "c")):
        await line.enter(name, account(owner))
    for name in ("b", "a"):
        line.tasks[name].cancel()
        await asyncio.gather(line.tasks[name], return_exceptions=True)
    await line._settle()
    assert line.begun == ["a", "c"]
    await line.end("c")
    assert (queue._waiting, queue._last, +queue._checks, +queue._owners) == ([], {}, {}, {})


class Slow:
    """A checker that costs what it is given, waits where it is held, and raises the `error` that it is given."""

    def __init__(self, seconds: float = 1, verdict: Verdict | None = None, error: Exception | None = None) -> None:
        self.seconds = seconds
        self.verdict = verdict or Verdict(pages=1)
        self.error = error
        self.held: asyncio.Event | None = None
        self.begun = 0
        self.given_up = 0
        self.places: list[Place] = []

    async def check(self, job: Job, source: BinaryIO, size: int, place: Place, meter: Meter) -> Verdict:
        self.begun += 1
        self.places.append(place)
        meter.seconds = self.seconds
        try:
            if self.held is not None:
                await self.held.wait()
        except asyncio.CancelledError:
            self.given_up += 1
            raise
        if self.error is not None:
            raise self.error
        return self.verdict


def replace_checker(documents: Documents, checker: Slow) -> Slow:
    documents.service.app.state.uploads._checker = checker
    return checker


async def spent(documents: Documents) -> dict[str, tuple[float, int]]:
    async with documents.service.db.read() as session:
        rows = (await session.scalars(select(CheckSpending))).all()
    return {row.spender: (row.seconds, row.refused) for row in rows}


async def test_seconds_of_an_hour_that_are_used_up_are_429_until_the_next(open_documents: Any) -> None:
    """[attacks F5] Costly checks are counted in the database; then 429 says when to come back, also after a restart."""
    documents: Documents = await open_documents(check_seconds_hour=10)
    slow = replace_checker(documents, Slow(6))
    for _ in range(2):
        assert (await documents.upload(files.pdf())).status_code == 201
    documents.clock.advance(timedelta(minutes=15))
    answer = await documents.upload(files.pdf())
    assert (answer.status_code, answer.json()["code"]) == (429, "checks-used-up")
    assert answer.headers["Retry-After"] == str(45 * 60)
    assert "about 45" in answer.json()["detail"]
    assert slow.begun == 2
    assert await spent(documents) == {f"owner:{documents.owner.owner_id}": (12, 0)}
    documents.clock.advance(timedelta(minutes=45))
    assert (await documents.upload(files.pdf())).status_code == 201


async def test_refused_files_are_counted_for_their_owner_alone(open_documents: Any) -> None:
    """[attacks F5] A refused file counts for no quota of storage, but for one of its own."""
    documents: Documents = await open_documents(refused_files_hour=3)
    replace_checker(documents, Slow(0, Verdict.refused("pdf-damaged")))
    statuses = [(await documents.upload(files.pdf())).status_code for _ in range(4)]
    assert statuses == [422, 422, 422, 429]
    other = Actor(kind="person", id=uuid4(), roles=documents.owner.roles)
    assert (await documents.upload(files.pdf(), actor=other)).status_code == 422


async def test_drafts_are_counted_each_and_together_by_address(open_documents: Any) -> None:
    """[attacks F5] A draft has a smaller allowance; drafts begun by the hundred share that of their address."""
    documents: Documents = await open_documents(refused_files_hour=100)
    slow = replace_checker(documents, Slow(CHECKS_FOR_ONE_RECORD.seconds))
    draft = for_one_record()
    assert (await documents.upload(files.pdf(), actor=draft)).status_code == 201
    assert (await documents.upload(files.pdf(), actor=draft)).json()["code"] == "checks-used-up"
    statuses = [(await documents.upload(files.pdf(), actor=for_one_record())).status_code for _ in range(12)]
    assert statuses == [201] * 9 + [429] * 3
    assert {place.lane for place in slow.places} == {"strangers"}
    assert (await documents.upload(files.pdf())).status_code == 201
    assert slow.places[-1] == Place.of_account(str(documents.owner.owner_id))


async def test_spending_is_forgotten_after_a_day(documents: Documents) -> None:
    """[attacks F5] Counted costs are removed by the job that deletes files."""
    replace_checker(documents, Slow())
    await documents.uploaded()
    documents.clock.advance(timedelta(hours=26))
    await documents.run_job("expire_documents")
    assert await spent(documents) == {}


async def test_upload_whose_caller_has_gone_is_dropped_charged_and_not_stored(documents: Documents) -> None:
    """[attacks F5] A caller that hangs up ends the check; nothing is stored, and what it cost is counted."""
    slow = replace_checker(documents, Slow(2))
    slow.held = asyncio.Event()
    uploads = documents.service.app.state.uploads
    taken: list[Any] = []
    original = uploads.take

    async def take(*arguments: Any) -> Any:
        *others, _ = arguments
        left.append(asyncio.Event())
        try:
            return await original(*others, left[-1].wait)
        finally:
            taken.append(arguments)

    left: list[asyncio.Event] = []
    uploads.take = take
    asking = asyncio.create_task(documents.upload(files.pdf()))
    await eventually(lambda: slow.begun)
    left[0].set()
    answer = await asking
    assert answer.json()["code"] == "caller-gone"
    assert slow.given_up == 1
    assert await spent(documents) == {f"owner:{documents.owner.owner_id}": (2, 0)}
    async with documents.service.db.read() as session:
        assert (await session.scalars(select(Document))).all() == []


async def test_connection_that_ends_is_noticed_while_the_check_waits(documents: Documents) -> None:
    """[attacks F5] The end of a connection (`http.disconnect`) gives up the check of its file."""
    slow = replace_checker(documents, Slow())
    slow.held = asyncio.Event()
    body = (
        b'--b\r\nContent-Disposition: form-data; name="kind"\r\n\r\npdf\r\n--b\r\nContent-Disposition: form-data; '
        b'name="file"; filename="x"\r\nContent-Type: application/pdf\r\n\r\n' + files.pdf() + b"\r\n--b--\r\n"
    )
    headers = {
        **documents.headers(),
        "Idempotency-Key": uuid4().hex,
        "Content-Type": "multipart/form-data; boundary=b",
        "Content-Length": str(len(body)),
    }
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/v1/documents",
        "raw_path": b"/v1/documents",
        "query_string": b"",
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": ("192.0.2.7", 4711),
        "server": ("test", 80),
    }
    messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    messages.put_nowait({"type": "http.request", "body": body, "more_body": False})

    async def send(message: Any) -> None:
        pass

    serving = asyncio.create_task(documents.service.app(scope, messages.get, send))
    await eventually(lambda: slow.begun)
    messages.put_nowait({"type": "http.disconnect"})
    await serving
    assert slow.given_up == 1


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_file_of_a_little_more_than_25_mb_is_refused_with_that_number(
    documents: Documents, language: str
) -> None:
    """[faults 21] 25.1 MiB: the answer says 25 MB, not a number of bytes."""
    for size in (MAX_FILE_BYTES + 1, MAX_FILE_BYTES + 100_000):
        answer = await documents.upload(bytes(size), language=language)
        assert answer.status_code == 413
        assert ("25MB" if language == "ja" else "25 MB") in answer.json()["detail"]
        assert "26279936" not in answer.text
    assert isinstance(documents.owner.id, UUID)
