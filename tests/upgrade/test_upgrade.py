"""The release before is replaced by this one, and back, while people file: no request fails and no event is lost.

`ZAIRYU_TEST_UPGRADE` names the services to replace, where minutes are dear; without it all are.
`ZAIRYU_TEST_UPGRADE_FROM` names the commit that is replaced; without it `deploy/previous` does.
"""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from deploy.demo import case, people
from deploy.demo.place import place_of
from deploy.demo.problems import StepFailed
from deploy.drill.filing import staff
from deploy.drill.looking import rows
from deploy.local.environment import SERVICES
from deploy.local.ports import Ports
from deploy.local.stack import LocalStack
from deploy.local.system import System
from shared.auth.actor import Role
from tests.load.afterwards import broken_invariants, settle
from tests.support.waiting import reached
from tests.upgrade.releases import NEW, Release, previous, rolling

pytestmark = [pytest.mark.system, pytest.mark.server]


@dataclass
class Load:
    """People who file one application after the other, and what they were answered."""

    system: System
    login_id: str
    say: Callable[[str], None]
    filed: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    is_over: bool = False

    async def file(self) -> None:
        """File until it is over. Nothing is repeated."""
        async with staff(self.system, self.login_id) as someone:
            while not self.is_over:
                try:
                    self.filed += await someone.file(1)
                except (StepFailed, httpx.TransportError) as failure:
                    self.failed.append(f"{type(failure).__name__} {failure}")
                    self.say(f"failed: {self.failed[-1]}")

    async def goes_on(self) -> None:
        """Return when another two were filed."""
        wanted = len(self.filed) + 2

        async def filed() -> int:
            return len(self.filed) + len(self.failed)

        await reached(filed, wanted, 240)


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[LocalStack]:
    made = LocalStack(tmp_path / "stack", Ports.free(), durable=False)
    await asyncio.to_thread(made.start)
    yield made
    await asyncio.to_thread(made.stop)


async def test_an_upgrade_and_the_way_back_lose_nothing(
    site: LocalStack, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    began = time.monotonic()
    replaced = os.environ.get("ZAIRYU_TEST_UPGRADE", " ".join(SERVICES)).split()

    def say(line: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"{time.monotonic() - began:6.0f} s  {line}\n")
            sys.stdout.flush()

    before = previous(tmp_path / "previous")
    before.migrate(site)
    async with rolling(site) as system:
        await asyncio.gather(*(system.roll(before, service) for service in SERVICES))
        say("the previous release runs")
        load = Load(System(site, SERVICES), await _registered(System(site, SERVICES), before), say)
        people = [asyncio.create_task(load.file()) for _ in range(2)]
        try:
            await load.goes_on()
            say(f"two people file; {len(load.filed)} applications so far")
            # In a thread: people and lines live in this loop, and servers close what is silent for seconds.
            await asyncio.to_thread(NEW.migrate, site)
            say("the databases are migrated, and the previous release works on them")
            await load.goes_on()
            for release in (NEW, before):
                for service in replaced:
                    await system.roll(release, service)
                    await load.goes_on()
                    counted = f"{len(load.filed)} filed, {len(load.failed)} failed"
                    say(f"{service} is of the {release.name} release; {counted}")
        finally:
            load.is_over = True
            await asyncio.gather(*people)
        assert load.failed == []
        await _nothing_is_lost(site, load.filed)
        say(f"{len(load.filed)} applications: each there once, with one case, every event seen by every group")
    assert await asyncio.to_thread(broken_invariants, site) == []
    say("the invariants hold")


async def _registered(system: System, release: Release) -> str:
    """The account of an office that may file."""
    desk_officer = next(one for one in people.OFFICERS if one.role is Role.USER_APPROVAL)
    secret = await asyncio.to_thread(release.officer, system.stack, desk_officer)
    async with place_of(system, {desk_officer.login_id: secret}) as place:
        return await case.registered(place)


async def _nothing_is_lost(stack: LocalStack, filed: list[str]) -> None:
    await settle(stack.postgres, 240)
    for service, table in (("application", "applications"), ("review", "cases")):
        numbers = f"SELECT receipt_number FROM {table} WHERE receipt_number IS NOT NULL"
        found = await asyncio.to_thread(rows, stack.postgres, service, numbers)
        assert sorted(row[0] for row in found) == sorted(filed), table
