"""The watchdog distinguishes a stalled consumer from an idle one (aio-libs/aiokafka#1154)."""

import asyncio
from collections.abc import Mapping

import pytest

from shared.messaging import BrokerError, Watchdog
from shared.messaging.message import Partition
from shared.messaging.ports import Progress
from shared.messaging.watchdog import Stalled

_PLACE = Partition("t", 0)


class Account:
    """The broker's answers, one after the other; the last one repeatedly."""

    def __init__(self, *answers: Progress | type[BrokerError]) -> None:
        self._answers = list(answers)
        self.asked = 0

    async def __call__(self) -> Mapping[Partition, Progress]:
        self.asked += 1
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Progress):
            return {_PLACE: answer}
        raise answer("away")


async def _watch(account: Account, excused: bool = False) -> None:
    await Watchdog("group", patience=0.05, interval=0.01).watch(account, lambda: excused)


async def test_messages_that_wait_while_no_offset_moves_are_a_stall() -> None:
    with pytest.raises(Stalled):
        await _watch(Account(Progress(end=5, committed=2)))


async def test_a_broker_that_does_not_answer_is_a_stall() -> None:
    with pytest.raises(Stalled):
        await _watch(Account(BrokerError))


@pytest.mark.parametrize(
    ("account", "excused"),
    [
        (Account(Progress(end=5, committed=5)), False),
        (Account(Progress(end=5, committed=2)), True),
        (Account(*(Progress(end=900, committed=done) for done in range(900))), False),
    ],
    ids=["nothing waits", "waits for the database", "offsets move"],
)
async def test_a_consumer_that_works_or_waits_rightly_is_left_alone(account: Account, excused: bool) -> None:
    watching = asyncio.create_task(_watch(account, excused))
    # Thirty looks are six times the watchdog's patience.
    while account.asked < 30 and not watching.done():
        await asyncio.sleep(0)
    assert not watching.done()
    watching.cancel()
