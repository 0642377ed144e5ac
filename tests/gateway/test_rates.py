"""Too many requests are refused; who keeps to the limit never is."""

import random
from dataclasses import replace
from uuid import UUID

import pytest

from services.gateway.edge.rates import WINDOW_SECONDS, RateLimited, SlidingWindow
from shared.http.addresses import address_key
from tests.gateway.conftest import LOGIN, site
from tests.support import tokens


class Time:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def admitted(window: SlidingWindow, caller: str = "a") -> bool:
    try:
        window.admit(caller)
    except RateLimited:
        return False
    return True


def test_a_steady_caller_at_the_limit_is_never_refused() -> None:
    time = Time()
    window = SlidingWindow(60, now=time)
    for _ in range(10 * 60):
        assert admitted(window)
        time.now += WINDOW_SECONDS / 60


@pytest.mark.parametrize("seed", range(20))
def test_no_rhythm_within_the_limit_is_ever_refused(seed: int) -> None:
    chance = random.Random(seed)
    time = Time()
    limit = chance.choice([3, 10, 50])
    window = SlidingWindow(limit, now=time)
    sent: list[float] = []
    for _ in range(2000):
        time.now += chance.expovariate(limit / 40)
        sent = [at for at in sent if time.now - at < WINDOW_SECONDS]
        if len(sent) < limit:
            assert admitted(window), "at most `limit` in any minute"
            sent.append(time.now)


def test_a_burst_is_refused_with_the_time_to_wait() -> None:
    time = Time()
    window = SlidingWindow(5, now=time)
    assert [admitted(window) for _ in range(7)] == [True] * 5 + [False] * 2
    assert admitted(window, "somebody else")
    with pytest.raises(RateLimited) as refused:
        window.admit("a")
    time.now += int(refused.value.headers["Retry-After"])
    assert admitted(window)


def test_refused_requests_do_not_count_so_that_persistence_locks_nobody_out() -> None:
    time = Time()
    window = SlidingWindow(5, now=time)
    for _ in range(5):
        window.admit("a")
    for _ in range(600):
        time.now += 0.1
        admitted(window)
    time.now += 1
    assert admitted(window)


def test_the_number_of_remembered_callers_is_bounded() -> None:
    window = SlidingWindow(5, now=Time(), kept=10)
    for number in range(100):
        window.admit(str(number))
    assert len(window._callers) == 10


@pytest.mark.parametrize(
    ("host", "key"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (None, "unknown"),
        ("testclient", "unknown"),
    ],
)
def test_an_address_stands_for_one_household(host: str | None, key: str) -> None:
    assert address_key(host) == key


async def test_an_address_and_a_session_that_call_too_often_are_refused_with_a_time() -> None:
    async with site(requests_per_minute=12, session_requests_per_minute=5) as gateway:
        await gateway.sign_in()
        answers = [await gateway.browser.get("/session") for _ in range(6)]
        assert [answer.status_code for answer in answers] == [200] * 5 + [429]
        assert 0 < int(answers[-1].headers["retry-after"]) <= 60
        gateway.browser.cookies.clear()
        statuses = [(await gateway.browser.get("/")).status_code for _ in range(6)]
        assert statuses == [200] * 5 + [429]
        assert (await gateway.browser.get("/healthz")).status_code == 200, "operators are not limited"


async def test_sign_in_attempts_have_a_limit_of_their_own() -> None:
    async with site(sign_ins_per_minute=3) as gateway:
        wrong = {**LOGIN, "password": "wrong"}
        headers = {"Origin": gateway.url}
        answers = [await gateway.browser.post("/session", json=wrong, headers=headers) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
        assert len(gateway.registration.seen) == 3


async def test_a_client_is_counted_by_valid_tokens_alone_from_wherever_it_calls() -> None:
    async with site(client_requests_per_minute=2) as gateway:
        actor = replace(tokens.person(), kind="client", client_id=UUID(int=5))
        path = "/api/v1/applications/1"
        statuses = []
        for _ in range(3):
            token, _ = gateway.registration.issuer.issue(actor)
            statuses.append((await gateway.browser.get(path, headers={"Authorization": f"Bearer {token}"})).status_code)
        assert statuses == [200, 200, 429]
        invented = {"Authorization": f"Bearer {token[:-8]}AAAAAAAA"}
        assert (await gateway.browser.get(path, headers=invented)).status_code == 200, "the service says what it is"
