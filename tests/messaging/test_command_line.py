"""The operator's commands, as they are typed."""

import asyncio
from typing import Any

import pytest

from shared.ids import new_id
from shared.messaging import DeadLetters, MemoryBroker
from shared.messaging.__main__ import main
from tests.messaging.conftest import Run
from tests.messaging.support import TEST_KEYS, Service
from tests.messaging.test_consumer import GROUP, Poison
from tests.messaging.test_letters import _parked


async def test_operator_finds_shows_replays_and_drops_letters(
    service: Service, database: Any, memory: MemoryBroker, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    """[newcomers readme] The list says what its numbers are."""
    from shared.db import Database

    poison = Poison(service, ValueError("bug"))
    first, second = new_id(), new_id()
    messages = [service.message(key, n) for key, n in ((first, 0), (first, 1), (second, 2))]
    await _parked(service, memory, run, poison, *messages)

    async def command(*words: str) -> tuple[int, str]:
        def load(name: str) -> DeadLetters:
            assert name == "review"
            return DeadLetters(Database(database.url), GROUP, poison.handlers, keys=TEST_KEYS)

        code = await asyncio.to_thread(main, ["letters", words[0], "--service", "review", *words[1:]], load)
        return code, capsys.readouterr().out

    code, said = await command("list")
    assert code == 0
    assert "parked 2  deferred 0  waiting 1  refused 0\n(parked: failed, waits for a decision of yours; " in said
    assert "     2  zairyu.Submitted.v1  ValueError: tests/messaging/test_consumer.py:" in said
    letters = {letter.key: letter.id for letter in await service.letters() if letter.status == "parked"}
    assert f"{letters[str(first)]}  zairyu.Submitted.v1  key {first}  attempts 1  waiting 1" in said

    code, said = await command("show", str(letters[str(first)]))
    assert code == 0
    assert '"number": 0' in said

    assert await command("replay", "--all") == (1, "0 had their effect, 2 failed again\n")
    poison.error = None
    dropped = await command("drop", str(letters[str(first)]), "--reason", "entered twice", "--by", "operator-1")
    assert dropped == (0, "1 had their effect, 0 failed again\n")
    assert await command("replay", "--error-type", "ValueError") == (0, "1 had their effect, 0 failed again\n")
    code, said = await command("show", str(letters[str(first)]))
    assert (code, said[:9]) == (1, "no letter")
    decisions = await service.rows("SELECT action, decided_by, reason FROM dead_letter_decisions ORDER BY decided_at")
    assert decisions[0] == ("dropped", "operator-1", "entered twice")
    assert decisions[1].action == "replayed"
