"""Admission: one look at who asks, in one order; a request acts by one proof alone, which is verified once."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from fastapi import Request

from services.gateway.edge.admission import admitting
from services.gateway.edge.caller import ActsBy, caller_of
from shared.auth import Actor, Role
from shared.clock import SystemClock
from tests.gateway.conftest import GatewayClient, site
from tests.support import tokens
from tests.support.web import serving

SESSION_ORDER = ["block", "address", "address at once", "session", "session at once", "place"]
TOKEN_ORDER = ["block", "address", "address at once", "client", "place"]
ANYBODY_ORDER = ["block", "address", "address at once", "place"]


class Refused(Exception):
    pass


class Parts:
    """The parts of a gateway, each of which refuses where `refusing` has its name, and keeps that it was asked."""

    def __init__(self, refusing: list[str]) -> None:
        self.refusing = refusing
        self.asked: list[str] = []

    def look(self, name: str) -> None:
        self.asked.append(name)
        if name in self.refusing:
            raise Refused(name)

    def gateway(self, secret: str | None) -> Any:
        part = SimpleNamespace

        def window(name: str) -> Any:
            async def admit(_: str) -> None:
                self.look(name)

            return part(admit=admit)

        def in_progress(name: str) -> Any:
            @contextmanager
            def one(_: str) -> Iterator[None]:
                self.look(name)
                yield

            return part(one=one)

        async def verify(_: str) -> Actor:
            return tokens.person()

        async def granted(_: str) -> Any:
            return part(token="")

        async def look_again() -> None:
            self.look("place")

        return part(
            blocked=part(check=lambda _: self.look("block")),
            by_address=window("address"),
            at_once=in_progress("address at once"),
            by_session=window("session"),
            session_at_once=in_progress("session at once"),
            by_client=window("client"),
            places=part(look_again=look_again, verdict=lambda _: part(people=None, officers=None)),
            verifier=part(verify=verify),
            granted=granted,
            secret=lambda _: secret,
        )


def request_to(gateway: Any, **headers: str) -> Request:
    app = SimpleNamespace(state=SimpleNamespace(gateway=gateway))
    sent = [(name.encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "path": "/home", "headers": sent, "client": ("203.0.113.9", 1), "app": app})


@pytest.mark.parametrize(
    ("acts_by", "order"),
    [(ActsBy.SESSION, SESSION_ORDER), (ActsBy.TOKEN, TOKEN_ORDER), (ActsBy.NEITHER, ANYBODY_ORDER)],
)
async def test_the_first_of_the_refusals_that_apply_is_the_answer_and_nothing_after_it_is_asked(
    acts_by: ActsBy, order: list[str]
) -> None:
    for place, name in enumerate(order):
        parts = Parts(order[place:])
        request = request_to(parts.gateway("secret"), authorization="Bearer token")
        with pytest.raises(Refused):
            async with admitting(caller_of(request, acts_by)):
                pytest.fail("a refused request got through")
        assert (parts.asked, parts.asked[-1]) == (order[: place + 1], name)


async def test_a_request_is_admitted_once_however_often_it_is_asked_for() -> None:
    parts = Parts([])
    request = request_to(parts.gateway("secret"))
    async with admitting(caller_of(request, ActsBy.SESSION)), admitting(caller_of(request)):
        pass
    assert parts.asked == SESSION_ORDER


@pytest.fixture
def office(tmp_path: Path) -> str:
    """Rules by which officers work from one network, and nobody from another."""
    (tmp_path / "relays.txt").write_text("133.12.0.0/24\n")
    rules = tmp_path / "rules.toml"
    rules.write_text('relays = "relays.txt"\nofficer_networks = ["133.13.0.0/16"]\n')
    return str(rules)


HOME, OFFICE, RELAY = "133.11.0.1", "133.13.0.1", "133.12.0.1"
API, PAGE, AT_ROOT = "/api/v1/applications/1", "/account", "/oauth/token"


async def test_a_request_acts_by_one_proof_which_is_judged_by_its_place_and_verified_once(
    office: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxied: dict[str, Any] = {"proxy_headers": True, "forwarded_allow_ips": "127.0.0.1", "lifespan": "off"}
    async with site(place_rules=office) as gateway, serving(gateway.app, **proxied) as url:
        verified: Counter[str] = Counter()
        verifier = gateway.app.state.gateway.verifier
        verify = verifier.verify

        async def counted(token: str) -> Actor:
            verified[token] += 1
            actor: Actor = await verify(token)
            return actor

        monkeypatch.setattr(verifier, "verify", counted)
        await _acts_by_one_proof(gateway, url, verified)


async def _acts_by_one_proof(gateway: GatewayClient, url: str, verified: Counter[str]) -> None:
    away = replace(tokens.person(), abroad_until=SystemClock().now() + timedelta(days=1))
    actors = {"person": tokens.person(), "away": away, "officer": tokens.officer(Role.EXAMINER)}
    for name, actor in actors.items():
        gateway.registration.sessions[name] = replace(actor, session_id=uuid4())
    issued = {name: gateway.registration.issuer.issue(actor)[0] for name, actor in actors.items()}
    # Path, address, session, token; the status, the refusal, and how many tokens were verified.
    for path, address, session, token, expected in (
        (API, HOME, None, "person", (200, "", 1)),
        (API, HOME, None, "invented", (200, "", 1)),
        (API, HOME, "person", None, (200, "", 1)),
        (API, OFFICE, "officer", None, (200, "", 0)),
        (API, HOME, "officer", None, (403, "not-from-here", 1)),
        (API, RELAY, None, "away", (200, "", 1)),
        (API, RELAY, "away", None, (200, "", 1)),
        (API, RELAY, None, "person", (403, "not-from-here", 1)),
        (API, RELAY, None, "invented", (403, "not-from-here", 1)),
        (API, RELAY, "gone", None, (403, "not-from-here", 0)),
        (API, RELAY, "away", "person", (403, "not-from-here", 1)),
        (API, RELAY, "person", "away", (200, "", 1)),
        # A page acts by the session: another account's token opens nothing.
        (PAGE, HOME, "officer", None, (403, "not-from-here", 1)),
        (PAGE, HOME, "officer", "person", (403, "not-from-here", 1)),
        (PAGE, RELAY, "person", "away", (403, "not-from-here", 1)),
        (PAGE, RELAY, None, "away", (403, "not-from-here", 0)),
        ("/session", HOME, "person", "away", (200, "", 1)),
        ("/session", RELAY, "away", "invented", (200, "", 1)),
        # Standards' routes take a secret of their own: nobody is let through by a session or a token.
        (AT_ROOT, RELAY, "away", None, (403, "not-from-here", 0)),
        (AT_ROOT, RELAY, None, "away", (403, "not-from-here", 0)),
    ):
        verified.clear()
        headers = {"X-Forwarded-For": address}
        if session:
            headers["Cookie"] = f"zairyu_session={session}"
        if token:
            headers["Authorization"] = f"Bearer {issued.get(token, token)}"
        answer = await gateway.browser.request("POST" if path == AT_ROOT else "GET", f"{url}{path}", headers=headers)
        found = (answer.status_code, answer.json().get("code", ""), verified.total())
        assert found == expected, (path, address, session, token)
        assert set(verified.values()) <= {1}


async def test_a_page_that_answers_with_a_mistake_counts_once() -> None:
    async with site(requests_per_minute=4) as gateway:
        path, headers = f"/sign-in?done={'x' * 41}", {"Accept": "text/html"}
        statuses = [(await gateway.browser.get(path, headers=headers)).status_code for _ in range(5)]
        assert statuses == [422] * 4 + [429]
