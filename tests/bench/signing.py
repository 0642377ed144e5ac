"""The cost of signing in and of checking a token."""

import asyncio
import tempfile
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.utils import base64url_decode

from deploy.local.ports import Ports
from deploy.local.stack import LocalStack
from services.registration.authentication.adapters.hashing import PARAMETERS, PasswordHashing
from shared.auth import Actor, KeySet, Role, TokenVerifier
from shared.clock import ManualClock, SystemClock
from shared.ids import new_id
from shared.messaging import EventKeys
from tests.bench.line import Line
from tests.bench.messaging import sample
from tests.infra.databases import Databases, TestDatabase
from tests.services.registration.life import colleague
from tests.services.registration.site import PASSWORD, Person, RegistrationClient
from tests.support import tokens
from tests.support.forwarded import forwarded
from tests.support.keys import PAIRS
from tests.support.service import running
from tests.support.web import serving

_TOKENS = 500
_ROUNDS = 10
_HASHES = 20
_CLIENTS = 16
_SIGN_INS = 200


def measure() -> list[Line]:
    """Access tokens in microseconds, one password in milliseconds of a core, sign-ins a second over HTTP."""
    rate, cpu = sign_ins()
    return [
        *_codes(),
        *asyncio.run(_verify()),
        Line("password compared, Argon2id", asyncio.run(compared()), "ms of a core", note=PARAMETERS),
        Line(
            "sign-ins over HTTP, two hashing threads",
            rate,
            "a second",
            note=f"{cpu:.0f} ms CPU each, without PostgreSQL's",
        ),
    ]


def _codes() -> list[Line]:
    """The codes of events, as services make and check them, and an Ed25519 signature in their place."""
    names = ("registration", "application", "document", "review", "bench")
    keys = EventKeys("bench", [PAIRS["bench"][0]], {name: [PAIRS[name][1]] for name in names})
    sent = [keys.sign(message) for message in sample(2_000)]
    made = min(_timed(lambda: [keys.sign(message) for message in sent]) for _ in range(_ROUNDS))
    checked = min(_timed(lambda: deque(map(keys.check, sent), maxlen=0)) for _ in range(_ROUNDS))
    private = Ed25519PrivateKey.generate()
    signed = min(_timed(lambda: [private.sign(message.value) for message in sent]) for _ in range(_ROUNDS))
    each = 1e6 / len(sent)
    return [
        Line("codes of an event made, five readers", made * each, "µs"),
        Line("codes of an event checked", checked * each, "µs"),
        Line("Ed25519 signature made in their place", signed * each, "µs"),
    ]


async def _verify() -> list[Line]:
    """The best of several rounds, in processor time: beside other work that is what one verification takes."""
    issuer = tokens.issuer()
    actors = [
        Actor(kind="officer", id=new_id(), roles=frozenset({Role.EXAMINER}), office="TYO", session_id=new_id())
        for _ in range(_TOKENS)
    ]
    made = [issuer.issue(actor)[0] for actor in actors]
    parts = [token.rpartition(".") for token in made]
    bare = [(base64url_decode(signature), signed.encode()) for signed, _, signature in parts]
    alone: list[float] = []
    first: list[float] = []
    again: list[float] = []
    for _ in range(_ROUNDS):
        verifier = TokenVerifier(tokens.ISSUER, KeySet.fixed({issuer.kid: issuer.public_key}), SystemClock())
        alone.append(_timed(lambda: [issuer.public_key.verify(*each) for each in bare]))
        for found in (first, again):
            began = time.process_time()
            for token in made:
                await verifier.verify(token)
            found.append(time.process_time() - began)
    return [
        Line("Ed25519 signature alone (cryptography)", min(alone) / _TOKENS * 1e6, "µs"),
        Line("access token verified, first time", min(first) / _TOKENS * 1e6, "µs", 100.0, at_most=True),
        Line("access token verified, seen before", min(again) / _TOKENS * 1e6, "µs", 100.0, at_most=True),
    ]


def _timed(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


async def compared() -> float:
    """Milliseconds of a core that one password takes."""
    hashing = PasswordHashing(threads=1)
    known, taken = await hashing.hash(PASSWORD), []
    for _ in range(_HASHES):
        began = time.process_time()
        assert await hashing.matches(known, PASSWORD, "bench")
        taken.append(time.process_time() - began)
    hashing.close()
    return min(taken) * 1000


def sign_ins() -> tuple[float, float]:
    """Sign-ins a second over HTTP, and milliseconds of processor time that each takes."""
    with tempfile.TemporaryDirectory(prefix="zairyu-bench-") as folder:
        Path(folder).chmod(0o755)
        stack = LocalStack(Path(folder), Ports.free(), durable=True, services=("registration",))
        stack.lock()
        stack.postgres.start()
        try:
            return asyncio.run(_signed_in(Databases(stack.postgres).create("registration")))
        finally:
            stack.stop()


async def _signed_in(database: TestDatabase) -> tuple[float, float]:
    """Right passwords, each client with an account and an address of its own, over HTTP to one process."""
    clock = ManualClock(SystemClock().now())
    async with running("registration", database, clock=clock) as service:
        # Tests hash in no time. Here accounts are made, and sign in, with the parameters of production.
        context, settings = service.app.state.context, service.app.state.runtime.settings
        context.hashing.close()
        context.hashing = PasswordHashing(settings.password_threads)
        site = RegistrationClient(service, clock)
        officer = await site.officer()
        people = [await colleague(site, officer, f"p{number}@example.co.jp") for number in range(_CLIENTS)]
        left = iter(range(_SIGN_INS))

        async def client(url: str, number: int, person: Person) -> None:
            headers = forwarded(f"203.0.113.{number}")
            body = {"login_id": person.login_id, "password": PASSWORD}
            async with httpx.AsyncClient(base_url=url, headers=headers, timeout=60) as http:
                for _ in left:
                    answer = await http.post("/v1/sessions", json=body)
                    assert answer.status_code == 201, answer.text

        async with serving(service.app, lifespan="off") as url:
            began, used = time.perf_counter(), time.process_time()
            await asyncio.gather(*(client(url, number, person) for number, person in enumerate(people)))
            took, used = time.perf_counter() - began, time.process_time() - used
    return _SIGN_INS / took, used / _SIGN_INS * 1000
