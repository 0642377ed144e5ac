"""The whole system, idle: how soon it is ready, what it holds, how soon a receipt is in the mail."""

import asyncio
import tempfile
import time
import zlib
from pathlib import Path
from statistics import median

import psutil

from deploy.demo import __main__ as demo
from deploy.demo import case, people
from deploy.demo.browser import Browser
from deploy.demo.form import EXTENSION, beginning
from deploy.demo.letters import body_of
from deploy.demo.place import Place, place_of
from deploy.demo.waiting import until
from deploy.local.ports import Ports
from deploy.local.system import System, running_system
from tests.bench.line import Line

FILINGS = 10
# How often each page of the portal is opened.
OPENED = 40
_MEMORY = {"document": 300.0}


def measure() -> list[Line]:
    """Start the system in a fresh directory, then once more, and file `FILINGS` applications one after the other."""
    with tempfile.TemporaryDirectory(prefix="zairyu-bench-") as folder:
        directory = Path(folder)
        directory.chmod(0o755)
        ports = Ports.free()
        lines = []
        for what in ("first start: new databases, until every service is ready", "start on existing data"):
            began = time.monotonic()
            with running_system(directory, ports) as system:
                lines.append(Line(what, time.monotonic() - began, "s", 20, at_most=True))
                if what.startswith("first"):
                    lines += asyncio.run(_used(system))
                    lines += _memory(system)
        return lines


async def _used(system: System) -> list[Line]:
    async with place_of(system, await demo.create_officers(system)) as place:
        login_id = await case.registered(place)
        async with Browser(place.gateway_url, "staff") as staff:
            await staff.sign_in(login_id, people.PASSWORD)
            seconds = [await _one(place, staff, system.mailbox_dir) for _ in range(FILINGS)]
            receipt = Line("submit answered → receipt mail accepted", median(seconds) * 1000, "ms", 150, True)
            return [receipt, *await _pages(staff, place)]


async def _pages(staff: Browser, place: Place) -> list[Line]:
    """Pages of the portal, signed in: the 95th percentile of the slowest one, and the size of the largest."""
    draft = await staff.post("/v1/applications", beginning(EXTENSION, place.today))
    form = await staff.get(f"/v1/forms/{draft['form_version']}?status={EXTENSION.status}")
    base = f"/applications/{draft['id']}"
    topics = [f"{base}/form/{topic['code']}" for topic in form["topics"]]
    paths = ["/home", "/applications", "/applications/new", base, f"{base}/documents", f"{base}/review", *topics]
    slowest, largest = ("", 0.0), ("", 0.0)
    for path in paths:
        page = await staff.open(path)
        times = []
        for _ in range(OPENED):
            began = time.perf_counter()
            await staff.open(path)
            times.append(time.perf_counter() - began)
        name = path.replace(base, "/applications/{id}")
        slowest = max(slowest, (name, sorted(times)[int(OPENED * 0.95) - 1] * 1000), key=lambda pair: pair[1])
        largest = max(largest, (name, len(zlib.compress(page.encode(), 6)) / 1024), key=lambda pair: pair[1])
    return [
        Line("slowest page of the portal, 95th percentile", slowest[1], "ms", 100, True, slowest[0]),
        Line("largest page of the portal, compressed", largest[1], "KB", 60, True, largest[0]),
    ]


async def _one(place: Place, staff: Browser, maildir: Path) -> float:
    application_id = await case.prepare(place, staff)
    receipt_number = await case.submit(staff, application_id)
    answered = time.time()

    async def arrived() -> float | None:
        for key, message in place.letters.all():
            if receipt_number in body_of(message):
                # The mailbox renames the file into place when it accepts the mail.
                found = list(maildir.glob(f"new/{key}*"))
                return found[0].stat().st_ctime if found else None
        return None

    return max(0.0, await until("the receipt mail", arrived) - answered)


def _memory(system: System) -> list[Line]:
    lines = []
    for name, service in system.services.items():
        assert service.process.pid is not None
        family = psutil.Process(service.process.pid)
        resident = sum(p.memory_info().rss for p in [family, *family.children(recursive=True)]) / 2**20
        lines.append(Line(f"memory of {name}, resident", resident, "MB", _MEMORY.get(name, 150.0), at_most=True))
    return lines
