"""The pool of checking processes: hostile files end a process and never the service."""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from io import BytesIO
from uuid import uuid4

import psutil
import pytest

from services.document.checks.pool import CheckPool, Job, Limits, Meter
from services.document.checks.queue import Place, TooBusy
from services.document.checks.verdict import Verdict
from tests.services.document import files
from tests.support.waiting import eventually

# Processes of their own, as slow as servers: make quick leaves them out.
pytestmark = pytest.mark.server

NOW = datetime(2026, 7, 1, tzinfo=UTC)


@pytest.fixture
async def pool() -> AsyncIterator[CheckPool]:
    pool = CheckPool(2, Limits(cpu_seconds=5, wall_seconds=20, memory_mb=1024))
    yield pool
    await pool.close()


async def check(pool: CheckPool, kind: str, data: bytes, owner: str | None = None) -> Verdict:
    """Each file is another owner's, unless named."""
    place = Place.of_account(owner or uuid4().hex)
    return await pool.check(Job(kind, NOW), BytesIO(data), len(data), place, Meter())


def _workers() -> list[psutil.Process]:
    return [p for p in psutil.Process(os.getpid()).children() if "services.document.checks.worker" in p.cmdline()]


# Of services that other tests keep running in this process.
_before: set[psutil.Process] = set()


@pytest.fixture(autouse=True)
def _others() -> None:
    _before.clear()
    _before.update(_workers())


def children() -> list[psutil.Process]:
    return [worker for worker in _workers() if worker not in _before]


async def test_verdicts_come_back_whole_through_the_pipe(pool: CheckPool) -> None:
    photo = await check(pool, "photo", files.jpeg(3024, 4032))
    assert photo.accepted
    assert photo.cleaned is not None and photo.cleaned.startswith(b"\xff\xd8\xff")
    assert (photo.width, photo.height) == (1200, 1600)
    assert (await check(pool, "pdf", files.pdf(3))).pages == 3
    assert (await check(pool, "pdf", files.locked_pdf())).problems == ("pdf-encrypted",)
    assert (await check(pool, "pdf", b"")).problems == ("file-empty",)


async def test_a_large_file_is_streamed_to_the_process(pool: CheckPool) -> None:
    def grow(document) -> None:  # type: ignore[no-untyped-def]
        document.pages[0].obj["/Contents"] = document.make_stream(os.urandom(24 * 1024 * 1024))

    assert (await check(pool, "pdf", files.pdf(change=grow))).pages == 1


async def test_processes_are_used_again_and_never_more_than_allowed(pool: CheckPool) -> None:
    verdicts = await asyncio.gather(*(check(pool, "pdf", files.pdf(n)) for n in range(1, 21)))
    assert [verdict.pages for verdict in verdicts] == list(range(1, 21))
    assert 1 <= len(children()) <= 2


async def test_killed_process_is_a_clear_refusal_and_the_next_check_gets_a_fresh_one(pool: CheckPool) -> None:
    await check(pool, "pdf", files.pdf())
    for child in children():
        child.suspend()
    asking = asyncio.create_task(check(pool, "pdf", files.pdf()))
    await eventually(lambda: not pool._idle)  # the check has taken the suspended process
    for child in children():
        child.kill()
    assert (await asking).problems == ("file-not-checkable",)
    assert (await check(pool, "pdf", files.pdf(2))).pages == 2


async def test_check_that_takes_too_long_is_ended() -> None:
    pool = CheckPool(1, Limits(wall_seconds=0.001))
    try:
        assert (await check(pool, "pdf", files.pdf())).problems == ("file-not-checkable",)
        await eventually(lambda: not children())
    finally:
        await pool.close()


async def test_file_that_needs_more_memory_than_allowed_is_refused_and_the_service_lives() -> None:
    pool = CheckPool(1, Limits(memory_mb=256))
    try:
        # 60 million pixels are within the limit for pixels, and 180 MB when decoded.
        wide = files.encoded(files.face(6700, 8900), "PNG", compress_level=1)
        assert (await check(pool, "photo", wide)).problems == ("file-not-checkable",)
        assert (await check(pool, "pdf", files.pdf())).accepted
    finally:
        await pool.close()


async def test_the_queue_is_bounded() -> None:
    pool = CheckPool(1, queue=1)
    try:
        outcomes = await asyncio.gather(*(check(pool, "pdf", files.pdf()) for _ in range(4)), return_exceptions=True)
        assert [o.headers["Retry-After"] for o in outcomes if isinstance(o, TooBusy)] == ["5", "5"]
        assert sum(isinstance(outcome, Verdict) for outcome in outcomes) == 2
    finally:
        await pool.close()


async def test_checking_process_inherits_no_secret(pool: CheckPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZAIRYU_S3_SECRET_KEY", "s3cret")
    await check(pool, "pdf", files.pdf())
    (child, *_) = children()
    assert not any(name.startswith("ZAIRYU") for name in child.environ())


async def test_cancelled_check_leaves_no_process_and_frees_its_place() -> None:
    pool = CheckPool(1)
    try:
        first = asyncio.create_task(check(pool, "pdf", files.pdf()))
        await eventually(lambda: bool(children()))
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        assert (await check(pool, "pdf", files.pdf(4))).pages == 4
    finally:
        await pool.close()
