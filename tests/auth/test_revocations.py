"""A token is refused from the moment that its session, its client or its grant is known to have ended."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI, Request
from prometheus_client import REGISTRY
from starlette.responses import JSONResponse, Response

from shared.auth import Actor, KeySet, Revocations, TokenIssuer, TokenVerifier
from shared.auth.published import REFRESH_EVERY, Fetch, Published, over_http
from shared.auth.revocations import NoRevocations
from shared.clock import ManualClock
from shared.errors import Unauthenticated
from shared.ids import new_id
from shared.parts import PartNotRunning
from tests.support.parts import leak
from tests.support.waiting import eventually
from tests.support.web import serving

ISSUER = "https://zairyu.test"
START = datetime(2026, 4, 1, tzinfo=UTC)
ACCOUNT, SESSION, CLIENT, GRANT = (UUID(int=n) for n in range(1, 5))
PERSON = Actor(kind="person", id=ACCOUNT, session_id=SESSION)
THROUGH_A_CLIENT = Actor(kind="person", id=ACCOUNT, session_id=GRANT, client_id=CLIENT)
CLIENT_ITSELF = Actor(kind="client", id=CLIENT)


class Registration:
    """Publishes the given list."""

    def __init__(self) -> None:
        self.revoked: Any = []
        self.away = False

    async def fetch(self) -> dict[str, Any]:
        if self.away:
            raise httpx.ConnectError("away")
        return {"revoked": self.revoked}


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
def issuer(clock: ManualClock) -> TokenIssuer:
    return TokenIssuer(Ed25519PrivateKey.generate(), issuer=ISSUER, clock=clock)


@pytest.fixture
def registration() -> Registration:
    return Registration()


@pytest.fixture
def verifier(clock: ManualClock, issuer: TokenIssuer, registration: Registration) -> TokenVerifier:
    revocations = Revocations(registration.fetch, clock=clock)
    return TokenVerifier(ISSUER, KeySet.fixed({issuer.kid: issuer.public_key}), clock, revocations=revocations)


@pytest.mark.parametrize("remembered", [True, False], ids=["remembered", "never seen before"])
@pytest.mark.parametrize(
    ("actor", "revoked", "refused"),
    [
        (PERSON, SESSION, True),
        (PERSON, GRANT, False),
        (PERSON, ACCOUNT, False),
        (THROUGH_A_CLIENT, CLIENT, True),
        (THROUGH_A_CLIENT, GRANT, True),
        (THROUGH_A_CLIENT, SESSION, False),
        (CLIENT_ITSELF, CLIENT, True),
        (Actor(kind="person", id=ACCOUNT), SESSION, False),
    ],
    ids=lambda value: f"{value.kind} {value.session_id}" if isinstance(value, Actor) else str(value),
)
async def test_a_token_is_refused_once_what_it_came_from_has_ended(
    verifier: TokenVerifier,
    issuer: TokenIssuer,
    registration: Registration,
    actor: Actor,
    revoked: UUID,
    refused: bool,
    remembered: bool,
) -> None:
    token, _ = issuer.issue(actor)
    if remembered:
        assert await verifier.verify(token) == actor
    registration.revoked = [str(revoked), str(new_id())]
    assert await verifier.refresh()
    if not refused:
        assert await verifier.verify(token) == actor
        return
    for _ in range(2):
        with pytest.raises(Unauthenticated) as refusal:
            await verifier.verify(token)
        assert refusal.value.code == "session-ended"


async def test_the_list_is_kept_while_registration_is_away_and_other_tokens_stay_good_until_they_expire(
    verifier: TokenVerifier, issuer: TokenIssuer, registration: Registration, clock: ManualClock
) -> None:
    ended, _ = issuer.issue(PERSON)
    other, _ = issuer.issue(Actor(kind="person", id=ACCOUNT, session_id=new_id()))
    registration.revoked = [str(SESSION)]
    assert await verifier.refresh()
    registration.away = True
    clock.advance(timedelta(minutes=4, seconds=59))
    assert not await verifier.refresh()
    await verifier.verify(other)
    with pytest.raises(Unauthenticated):
        await verifier.verify(ended)
    clock.advance(timedelta(seconds=1))
    with pytest.raises(Unauthenticated) as refusal:
        await verifier.verify(other)
    assert refusal.value.code == "token-expired"


@pytest.mark.parametrize("broken", [None, "all of them", ["no id"], [None], {"id": 1}])
async def test_a_list_that_cannot_be_read_replaces_none(
    verifier: TokenVerifier, issuer: TokenIssuer, registration: Registration, broken: Any
) -> None:
    token, _ = issuer.issue(PERSON)
    registration.revoked = [str(SESSION)]
    await verifier.refresh()
    registration.revoked = broken
    assert not await verifier.refresh()
    with pytest.raises(Unauthenticated):
        await verifier.verify(token)


async def test_a_process_is_ready_when_it_has_seen_the_list_once(
    verifier: TokenVerifier, registration: Registration
) -> None:
    registration.away = True
    await verifier.refresh()
    with pytest.raises(NoRevocations):
        await verifier.check()
    registration.away = False
    await verifier.refresh()
    registration.away = True
    await verifier.refresh()
    await verifier.check()


async def test_how_old_the_list_is_can_be_seen(
    verifier: TokenVerifier, registration: Registration, clock: ManualClock
) -> None:
    def fetched() -> float | None:
        return REGISTRY.get_sample_value("zairyu_published_fetched_timestamp_seconds", {"document": "revocations"})

    await verifier.refresh()
    clock.advance(timedelta(minutes=1))
    registration.away = True
    await verifier.refresh()
    assert fetched() == START.timestamp()
    registration.away = False
    await verifier.refresh()
    assert fetched() == START.timestamp() + 60


def test_several_attempts_fit_into_the_minute_in_which_a_session_must_end_everywhere() -> None:
    attempts = timedelta(minutes=1) / REFRESH_EVERY
    assert attempts >= 3


async def test_what_has_not_changed_is_not_sent_again() -> None:
    app, sent = FastAPI(), []
    document = {"revoked": [str(SESSION)]}

    @app.get("/.well-known/revocations.json")
    async def publish(request: Request) -> Response:
        tag = f'"{len(document["revoked"])}"'
        sent.append(304 if request.headers.get("if-none-match") == tag else 200)
        return Response(status_code=304) if sent[-1] == 304 else JSONResponse(document, headers={"ETag": tag})

    async with serving(app) as url:
        fetch = over_http(url, "revocations.json")
        assert [await fetch() for _ in range(3)] == [document] * 3
        document["revoked"].append(str(GRANT))
        assert await fetch() == document
    assert sent == [200, 304, 304, 200]


async def test_keeping_fresh_survives_whatever_comes() -> None:
    answers: list[Any] = [RuntimeError("a mistake of ours"), httpx.ReadTimeout("slow"), ["no document"], {"n": 1}]

    async def fetch() -> Any:
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    flaky: Fetch = fetch
    published = Published(
        "keys", 0, lambda document: int(document["n"]), flaky, first_backoff=timedelta(milliseconds=1)
    )
    async with published.running():
        await eventually(lambda: published.held == 1)


async def test_keeping_fresh_survives_a_cancellation_that_leaks_out_of_the_client() -> None:
    """[faults 36]"""
    attempts = 0

    async def fetch() -> dict[str, int]:
        nonlocal attempts
        attempts += 1
        if attempts == 1:
            await leak()
        return {"n": 1}

    published = Published(
        "keys", 0, lambda document: int(document["n"]), fetch, first_backoff=timedelta(milliseconds=1)
    )
    async with published.running():
        await eventually(lambda: published.held == 1)
        await published.check()


@pytest.mark.parts_end
async def test_loop_that_ended_makes_its_readers_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """[faults 36] A list of ended sessions that nobody fetches any more is worth nothing."""
    monkeypatch.setattr("shared.parts._FIRST_PAUSE", 1e9)

    async def fetch() -> dict[str, Any]:
        return {"revoked": []}

    revocations = Revocations(fetch)
    async with revocations.running():
        await eventually(lambda: revocations._published.fetched)
        await revocations.check()
        part = revocations._published._kept_fresh
        assert part and part._task
        part._task.cancel()
        await asyncio.wait([part._task])
        with pytest.raises(PartNotRunning):
            await revocations.check()
