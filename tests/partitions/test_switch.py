"""Tables are divided while the service writes, sends and takes events: nothing is lost, doubled or refused."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from shared.journal import verify
from shared.partitions import DIVIDED
from tests.infra.databases import TestDatabase
from tests.partitions.busy import Busy, busy

pytestmark = pytest.mark.system
ROWS = 20_000


@pytest.fixture
async def filled(bare_database: TestDatabase) -> AsyncIterator[Busy]:
    async with busy(bare_database) as made:
        await made.fill(ROWS)
        yield made


async def test_tables_are_divided_while_the_service_works(filled: Busy) -> None:
    async with filled.working():
        for name in DIVIDED:
            done = await filled.divide(name)
            assert done.since > datetime.now(UTC) + timedelta(days=7)
    await filled.service.check_exactly_once_and_in_order(filled.submitted)
    for name, made in (("inbox", filled.submitted), ("sent_events", filled.submitted)):
        assert await filled.count(f"SELECT count(*) FROM {name}") == ROWS + made
    assert all(len(set(ids)) == 1 for ids in filled.answers.values()), "a repeated request has one answer"
    assert await filled.count("SELECT count(*) FROM journal") == ROWS + 2 * len(filled.answers)
    assert await filled.count("SELECT count(*) - count(DISTINCT position) FROM journal") == 0
    async with filled.service.db.read() as session:
        assert await verify(session) == []
