"""Requested and leaked cancellations, and work that none of them cuts off."""

import asyncio

import pytest

from shared.tasks import LeakedCancellation, contained, end, see_through
from tests.support.parts import leak


async def test_cancellation_that_nobody_asked_for_becomes_an_error() -> None:
    """[faults 36]"""
    with pytest.raises(LeakedCancellation), contained():
        await leak()


async def test_cancellation_that_was_asked_for_passes() -> None:
    """[faults 36]"""

    async def work() -> None:
        with contained():
            await asyncio.Event().wait()

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()


async def test_time_that_ran_out_stays_a_timeout() -> None:
    with pytest.raises(TimeoutError), contained():
        async with asyncio.timeout(0):
            with contained():
                await asyncio.Event().wait()


async def test_work_goes_on_to_its_end_although_its_caller_was_cancelled_twice() -> None:
    """[faults 36]"""
    began, go, finished = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def work() -> None:
        began.set()
        await go.wait()
        finished.set()

    caller = asyncio.create_task(see_through(work(), seconds=60, name="work"))
    await began.wait()
    for _ in range(2):
        caller.cancel()
        await asyncio.sleep(0)
    assert not caller.done()
    go.set()
    await asyncio.wait([caller])
    assert finished.is_set()
    assert caller.cancelled(), "its own cancellation is not lost"


async def _swallow() -> None:
    while True:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            if _swallow_enough.is_set():
                raise


_swallow_enough = asyncio.Event()


@pytest.mark.parametrize(
    ("work", "failed"),
    [(leak, LeakedCancellation), (lambda: asyncio.sleep(0), type(None)), (asyncio.Event().wait, TimeoutError)],
    ids=["leaks", "ends well", "hangs"],
)
async def test_the_end_of_the_work_is_told_and_nothing_raised(work, failed) -> None:  # type: ignore[no-untyped-def]
    """[faults 36] Bounded in time, and no failure of the work ends the caller."""
    assert isinstance(await see_through(work(), seconds=0.01, name="work"), failed)


async def test_work_that_swallows_its_cancellation_is_given_up_in_bounded_time() -> None:
    """[faults 36]"""
    _swallow_enough.clear()
    try:
        assert isinstance(await see_through(_swallow(), seconds=0.01, name="work", grace=0.01), TimeoutError)
        stubborn = asyncio.create_task(_swallow())
        await asyncio.sleep(0)
        assert not await end(stubborn, seconds=0.03)
    finally:
        _swallow_enough.set()
    assert await end(stubborn, seconds=60)
