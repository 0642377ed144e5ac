"""A whole system whose parts can be taken away one by one, and its operator, who looks at the board."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from deploy.demo import people
from deploy.demo.__main__ import create_officers
from deploy.demo.browser import Browser
from deploy.demo.problems import StepFailed
from deploy.local.environment import SERVICES
from deploy.local.ports import HOST, Ports
from deploy.local.postgres import Postgres
from deploy.local.service import module_command
from deploy.local.stack import SERVICES_WITH_DATABASE, LocalStack
from deploy.local.system import System, bring_up_to_date
from services.gateway.pages.board.system.asking import REFUSED
from services.gateway.pages.board.system.lights import lights_of
from shared.auth import Role
from tests.support.line import Line, line_to

_DISK = "700m"
# A session that was shown to be the operator's less than twenty minutes ago may look.
_FRESH = 900
OPERATOR = people.Officer("operator", Role.OPERATOR, "operator")


class Operator(Browser):
    """The operator at the gateway: what the board reads, by the operators' port."""

    def __init__(self, system: System, secret: str) -> None:
        super().__init__(system.gateway_url, "operator")
        self._operations = f"http://{HOST}:{system.stack.ports.gateway_operations}"
        self._secret = secret
        self._since = float("-inf")

    async def lights(self, service: str) -> set[tuple[str, str]]:
        """The lights of a service: subject and detail."""
        if time.monotonic() - self._since > _FRESH:
            try:
                await self.sign_in(OPERATOR.login_id, people.PASSWORD, self._secret)
            except StepFailed as failed:
                raise AssertionError(str(failed)) from failed
            self._since = time.monotonic()
        with suppress(httpx.TimeoutException):
            url = f"{self._operations}/api/v1/{service}/operations/state"
            return {
                (light.subject, light.detail) for light in lights_of(_read(await self._client.get(url, timeout=10)))
            }
        return {("silent", "")}


def _read(answer: httpx.Response) -> Mapping[str, Any] | None:
    if answer.status_code in (401, 403):
        return REFUSED
    return answer.json() if answer.status_code == 200 else None


@dataclass
class Site:
    """The system. Of review the lines to its database and its broker, of document the one to its store."""

    system: System
    operator: Operator
    database: Line
    broker: Line
    store: Line
    clock: Path
    disk: Path | None

    def fill(self) -> None:
        """Leave no space on the disk of PostgreSQL."""
        assert self.disk is not None
        with self._filler.open("wb", buffering=0) as out, suppress(OSError):
            while True:
                out.write(b"\0" * 1024 * 1024)
        with self._filler.open("ab", buffering=0) as out, suppress(OSError):
            while True:
                out.write(b"\0" * 1024)

    def empty(self) -> None:
        """Give the space back."""
        self._filler.unlink()

    @property
    def _filler(self) -> Path:
        assert self.disk is not None
        return self.disk / "filler"


@asynccontextmanager
async def site(directory: Path) -> AsyncIterator[Site]:
    """Start everything; end it with the block."""
    async with AsyncExitStack() as stack:
        servers = LocalStack(directory, Ports.free(), durable=False)
        disk = _disk(directory, stack)
        if disk is not None:
            servers.postgres = Postgres(disk, servers.ports.postgres, SERVICES_WITH_DATABASE, durable=False)
        await asyncio.to_thread(servers.start)
        stack.push_async_callback(asyncio.to_thread, servers.stop)
        await asyncio.to_thread(bring_up_to_date, servers, SERVICES_WITH_DATABASE)
        clock = directory / "ahead"
        clock.write_text("0")
        database = await stack.enter_async_context(line_to(servers.ports.postgres))
        broker = await stack.enter_async_context(line_to(servers.ports.broker))
        store = await stack.enter_async_context(line_to(servers.ports.s3))
        system = System(servers, SERVICES, _command)
        _lead(system, database, broker, store, clock)
        stack.push_async_callback(asyncio.to_thread, system.stop)
        await asyncio.to_thread(system.start)
        secret = await _operator(system)
        operator = await stack.enter_async_context(Operator(system, secret))
        yield Site(system, operator, database, broker, store, clock, disk)


def _command(service: str) -> list[str]:
    return [sys.executable, "-m", "tests.lights.changed", service] if service == "review" else module_command(service)


def _lead(system: System, database: Line, broker: Line, store: Line, clock: Path) -> None:
    ports = system.stack.ports
    review, document = system.services["review"].environment, system.services["document"].environment
    name = "ZAIRYU_DATABASE_URL"
    review[name] = review[name].replace(f":{ports.postgres}/", f":{database.port}/")
    review["TEST_BROKER"], review["TEST_CLOCK"] = f"{ports.broker} {broker.port}", str(clock)
    document["ZAIRYU_S3_ENDPOINT"] = f"http://{HOST}:{store.port}"


def _disk(directory: Path, stack: AsyncExitStack) -> Path | None:
    """A small disk of its own; None where this user may not mount one."""
    place = directory / "disk"
    place.mkdir(parents=True)
    if os.geteuid() != 0:
        return None
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={_DISK},mode=755", "tmpfs", str(place)]
    if subprocess.run(mounting, capture_output=True).returncode != 0:
        return None
    stack.callback(subprocess.run, ["umount", "--lazy", str(place)], check=True)
    return place


async def _operator(system: System) -> str:
    """Make the operator's account; the secret of its authenticator app."""
    return (await create_officers(system, (OPERATOR,)))[OPERATOR.login_id]
