"""Each fault turns its light of the board on while it lasts, and off again after."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import pytest

from tests.lights.site import Site, site
from tests.support.waiting import eventually

pytestmark = [pytest.mark.system, pytest.mark.server]

# Of a busy machine. The times are printed, and docs/operations/faults.md has those of a calm one.
_PATIENCE = 240


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault: the lights of one service any of which shows it, and how it begins and ends."""

    service: str
    lights: frozenset[tuple[str, str]]
    begin: Callable[[Site], object]
    end: Callable[[Site], object]


def _server(name: str) -> tuple[Callable[[Site], Awaitable[object]], Callable[[Site], Awaitable[object]]]:
    """Kill a server of the stack, and start it again."""
    return (
        lambda place: asyncio.to_thread(getattr(place.system.stack, name).kill),
        lambda place: asyncio.to_thread(getattr(place.system.stack, name).start),
    )


def _slow(place: Site) -> None:
    place.database.delay = 0.6


FAULTS = {
    "service killed": Fault(
        "review",
        frozenset({("silent", "")}),
        lambda place: asyncio.to_thread(place.system.services["review"].kill),
        lambda place: asyncio.to_thread(place.system.services["review"].start),
    ),
    "database down": Fault(
        "review",
        frozenset({("check", "database")}),
        lambda place: place.database.cut(),
        lambda place: place.database.restore(),
    ),
    "broker down": Fault("review", frozenset({("check", "consumer")}), *_server("broker")),
    "store down": Fault(
        "document",
        frozenset({("check", "object-store")}),
        lambda place: place.store.cut(),
        lambda place: place.store.restore(),
    ),
    "SMTP down": Fault("notification", frozenset({("notice", "mail-relay-away")}), *_server("mailbox")),
    "scanner down": Fault("document", frozenset({("notice", "scanner-away")}), *_server("scanner")),
    # Where it is fast, the service finds the operator's token expired as well.
    "clock 5 minutes fast": Fault(
        "review",
        frozenset({("notice", "clock-differs"), ("refuses", "")}),
        lambda place: place.clock.write_text("300"),
        lambda place: place.clock.write_text("0"),
    ),
    "disk of PostgreSQL full": Fault(
        "review", frozenset({("notice", "database-full")}), lambda place: place.fill(), lambda place: place.empty()
    ),
    "partition between service and broker": Fault(
        "review",
        frozenset({("check", "consumer")}),
        lambda place: place.broker.silence(),
        lambda place: place.broker.restore(),
    ),
    "database slow": Fault(
        "review", frozenset({("notice", "database-slow")}), _slow, lambda place: place.database.restore()
    ),
}
# A short look in make test-system, at one that is silent and one of the watches; all of them in make test-lights.
CHOSEN = FAULTS if os.environ.get("ZAIRYU_TEST_LIGHTS") else ("service killed", "SMTP down")


@pytest.fixture(scope="module")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    async with site(tmp_path_factory.mktemp("lights")) as made:
        yield made


@pytest.mark.parametrize("name", CHOSEN)
async def test_a_fault_turns_its_light_on_and_off(place: Site, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    if (name == "scanner down" and place.system.stack.scanner is None) or (name.startswith("disk") and not place.disk):
        pytest.skip("this machine has no clamd, or lets us mount no disk")
    fault = FAULTS[name]

    async def shown() -> set[tuple[str, str]]:
        return await place.operator.lights(fault.service)

    async def is_on() -> bool:
        found = await shown()
        seen.update(found)
        return bool(found & fault.lights)

    async def is_off() -> bool:
        # A service that does not answer says nothing about its lights.
        return not await shown() & (fault.lights | {("silent", "")})

    seen: set[tuple[str, str]] = set()
    await eventually(is_off, _PATIENCE)
    began = time.monotonic()
    try:
        await _now(fault.begin(place))
        await eventually(is_on, _PATIENCE)
        on = time.monotonic() - began
    finally:
        began = time.monotonic()
        await _now(fault.end(place))
    await eventually(is_off, _PATIENCE)
    off = time.monotonic() - began
    lights = " ".join(":".join(filter(None, light)) for light in sorted(seen & fault.lights))
    with capsys.disabled():
        sys.stdout.write(f"\n| {name} | {fault.service} | {lights} | {on:.0f} s | {off:.0f} s |\n")


async def _now(done: object) -> None:
    if asyncio.iscoroutine(done):
        await done
