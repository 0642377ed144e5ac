"""The cost of an application on the whole way, in processor time of each process of a whole system.

One application is a draft, a photo and a PDF that are checked, the check of the form, the filing, its events in the
other services, and two mails. `python -m tests.bench.cost 60 application document` samples these two services besides
(`tests/bench/sampled.py`) and prints where they were; all of them with `all`.
"""

import asyncio
import io
import itertools
import json
import os
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pikepdf
import psutil
from sqlalchemy.engine import make_url

from deploy.demo import __main__ as demo
from deploy.demo import case, papers, people
from deploy.demo.browser import Browser
from deploy.demo.form import EXTENSION, beginning
from deploy.demo.place import place_of
from deploy.demo.portraits import portrait
from deploy.demo.waiting import until
from deploy.local.ports import Ports
from deploy.local.service import module_command
from deploy.local.stack import SERVICES_WITH_DATABASE, LocalStack
from deploy.local.system import System, bring_up_to_date, running_system
from tests.bench.line import Line

APPLICATIONS = 40
_WARM_UP = 4
# As many people as keep both cores busy.
_AT_ONCE = 4
_IDLE_SECONDS = 20.0
# Between two looks of an applicant at what the services have told each other.
_LOOK_SECONDS = 0.25
_OURS = ("gateway", "registration", "application", "document", "checks", "review", "notification", "postgres")
_TARGET = 150
# Nothing is refused for its number, and on a busy machine nothing for its time.
_UNLIMITED = {
    "ZAIRYU_UPSTREAM_SECONDS": "600",
    "ZAIRYU_CHECK_WALL_SECONDS": "600",
    "ZAIRYU_REQUESTS_PER_MINUTE": "1000000",
    "ZAIRYU_SESSION_REQUESTS_PER_MINUTE": "1000000",
    "ZAIRYU_CHECK_SECONDS_HOUR": "1000000",
}
_LAYERS_SHOWN, _CALLS_SHOWN = 14, 25


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of processor time by process, for `count` applications in `seconds`; and of the idle system a second."""

    count: int
    seconds: float
    spent: Mapping[str, float]
    idle: Mapping[str, float]
    requests: float

    def milliseconds(self, name: str) -> float:
        """Of one application."""
        return self.spent[name] / self.count * 1000

    def idle_milliseconds(self, name: str) -> float:
        """The share of one application in what the process takes in that time without any."""
        return self.idle[name] * self.seconds / self.count * 1000


def measure() -> list[Line]:
    """File applications on a system of our own."""
    with _filed(APPLICATIONS) as (cost, _):
        return _lines(cost)


@contextmanager
def _filed(count: int, sampled: Sequence[str] = ()) -> Iterator[tuple[Cost, Path]]:
    """The cost of `count` applications, and the directory in which the samples lie."""
    with tempfile.TemporaryDirectory(prefix="zairyu-bench-") as folder:
        directory = Path(folder)
        directory.chmod(0o755)

        def command(service: str) -> list[str]:
            if service not in sampled:
                return module_command(service)
            return [sys.executable, "-m", "tests.bench.sampled", service, str(directory / f"{service}.json")]

        with LocalStack(directory, Ports.free()) as stack:
            bring_up_to_date(stack, SERVICES_WITH_DATABASE)
            with running_system(stack=stack, command=command, further=_UNLIMITED) as system:
                cost = asyncio.run(_measured(system, count, sampled))
        yield cost, directory


async def _measured(system: System, count: int, sampled: Sequence[str]) -> Cost:
    async with place_of(system, await demo.create_officers(system)) as place:
        login_id = await case.registered(place)
    papers_of = [(_photo(number), _evidence(number)) for number in range(_WARM_UP + count)]
    async with Browser(system.gateway_url, "staff") as staff:
        await staff.sign_in(login_id, people.PASSWORD)
        applicant = _Applicant(system, staff, place.today)
        await applicant.file(papers_of[:_WARM_UP])
        processes = _Processes(system)
        idle = await processes.during(lambda: asyncio.sleep(_IDLE_SECONDS))
        applicant.requests = 0
        _switch(system, sampled)
        began = time.monotonic()
        spent = await processes.during(lambda: applicant.file(papers_of[_WARM_UP:]))
        seconds = time.monotonic() - began
        _switch(system, sampled)
        each = {name: value / _IDLE_SECONDS for name, value in idle.items()}
        return Cost(count, seconds, spent, each, applicant.requests / count)


class _Applicant:
    """Staff of a company who file for their people."""

    def __init__(self, system: System, staff: Browser, today: Any) -> None:
        self._system = system
        self._staff = staff
        self._today = today
        self._numbers = itertools.count()
        self.requests = 0

    async def file(self, papers_of: Sequence[tuple[bytes, bytes]]) -> None:
        """File one application with each photo and PDF, and wait until all are told, and all are cases."""
        waiting = iter(papers_of)
        mails, cases = self._mails(), await self._cases()

        async def some() -> None:
            for photo, pdf in waiting:
                await self._one(photo, pdf)

        async def arrived() -> bool | None:
            if self._mails() - mails < 2 * len(papers_of) or await self._cases() - cases < len(papers_of):
                return None
            return True

        await asyncio.gather(*(some() for _ in range(_AT_ONCE)))
        await until("the mails and the cases", arrived)

    async def _one(self, photo: bytes, pdf: bytes) -> None:
        body = beginning(EXTENSION, self._today)
        # An address gets a few mails a day.
        body["notify"]["email"] = f"applicant-{next(self._numbers)}@example.com"
        draft = await self._asked(self._staff.post("/v1/applications", body))
        path, its = f"/v1/applications/{draft['id']}", {"application_id": draft["id"]}
        check = await self._asked(self._staff.get(f"{path}/check"))
        codes = [each["code"] for each in check["required_documents"] if each["requirement"] == "required"]
        codes.remove("PHOTO")
        face = await self._asked(self._staff.upload("/v1/documents", "face.jpg", photo, {"kind": "photo", **its}))
        paper = await self._asked(
            self._staff.upload("/v1/documents", "evidence.pdf", pdf, {"kind": "pdf", "codes": codes, **its})
        )
        attached = {"photo_id": face["id"], "documents": [{"document_id": paper["id"], "codes": codes}]}
        await self._asked(self._staff.put(f"{path}/documents", attached, draft["revision"]))
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            check = await self._asked(self._staff.get(f"{path}/check"))
            if check["complete"]:
                break
            assert {each["code"] for each in check["problems"]} == {"document-unknown"}, check["problems"]
        await self._asked(case.submit(self._staff, draft["id"]))

    async def _asked(self, request: Any) -> Any:
        self.requests += 1
        return await request

    def _mails(self) -> int:
        return sum(1 for _ in (self._system.mailbox_dir / "new").iterdir())

    async def _cases(self) -> int:
        url = make_url(self._system.stack.postgres.url("review", owner=True)).set(drivername="postgresql")
        connection = await asyncpg.connect(url.render_as_string(hide_password=False))
        try:
            return int(await connection.fetchval("SELECT count(*) FROM cases"))
        finally:
            await connection.close()


class _Processes:
    """The processes of a system by name, with those that they have begun, ended ones included."""

    def __init__(self, system: System) -> None:
        directory = system.stack.directory
        postmaster = (directory / "postgres" / "postmaster.pid").read_text().split()[0]
        self._roots = {"postgres": psutil.Process(int(postmaster)), "this driver": psutil.Process()}
        named = [(each.name, each.process.pid) for each in system.services.values()]
        named += [(each.name, each.process.pid) for each in system.stack.servers if each.name != "postgres"]
        self._roots |= {name: psutil.Process(pid) for name, pid in named if pid is not None}

    async def during(self, work: Callable[[], Any]) -> dict[str, float]:
        """Seconds of processor time of each that pass while the work is done."""
        before = self._now()
        await work()
        return {name: seconds - before[name] for name, seconds in self._now().items()}

    def _now(self) -> dict[str, float]:
        found: dict[str, float] = defaultdict(float)
        for name, root in self._roots.items():
            own = root.cpu_times()
            found[name] += own.user + own.system
            # The processes that check files are begun by the document service.
            begun = "checks" if name == "document" else name
            found[begun] += own.children_user + own.children_system if name != "this driver" else 0
            for child in root.children(recursive=True) if name != "this driver" else ():
                with suppress(psutil.NoSuchProcess):
                    times = child.cpu_times()
                    found[begun] += times.user + times.system + times.children_user + times.children_system
        return found


def _photo(number: int) -> bytes:
    """A face of its own for each application: what is the same would be stored once."""
    image = portrait()
    image.putpixel((number % 900, number // 900), (number % 256, 40, 90))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=92, dpi=(300, 300), comment=str(number).encode())
    return out.getvalue()


def _evidence(number: int) -> bytes:
    """A PDF of its own for each application."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(papers.evidence(3))) as pdf:
        pdf.docinfo["/Title"] = f"Evidence of application {number}"
        pdf.save(out)
    return out.getvalue()


