"""The system under load: one of this machine, of which everything can be looked at, or any other by its address."""

import asyncio
import json
import os
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from deploy.demo.problems import StepFailed
from deploy.demo.waiting import until
from deploy.local.environment import SERVICES
from deploy.local.ports import Ports
from deploy.local.problems import StackProblem
from deploy.local.stack import DATA, SERVICES_WITH_DATABASE, LocalStack
from deploy.local.system import System, running_system
from tests.load import afterwards
from tests.load.plan import Account
from tests.load.preparing import Caller, Filing, Prepared, Preparing, Say
from tests.load.profiles import Profile

URL, ACCOUNTS = "ZAIRYU_LOAD_URL", "ZAIRYU_LOAD_ACCOUNTS"
# Each person has an address of their own, and the limits of one address hold for each: nothing is raised.
SETTINGS = {"ZAIRYU_TRUSTED_PROXIES": "127.0.0.1"}
FILERS, FILED = 4, 5
_PROOF_SECONDS = 600


class Site(Protocol):
    """A system under load: its address, its preparation, and the look at it afterwards."""

    @property
    def url(self) -> str: ...

    async def prepare(self, profile: Profile, counts: Mapping[str, int], say: Say) -> Prepared:
        """Accounts for so many people, and the applications that the profile begins with."""

    async def settle(self) -> float:
        """Return when everything has arrived, with the seconds that it took; raises `StepFailed`."""

    async def wrong(self, receipts: Sequence[str]) -> list[str]:
        """Faults: of the receipt numbers that people were given, and of the invariants."""


class LocalSite:
    """A system of this machine: asked at its databases, and with its services' command lines.

    Accounts take seconds each to make: with more people than `offices` several share one, as colleagues would not.
    """

    def __init__(self, system: System, offices: int = 60) -> None:
        self.system = system
        self._offices = offices

    @property
    def url(self) -> str:
        return self.system.gateway_url

    async def prepare(self, profile: Profile, counts: Mapping[str, int], say: Say) -> Prepared:
        preparing = Preparing(self.system, say)
        roles = profile.officers(counts)
        offices = min(self._offices, sum(counts.values()))
        say(f"making accounts of {offices} offices and {sum(roles.values())} officers")
        await preparing.officers(roles)
        await preparing.offices(offices)
        return await _filed(preparing, profile, counts)

    async def settle(self) -> float:
        return await afterwards.settle(self.system.stack.postgres)

    async def wrong(self, receipts: Sequence[str]) -> list[str]:
        postgres = self.system.stack.postgres
        found = await asyncio.to_thread(afterwards.wrong_numbers, postgres, receipts)
        found += await asyncio.to_thread(afterwards.letters, postgres)
        return found + await asyncio.to_thread(afterwards.broken_invariants, self.system.stack)


class DistantSite:
    """A site that is known by its address, and by the accounts that its operators made: what its operator's routes say
    is all that is looked at afterwards."""

    def __init__(self, url: str, accounts: Mapping[str, Sequence[Account]]) -> None:
        self.url = url
        self._accounts = accounts
        self._operator: Caller | None = None
        self._since = 0.0

    async def prepare(self, profile: Profile, counts: Mapping[str, int], say: Say) -> Prepared:
        for role, many in {**profile.officers(counts), "office": 1, "operator": 1}.items():
            if len(self._accounts.get(role, ())) < many:
                raise StepFailed(f"{ACCOUNTS} names too few accounts for {role}: {many} are needed")
        filing = Filing(self.url, self.settle, say)
        filing.made.accounts |= {role: list(those) for role, those in self._accounts.items()}
        return await _filed(filing, profile, counts)

    async def settle(self) -> float:
        loop = asyncio.get_running_loop()
        began = loop.time()
        await self._proved_again()

        async def arrived() -> bool | None:
            states = await self._asked("state")
            waiting = [state["stored"]["outbox"]["rows"] + (state["consumer"] or {"lag": 0})["lag"] for state in states]
            return None if any(waiting) else True

        await until("the end of outboxes and lag", arrived)
        return loop.time() - began

    async def wrong(self, receipts: Sequence[str]) -> list[str]:
        answers = await self._asked("invariants")
        return [
            f"{service}: {one['name']} is {one['state']}"
            for service, answer in zip(SERVICES_WITH_DATABASE, answers, strict=True)
            for one in answer
            if one["state"] != "holds"
        ]

    async def _asked(self, about: str) -> list[Any]:
        if self._operator is None:
            operator = self._accounts["operator"][0]
            self._operator = Caller(self.url, "operator")
            self._since = time.monotonic()
            await self._operator.sign_in(operator.login_id, operator.password, operator.secret)
        return [await self._operator.get(f"/v1/{name}/operations/{about}") for name in SERVICES_WITH_DATABASE]

    async def _proved_again(self) -> None:
        """Sign the operator in again: their routes want a proof of the last twenty minutes."""
        if self._operator is not None and time.monotonic() - self._since > _PROOF_SECONDS:
            await self._operator.__aexit__(None, None, None)
            self._operator = None


async def _filed(filing: Filing, profile: Profile, counts: Mapping[str, int]) -> Prepared:
    cases, proposals = profile.prepared(counts)
    offices = min(FILERS, len(filing.made.accounts["office"]))
    filing.say(f"filing {max(FILED * offices, cases)} applications, {proposals} of them to be proposed")
    await filing.filed(offices, max(FILED, -(-cases // offices)))
    if proposals:
        await filing.proposals(proposals)
    await filing.settle()
    return filing.made


@contextmanager
def site_under_load(environment: Mapping[str, str] = os.environ, say: Say = print) -> Iterator[Site]:
    """The site of `ZAIRYU_LOAD_URL`, as one of this machine where `make up` runs there; one that is started here, and
    removed afterwards, where no address is given. Raises `StackProblem`."""
    url = environment.get(URL, "").rstrip("/")
    if not url:
        with tempfile.TemporaryDirectory(prefix="zairyu-load-") as made:
            Path(made).chmod(0o755)
            with running_system(Path(made), Ports.free(), further=SETTINGS, watch=True, say=say) as system:
                yield LocalSite(system)
    elif (running := _system_at(url)) is not None:
        yield LocalSite(running)
    elif file := environment.get(ACCOUNTS):
        found = json.loads(Path(file).read_text())
        yield DistantSite(url, {role: [Account(**one) for one in those] for role, those in found.items()})
    else:
        raise StackProblem(f"no make up of this checkout serves {url}: name a file with accounts in {ACCOUNTS}")


def _system_at(url: str, directory: Path = DATA) -> System | None:
    """The running system of a directory, where it is the one at this address."""
    try:
        ports = Ports.load(directory)
    except StackProblem:
        return None
    if urlsplit(url).hostname not in ("127.0.0.1", "localhost") or urlsplit(url).port != ports.gateway:
        return None
    return System(LocalStack(directory, ports), SERVICES)
