"""The facts of applications that cases keep, rebuilt from a snapshot of the application service."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from shared.clock import ManualClock
from shared.ids import new_id
from shared.rebuilding import snapshots
from tests.infra.databases import TestDatabase
from tests.rebuilding.support import Pair
from tests.services.application.people import Filer
from tests.support.service import running

# What a case keeps of its application, and the moments and states that a rebuild must not touch.
FACTS = "SELECT to_jsonb(cases) FROM cases ORDER BY application_id"
JOB = {"form": {"occupation": "経理", "requested_period": "Y1"}, "reason": "入力を誤ったため"}


@pytest.fixture
async def pair(service_database: Callable[[str], TestDatabase]) -> AsyncIterator[Pair]:
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    async with AsyncExitStack() as stack:
        owner, keeper = [
            await stack.enter_async_context(running(name, service_database(name), clock=clock))
            for name in ("application", "review")
        ]
        yield Pair(owner, keeper, clock)


async def _filed(pair: Pair) -> list[str]:
    """Applications as they may be: as filed, corrected, moved, withdrawn, handed over."""
    filers = [Filer(pair.owner) for _ in range(4)]
    ids = [await filer.filed() for filer in filers]
    corrected, moved, withdrawn = filers[1:]
    pair.clock.advance(timedelta(hours=1))
    key = {"Idempotency_Key": str(new_id()), "If_Match": "*"}
    answers = [
        await corrected.request("POST", f"/{ids[1]}/corrections", JOB, **key),
        await moved.post(f"/{ids[2]}/address", {"address": "大阪府大阪市北区１", "lives_there_from": "2026-11-01"}),
        await withdrawn.post(f"/{ids[3]}/withdraw", {"reason": "帰国するため"}),
    ]
    assert [answer.status_code for answer in answers] == [200] * 3, [answer.text for answer in answers]
    return ids


async def test_the_rebuilt_facts_are_those_that_events_had_brought(pair: Pair) -> None:
    await _filed(pair)
    await pair.hand_over()
    before = await pair.state(FACTS)
    await pair.order("applications")
    await pair.send()
    await pair.rebuild()
    last = await pair.last()
    assert (last.state, last.compared, last.different, last.missing, last.unknown) == ("done", 4, 0, 0, 0)
    assert await pair.state(FACTS) == before
    assert await pair.rows() == 0
    assert [await service.journal_problems() for service in (pair.owner, pair.keeper)] == [[], []]


async def test_what_was_spoiled_is_put_right_and_what_is_missing_is_opened(pair: Pair) -> None:
    ids = await _filed(pair)
    await pair.hand_over()
    before = await pair.state(FACTS)
    await pair.spoil(f"UPDATE cases SET nationality = 'XXX', person_keys = '{{}}' WHERE application_id = '{ids[0]}'")
    await pair.spoil(f"UPDATE cases SET document_ids = '[]', address_office = NULL WHERE application_id = '{ids[2]}'")
    await pair.order("applications")
    await pair.send()
    await pair.rebuild()
    last = await pair.last()
    assert (last.state, last.different, last.missing, last.repaired) == ("done", 2, 0, 2)
    assert await pair.state(FACTS) == before
    (changed,) = await pair.state("SELECT detail FROM journal WHERE action = 'case:rebuild' ORDER BY position LIMIT 1")
    assert set(changed.detail) == {"changed"}
