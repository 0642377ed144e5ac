"""Published keys are fetched in the background; callers neither wait for them nor make us ask too often."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI

from shared.auth import KeySet, NoKeys, jwks
from shared.clock import ManualClock
from tests.support.waiting import eventually
from tests.support.web import free_port, serving


def public_keys(*kids: str) -> dict[str, Any]:
    return jwks({kid: Ed25519PrivateKey.generate().public_key() for kid in kids})


class Registration:
    """Publishes the given keys, and counts its requests."""

    def __init__(self, *kids: str) -> None:
        self.published = public_keys(*kids)
        self.asked = 0

    async def fetch(self) -> dict[str, Any]:
        self.asked += 1
        await asyncio.sleep(0)
        return self.published


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 4, 1, tzinfo=UTC))


async def test_a_service_started_before_registration_gets_its_keys_as_soon_as_registration_is_there() -> None:
    port = free_port()
    app = FastAPI()
    app.get("/.well-known/jwks.json")(lambda: public_keys("first"))
    keys = KeySet.at(f"http://127.0.0.1:{port}", first_backoff=timedelta(milliseconds=20))
    async with keys.running():
        await eventually(lambda: keys._published._last_attempt is not None)
        with pytest.raises(NoKeys):
            await keys.check()
        async with serving(app, port):
            await eventually(lambda: keys.get("first") is not None)
            await keys.check()


async def test_who_comes_before_the_first_keys_waits_for_them_where_the_first_attempt_failed() -> None:
    clock = ManualClock(datetime(2026, 4, 1, tzinfo=UTC))  # stands still: the ten seconds never pass
    published, attempts, awake = public_keys("first"), 0, asyncio.Event()

    async def slow_to_start() -> dict[str, Any]:
        nonlocal attempts
        attempts += 1
        if attempts == 1:
            raise TimeoutError
        await awake.wait()
        return published

    keys = KeySet(slow_to_start, clock=clock)
    async with keys.running():
        await eventually(lambda: attempts == 1)
        waiting = asyncio.create_task(keys.find("first"))
        await asyncio.sleep(0)
        awake.set()
        assert await waiting is not None
        assert await keys.find("invented") is None
    assert attempts == 2


async def test_keys_are_kept_while_registration_is_away(clock: ManualClock) -> None:
    registration = Registration("first")
    keys = KeySet(registration.fetch, clock=clock)
    assert await keys.refresh()
    registration.published = {"keys": []}
    assert not await keys.refresh()
    assert await keys.find("first") is not None


async def test_a_new_key_is_fetched_when_a_token_names_it(clock: ManualClock) -> None:
    registration = Registration("first")
    keys = KeySet(registration.fetch, clock=clock)
    await keys.refresh()
    registration.published = public_keys("first", "second")
    clock.advance(timedelta(seconds=10))
    assert await keys.find("second") is not None


async def test_a_known_key_is_never_asked_for(clock: ManualClock) -> None:
    registration = Registration("first")
    keys = KeySet(registration.fetch, clock=clock)
    await keys.refresh()
    for _ in range(100):
        clock.advance(timedelta(seconds=10))
        assert await keys.find("first") is not None
    assert registration.asked == 1


async def test_invented_key_ids_make_us_ask_once_in_ten_seconds(clock: ManualClock) -> None:
    registration = Registration("first")
    keys = KeySet(registration.fetch, clock=clock)
    await keys.refresh()
    clock.advance(timedelta(seconds=10))
    answers = await asyncio.gather(*(keys.find(f"invented-{n}") for n in range(200)))
    assert set(answers) == {None}
    assert registration.asked == 2
    clock.advance(timedelta(seconds=10))
    await keys.find("invented-again")
    assert registration.asked == 3


async def test_keys_of_other_kinds_are_left_out(clock: ManualClock) -> None:
    registration = Registration("ours")
    registration.published["keys"] += [
        {"kty": "oct", "k": "c2VjcmV0", "kid": "symmetric", "alg": "HS256"},
        {"kty": "OKP", "crv": "X25519", "x": "AAAA", "kid": "agreement"},
        {"kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA", "kid": "other"},
    ]
    keys = KeySet(registration.fetch, clock=clock)
    await keys.refresh()
    assert keys.get("ours") is not None
    assert [keys.get(kid) for kid in ("symmetric", "agreement", "other")] == [None] * 3
