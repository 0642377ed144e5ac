"""Two releases of the system on one stack: processes of one take the place of those of the other, one by one."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from deploy.demo import people
from deploy.local.environment import SERVICES, environment
from deploy.local.ports import Ports
from deploy.local.service import ROOT, Service, module_command
from deploy.local.stack import SERVICES_WITH_DATABASE, LocalStack
from tests.support.line import Line, line_to
from tests.support.waiting import eventually

# As the chart's hook before the stop: connections that are kept lead to the new process by then.
_LEFT_SECONDS = 8
# All people of the test have one address.
_UNLIMITED = {"ZAIRYU_REQUESTS_PER_MINUTE": "100000", "ZAIRYU_SESSION_REQUESTS_PER_MINUTE": "100000"}


@dataclass(frozen=True, slots=True)
class Release:
    """A checkout, and how its services are named in logs."""

    name: str
    root: Path

    def migrate(self, stack: LocalStack) -> None:
        """Bring all databases to the newest revision that this release has."""
        for service in SERVICES_WITH_DATABASE:
            url = {"ZAIRYU_MIGRATION_URL": stack.postgres.url(service, owner=True)}
            command = [sys.executable, "-m", "shared.db.migrate", service]
            done = subprocess.run(command, cwd=self.root, env={**os.environ, **url}, capture_output=True, text=True)
            assert done.returncode == 0, f"{service} of {self.name}: {done.stderr[-600:]}"

    def officer(self, stack: LocalStack, officer: people.Officer) -> str:
        """Make an officer's account by this release's command line, as an operator does; the secret of its second
        factor."""
        named = ["--login-id", officer.login_id]
        self._officers(stack, ["create", *named, "--role", officer.role, "--office", "TYO", "--password-stdin"])
        uri = self._officers(stack, ["second-factor", *named]).splitlines()[0]
        return parse_qs(urlsplit(uri).query)["secret"][0]

    def _officers(self, stack: LocalStack, arguments: list[str]) -> str:
        command = [sys.executable, "-m", "services.registration.officers", *arguments]
        values = environment("registration", stack)
        done = subprocess.run(
            command, cwd=self.root, env=values, input=people.PASSWORD + "\n", capture_output=True, text=True
        )
        assert done.returncode == 0, f"{arguments[0]} of {self.name}: {done.stderr[-600:]}"
        return done.stdout


NEW = Release("new", ROOT)


def previous(directory: Path) -> Release:
    """The release that `ZAIRYU_TEST_UPGRADE_FROM` names, or `deploy/previous`, taken from the repository."""
    commit = os.environ.get("ZAIRYU_TEST_UPGRADE_FROM") or (ROOT / "deploy/previous").read_text().strip()
    archive = subprocess.run(["git", "archive", "--format=tar", commit], cwd=ROOT, capture_output=True)
    assert archive.returncode == 0, f"the repository has no {commit}: fetch its history"
    directory.mkdir(parents=True)
    subprocess.run(["tar", "-x", "-C", str(directory)], input=archive.stdout, check=True)
    return Release("previous", directory)


@dataclass
class Rolling:
    """The services, each behind a line as behind a load balancer: its port stays while its process changes."""

    stack: LocalStack
    lines: dict[str, Line]
    running: dict[str, Service] = field(default_factory=dict)
    started: int = 0

    async def roll(self, release: Release, service: str) -> None:
        """Start a process of `release` beside the one that runs. When it is ready it gets the connections, and the old
        one ends."""
        fresh, old = self._made(release, service), self.running.get(service)
        if old is None:
            # A service asks itself for keys before it is ready.
            self.lines[service].to = fresh.port
        try:
            await asyncio.to_thread(fresh.start)
            await asyncio.to_thread(fresh.wait_ready)
        except BaseException:
            fresh.kill()
            raise
        self.running[service], self.lines[service].to = fresh, fresh.port
        if old is not None:
            with suppress(AssertionError):
                await eventually(lambda: not self.lines[service].carries(old.port), _LEFT_SECONDS)
            await asyncio.to_thread(old.stop)

    def stop(self) -> None:
        """End everything, the gateway first."""
        for service in reversed(SERVICES):
            if service in self.running:
                self.running[service].stop()

    def _made(self, release: Release, service: str) -> Service:
        self.started += 1
        # Outside the range from which the system gives ports to connections.
        block = Ports.free()
        port, operations = block.gateway, block.registration
        values = environment(service, self.stack) | {"ZAIRYU_PORT": str(port)}
        if service == "gateway":
            values |= {"ZAIRYU_OPERATIONS_PORT": str(operations), **_UNLIMITED}
        name = f"{service}-{release.name}-{self.started}"
        return Service(name, self.stack.directory, port, values, lambda _: module_command(service), release.root)


@asynccontextmanager
async def rolling(stack: LocalStack) -> AsyncIterator[Rolling]:
    """Nothing runs yet; at the end all services stop."""
    lines = {service: line_to(1, getattr(stack.ports, service)) for service in SERVICES}
    made = Rolling(stack, {service: await line.__aenter__() for service, line in lines.items()})
    try:
        yield made
    finally:
        await asyncio.to_thread(made.stop)
        for line in lines.values():
            await line.__aexit__(None, None, None)
