"""Imports from the first byte of workbook and ZIP to the last receipt number, by two services.

`python -m tests.bench.imports` measures this alone.
"""

import asyncio
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from deploy.local.system import System
from tests.bench.line import Line
from tests.bench.office import SERVICES, Office, office, papers, workbook

_FILED, _LARGE = 1000, 10_000
_LOOK_SECONDS = 0.05


def measure() -> list[Line]:
    """Seconds for 1,000 rows with photos and PDFs, and the most memory of the service for 10,000 rows."""
    with tempfile.TemporaryDirectory(prefix="zairyu-bench-") as folder:
        Path(folder).chmod(0o755)
        return asyncio.run(_measured(Path(folder)))


async def _measured(folder: Path) -> list[Line]:
    async with office(folder) as desk:
        return [await _filed(desk), *await _large(desk)]


async def _filed(desk: Office) -> Line:
    book, papers_zip = await asyncio.to_thread(workbook, _FILED, desk.today), await asyncio.to_thread(papers, _FILED)
    before, began = _computed(desk.system), time.monotonic()
    archive_id = await desk.send("document", "/archives", "papers.zip", papers_zip)
    import_id = await desk.send("application", "/imports", "renewals.xlsx", book)
    await desk.file(_FILED, import_id, archive_id)
    seconds = time.monotonic() - began
    cost = {name: after - before[name] for name, after in _computed(desk.system).items()}
    note = f"{sum(cost.values()):.0f} s CPU in all: " + ", ".join(f"{name} {used:.0f}" for name, used in cost.items())
    what = f"import: {_FILED:,} rows, photos and PDFs ({len(papers_zip) / 1e6:.0f} MB), to the last receipt number"
    return Line(what, seconds, "s", 60, at_most=True, note=note)


async def _large(desk: Office) -> list[Line]:
    book = await asyncio.to_thread(workbook, _LARGE, desk.today)
    before, began = _computed(desk.system)["application"], time.monotonic()
    with _most_memory(desk.system, "application") as most:
        import_id = await desk.send("application", "/imports", "all.xlsx", book)
        await desk.wait("application", f"/imports/{import_id}", "checked")
    seconds, cost = time.monotonic() - began, _computed(desk.system)["application"] - before
    each = cost / _LARGE * 1000
    note = f"{most.alone:.0f} of them the service; read and checked in {seconds:.0f} s, {each:.1f} ms CPU a row"
    return [Line(f"import: {_LARGE:,} rows, the service and its reader", most.mb, "MB", 400, at_most=True, note=note)]


@dataclass
class _Most:
    """MB: of the service with the processes it started, and of itself."""

    mb: float = 0
    alone: float = 0


@contextmanager
def _most_memory(system: System, service: str) -> Iterator[_Most]:
    """The most resident memory of a service with the processes it starts, looked at all the time."""
    most, ended = _Most(), threading.Event()
    process = _process(system, service)

    def look() -> None:
        while not ended.wait(_LOOK_SECONDS):
            itself = _resident(process)
            others = sum(_resident(each) for each in process.children(recursive=True))
            most.mb, most.alone = max(most.mb, itself + others), max(most.alone, itself)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield most
    finally:
        ended.set()
        thread.join()


def _resident(process: psutil.Process) -> float:
    with suppress(psutil.NoSuchProcess):
        return float(process.memory_info().rss) / 2**20
    return 0.0


def _computed(system: System) -> dict[str, float]:
    """Seconds of processor time of each service and of PostgreSQL so far, with those of the processes they started."""
    pid_file = system.stack.directory / "postgres" / "postmaster.pid"
    postgres = psutil.Process(int(pid_file.read_text().split()[0]))
    return {name: _used(_process(system, name)) for name in SERVICES} | {"PostgreSQL": _used(postgres)}


def _used(process: psutil.Process) -> float:
    times = process.cpu_times()
    total = times.user + times.system + times.children_user + times.children_system
    for child in process.children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            used = child.cpu_times()
            total += used.user + used.system
    return float(total)


def _process(system: System, service: str) -> psutil.Process:
    pid = system.services[service].process.pid
    assert pid is not None, f"{service} does not run"
    return psutil.Process(pid)


if __name__ == "__main__":
    sys.stdout.writelines(" | ".join(line.cells()) + "\n" for line in measure())
