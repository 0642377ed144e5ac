"""A run: people in a process of their own, and meanwhile an eye on memory, outboxes and lag; faults, if wanted."""

import asyncio
import os
import re
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import psutil

from deploy.local.ports import HOST
from deploy.local.server import Server
from deploy.local.service import ROOT, Service
from deploy.local.stack import SERVICES_WITH_DATABASE
from deploy.local.system import System
from tests.load.afterwards import waiting
from tests.load.plan import VARIABLE, Plan
from tests.load.report import Minute

_LOCUSTFILE = ROOT / "tests" / "load" / "locustfile.py"
_LAG = re.compile(r"^zairyu_consumer_lag\{[^}]*\} ([0-9.e+]+)$", re.MULTILINE)
# Errands that are under way at the end may come to an end.
_ENDING = 180


@dataclass
class Watch:
    """Looks once a minute at the system; with `faults` one process of the services is killed then, and comes back."""

    system: System
    faults: bool = False
    minutes: list[Minute] = field(default_factory=list)
    every: float = 60.0
    chance: Random = field(default_factory=Random)

    async def look(self) -> None:
        """Look until it is cancelled."""
        while True:
            await asyncio.sleep(self.every)
            minute = await asyncio.to_thread(self._now)
            self.minutes.append(minute)
            if self.faults:
                service = self.chance.choice(list(self.system.services.values()))
                minute.fault = service.name
                await asyncio.to_thread(service.kill)

    def _now(self) -> Minute:
        postgres = self.system.stack.postgres
        minute = Minute(time.time())
        with suppress(OSError):
            minute.outbox = sum(waiting(postgres, name) for name in SERVICES_WITH_DATABASE)
        minute.lag = sum(_lag(self.system.services[name]) for name in SERVICES_WITH_DATABASE)
        parts: list[Server | Service] = [*self.system.services.values(), *self.system.stack.servers]
        for part in parts:
            with suppress(psutil.Error):
                if part.process.pid is not None:
                    minute.memory[part.name] = _memory(part.process.pid)
        return minute


def _lag(service: Service) -> int:
    """The messages that its group has not committed; 0 while it does not answer."""
    with suppress(OSError), urllib.request.urlopen(f"http://{HOST}:{service.port}/metrics", timeout=5) as answer:
        return round(sum(float(found) for found in _LAG.findall(answer.read().decode())))
    return 0


def _memory(pid: int) -> float:
    """MB of a process and of those that it started. Pages that PostgreSQL's processes share are counted once."""
    family = psutil.Process(pid)
    total = 0.0
    for process in (family, *family.children(recursive=True)):
        with suppress(psutil.Error):
            memory = process.memory_info()
            total += memory.rss - (memory.shared if process is not family else 0)
    return total / 2**20


async def run(plan: Plan, seconds: float, spawn: float, watch: Watch | None, say: Callable[[str], None]) -> bool:
    """Play the people for so many seconds; whether everything was as they expected."""
    plan_file = plan.folder / "plan.json"
    plan.write(plan_file)
    users = sum(people.count for people in plan.people)
    command = [sys.executable, "-m", "locust", "-f", str(_LOCUSTFILE), "--headless", "--only-summary"]
    command += ["--users", str(users), "--spawn-rate", f"{max(users / spawn, 0.1):.2f}", "--stop-timeout", str(_ENDING)]
    command += ["--run-time", f"{seconds:.0f}s", "--exit-code-on-error", "1", "--loglevel", "WARNING"]
    command += [
        "--html",
        str(plan.folder / "report.html"),
        "--csv",
        str(plan.folder / (plan.people[0].kind.lower() if plan.rate else "stats")),
        "--csv-full-history",
    ]
    say(f"{users} people for {seconds:.0f} s: {', '.join(f'{one.count} {one.kind}' for one in plan.people)}")
    watching = asyncio.create_task(watch.look()) if watch else None  # watched: its failure is raised below
    log = plan.folder / "locust.log"
    try:
        with log.open("wb") as written:
            environment = {**os.environ, VARIABLE: str(plan_file), "PYTHONPATH": str(ROOT)}
            process = await asyncio.create_subprocess_exec(
                *command, cwd=ROOT, env=environment, stdout=written, stderr=asyncio.subprocess.STDOUT
            )
            try:
                status = await process.wait()
            except BaseException:
                process.kill()
                raise
    finally:
        if watching is not None:
            watching.cancel()
            with suppress(asyncio.CancelledError):  # swallowed: it is the one that was asked for above
                await watching
    return status == 0


def read_receipts(folder: Path) -> list[str]:
    """The receipt numbers that people were given."""
    kept = folder / "filed.txt"
    return kept.read_text().split() if kept.exists() else []
