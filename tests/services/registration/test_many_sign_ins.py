"""Two hundred sign-ins at once: hashing waits in line, everything else goes on, and nobody waits without end."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from services.registration.authentication.store.sign_in import throttles
from tests.services.registration.site import PASSWORD, RegistrationClient
from tests.support.waiting import eventually

AT_ONCE = 200
THREADS = 2  # ZAIRYU_PASSWORD_THREADS, unless set


@dataclass
class Gate:
    """Comparing a password takes until the gate opens; who compared is noted."""

    open: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    threads: set[threading.Thread] = field(default_factory=set)
    inside: int = 0
    most: int = 0

    def verify(self, known: str, password: str) -> bool:
        with self.lock:
            self.threads.add(threading.current_thread())
            self.inside += 1
            self.most = max(self.most, self.inside)
        self.open.wait()
        with self.lock:
            self.inside -= 1
        return password == PASSWORD


@pytest.fixture
def gate(site: RegistrationClient, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    made = Gate()
    monkeypatch.setattr(site.context.hashing, "verify", made.verify)
    yield made
    made.open.set()


async def _in_line(site: RegistrationClient, attempts: int) -> list[asyncio.Task[int]]:
    """So many sign-ins that wait for a thread, all at the same time."""
    tasks = []
    before = site.context.hashing.waiting
    for number in range(attempts):
        tasks.append(asyncio.create_task(_attempt(site, number)))
        # Not more at once than there are connections: how long a busy machine takes for them is no matter here.
        if len(tasks) % 10 == 0 or len(tasks) == attempts:
            await eventually(lambda: site.context.hashing.waiting == before + len(tasks))
    return tasks


async def _attempt(site: RegistrationClient, number: int) -> int:
    """A sign-in of an id that nobody has, each from an address of its own."""
    return (await site.sign_in(f"nobody-{number}", address=f"198.51.{100 + number // 250}.{number % 250}")).status_code


async def test_two_hundred_sign_ins_at_once_keep_nobody_else_waiting(site: RegistrationClient, gate: Gate) -> None:
    gate.open.set()
    person = await site.person()
    secret = await site.session(person)
    headers = await site.header(secret)
    gate.open.clear()
    gate.threads.clear()

    owner = asyncio.create_task(site.sign_in(person.login_id))
    await eventually(lambda: site.context.hashing.waiting == 1)
    others = await _in_line(site, AT_ONCE - 1)
    assert site.context.hashing.waiting == AT_ONCE
    # Nobody holds a connection while waiting for a thread; the last one may just be giving theirs back.
    await eventually(lambda: site.context.db.pool().in_use == 0)
    assert site.context.hashing.waiting == AT_ONCE

    answers = [
        await site.get("/v1/accounts/me", headers),
        await site.exchange(secret),
        await site.post("/v1/password-resets", {"login_id": person.login_id}),
        await site.get("/.well-known/jwks.json"),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 202, 200]
    assert not any(task.done() for task in (owner, *others)), "all of them were answered before the first sign-in"

    gate.open.set()
    assert (await owner).status_code == 201
    assert set(await asyncio.gather(*others)) == {401}
    assert gate.most == THREADS
    assert len(gate.threads) == THREADS
    assert threading.main_thread() not in gate.threads
    assert site.context.hashing.waiting == 0


async def test_who_finds_the_line_full_is_told_when_to_come_back_and_it_counts_for_nothing(
    site: RegistrationClient, gate: Gate
) -> None:
    waiting = await _in_line(site, AT_ONCE)
    for _ in range(7):
        refused = await site.sign_in("somebody-else", address="203.0.113.9")
        assert refused.status_code == 503
        assert int(refused.headers["retry-after"]) > 0
    assert site.context.hashing.waiting == AT_ONCE
    gate.open.set()
    await asyncio.gather(*waiting)
    async with site.service.db.read() as session:
        rows = (await session.execute(select(throttles.c.key, throttles.c.charged))).all()
    charged = {row.key: row.charged for row in rows}
    assert charged[site.context.digest("203.0.113.9")] == 0
    assert charged[site.context.digest("somebody-else")] == 0
    assert (await site.sign_in("somebody-else", address="203.0.113.9")).status_code == 401
