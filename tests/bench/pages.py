"""The pages of an officer for whom a case is open: queue, case, proposal, and the decision of a second officer.

The whole system runs as processes on the servers of the local stack; one client asks for one page after the other.
`python -m tests.bench.pages [READS]` reads each page so often.
"""

import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

import psutil

from deploy.demo import __main__ as demo
from deploy.demo import case, people
from deploy.demo.browser import Browser
from deploy.demo.place import place_of
from deploy.local.ports import Ports
from deploy.local.system import System, running_system
from tests.bench.line import Line
from tests.bench.processor import Processor

READS = 200
_WARM_UP = 10
_MOST_MS = 150.0


def measure(reads: int = READS) -> list[Line]:
    """The 95th percentile of each page by the clock, with the processor time that it takes."""
    with tempfile.TemporaryDirectory(prefix="zairyu-bench-") as folder:
        directory = Path(folder)
        directory.chmod(0o755)
        with running_system(directory, Ports.free()) as system:
            _lift_limits(system)
            processor = Processor(directory / "postgres" / "postmaster.pid")
            return asyncio.run(_measured(system, processor, reads))


async def _measured(system: System, processor: Processor, reads: int) -> list[Line]:
    secrets = await demo.create_officers(system)
    async with place_of(system, secrets) as place:
        login_id = await case.registered(place)
        async with Browser(place.gateway_url, "staff") as staff:
            await staff.sign_in(login_id, people.PASSWORD)
            application_id = await case.prepare(place, staff)
            await case.submit(staff, application_id)
    async with Browser(place.gateway_url, "examiner") as examiner, Browser(place.gateway_url, "chief") as chief:
        await examiner.sign_in("examiner", people.PASSWORD, secrets["examiner"])
        await chief.sign_in("chief-examiner", people.PASSWORD, secrets["chief-examiner"])
        found = await examiner.find(f"/v1/cases/by-application/{application_id}", "the case")
        path, page = f"/v1/cases/{found['id']}", f"/desk/cases/{found['id']}"
        await examiner.post(f"{path}/start")
        pids = _pids(system)

        async def read(browser: Browser, name: str, address: str) -> Line:
            for _ in range(_WARM_UP):
                await browser.open(address)
            times = []
            with processor.counting(pids) as cost:
                for _ in range(reads):
                    began = time.perf_counter()
                    await browser.open(address)
                    times.append((time.perf_counter() - began) * 1000)
            times.sort()
            note = f"median {times[reads // 2]:.0f} ms, {cost.seconds * 1000 / reads:.0f} ms CPU, load {_load()}"
            return Line(f"{name}, 95th percentile", times[int(reads * 0.95) - 1], "ms", _MOST_MS, True, note)

        lines = [
            await read(examiner, "page of the queue", "/desk/cases"),
            await read(examiner, "page of a case", page),
            await read(examiner, "page of a proposal", f"{page}/proposal"),
        ]
        await examiner.post(f"{path}/proposal", {"outcome": "grant", "period_of_stay": "Y3"})
        return [*lines, await read(chief, "page of a decision", f"{page}/decision")]


def _lift_limits(system: System) -> None:
    """The gateway counts requests as before and refuses none: one officer reads as much as a hundred."""
    gateway = system.services["gateway"]
    gateway.environment |= {
        "ZAIRYU_REQUESTS_PER_MINUTE": "1000000000",
        "ZAIRYU_SESSION_REQUESTS_PER_MINUTE": "1000000000",
    }
    gateway.stop()
    gateway.start()
    system.wait_ready()


def _pids(system: System) -> list[int]:
    """The processes of the services, with those that they started."""
    found = []
    for service in system.services.values():
        assert service.process.pid is not None
        family = psutil.Process(service.process.pid)
        found += [one.pid for one in (family, *family.children(recursive=True))]
    return found


def _load() -> str:
    return f"{os.getloadavg()[0]:.0f}"


if __name__ == "__main__":
    for line in measure(int(sys.argv[1]) if len(sys.argv) > 1 else READS):
        print(" | ".join(line.cells()))  # noqa: T201