def _switch(system: System, sampled: Sequence[str]) -> None:
    for name in sampled:
        pid = system.services[name].process.pid
        assert pid is not None
        os.kill(pid, signal.SIGUSR1)


def _lines(cost: Cost) -> list[Line]:
    ours = sum(cost.milliseconds(name) for name in _OURS)
    idle = sum(cost.idle_milliseconds(name) for name in _OURS)
    rate = f"{cost.count / cost.seconds:.1f} a second, {cost.requests:.1f} requests each"
    whole = f"of it {idle:.0f} while nobody files; {rate}"
    named = sorted(cost.spent, key=lambda name: (name not in _OURS, -cost.spent[name]))
    return [
        Line("application on the whole way: all of the product", ours, "ms CPU", _TARGET, True, whole),
        *(
            Line(f"— {name}", cost.milliseconds(name), "ms CPU", note=f"of it {cost.idle_milliseconds(name):.1f} idle")
            for name in named
        ),
        *(
            Line(f"— idle: {name}", cost.idle[name] * 1000, "ms CPU a second")
            for name in sorted(cost.idle, key=lambda name: -cost.idle[name])
        ),
    ]


def _samples(service: str, file: Path, cost: Cost) -> Iterator[str]:
    """The samples of a service as lines of a table, in milliseconds of an application."""
    found = json.loads(file.read_text(encoding="utf-8"))
    whole = sum(count for *_, count in found["layers"])
    each = cost.milliseconds(service) / whole
    doings, layers = Counter[str](), Counter[str]()
    for doing, layer, count in found["layers"]:
        doings[doing] += count
        layers[layer] += count
    yield f"\n{service}: {cost.milliseconds(service):.1f} ms CPU of an application, {whole} looks"
    for title, counted in (
        ("doing", doings.most_common(_LAYERS_SHOWN)),
        ("layer", layers.most_common(_LAYERS_SHOWN)),
        ("at", found["at"][:_CALLS_SHOWN]),
        ("within", [call for call in found["within"] if call[0].startswith(("shared/", "services/"))][:_CALLS_SHOWN]),
    ):
        yield f"  {title}:"
        for name, count in counted:
            yield f"    {count * each:6.2f} ms {count / whole:5.1%}  {name}"


def main(arguments: Sequence[str]) -> Iterator[str]:
    """The lines that are printed for `COUNT [SERVICE ...]`."""
    count, sampled = int(arguments[0]), arguments[1:]
    if list(sampled) == ["all"]:
        sampled = [name for name in _OURS if name not in ("checks", "postgres")]
    with _filed(count, sampled) as (cost, directory):
        for line in _lines(cost):
            what, number, *_, note = line.cells()
            yield f"{what:60} {number:>14}  {note}"
        for service in sampled:
            yield from _samples(service, directory / f"{service}.json", cost)


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in main(sys.argv[1:] or [str(APPLICATIONS)]))
