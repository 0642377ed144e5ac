"""A browser's session: opaque cookie, short token, protected changes, quick revocation."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from services.gateway.edge.sessions import KEPT_SESSIONS, REMEMBERED, Sessions
from services.gateway.edge.upstream import Upstreams
from shared.auth import SessionEnded
from shared.clock import ManualClock
from shared.outgoing import http_client
from tests.gateway.conftest import LOGIN, GatewayClient, Registration, site
from tests.support import tokens
from tests.support.waiting import eventually
from tests.support.web import serving


async def test_signing_in_sets_a_cookie_that_scripts_and_other_sites_cannot_use(gateway: GatewayClient) -> None:
    answer = await gateway.browser.post("/session", json=LOGIN, headers={"Origin": gateway.url})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("zairyu_session=")
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    (secret,) = gateway.registration.sessions
    assert secret not in answer.text, "only the cookie has it"
    assert answer.json()["roles"] == ["org_staff"]


async def test_under_tls_the_cookie_is_bound_to_host_and_tls() -> None:
    async with site(cookie_secure=True) as gateway:
        answer = await gateway.browser.post("/session", json=LOGIN, headers={"Origin": gateway.url})
        chosen = await gateway.browser.get("/?lang=en", headers={"Accept": "text/html"})
    assert answer.headers["set-cookie"].startswith("__Host-zairyu_session=")
    assert chosen.headers["set-cookie"].startswith("__Host-zairyu_language=en;")
    for cookie in (answer.headers["set-cookie"], chosen.headers["set-cookie"]):
        assert {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; "))
    assert "strict-transport-security" in answer.headers


async def test_who_am_i(gateway: GatewayClient) -> None:
    assert (await gateway.browser.get("/session")).status_code == 401
    headers = await gateway.sign_in()
    me = (await gateway.browser.get("/session")).json()
    (actor,) = gateway.registration.sessions.values()
    assert (me["account_id"], me["kind"], me["roles"]) == (str(actor.id), "person", ["org_staff"])
    assert me["csrf_token"] == headers["X-CSRF-Token"]


async def test_a_wrong_password_is_answered_in_registrations_words(gateway: GatewayClient) -> None:
    wrong = {**LOGIN, "password": "wrong"}
    answer = await gateway.browser.post("/session", json=wrong, headers={"Origin": gateway.url})
    assert (answer.status_code, answer.json()["code"]) == (401, "sign-in-failed")
    assert "set-cookie" not in answer.headers
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


async def test_registration_learns_the_callers_address_and_not_an_invented_one(gateway: GatewayClient) -> None:
    headers = {"Origin": gateway.url, "X-Forwarded-For": "203.0.113.9", "X-Real-Ip": "203.0.113.9"}
    await gateway.browser.post("/session", json=LOGIN, headers=headers)
    (seen,) = gateway.registration.seen
    assert seen.headers.getlist("x-forwarded-for") == ["127.0.0.1"]


async def test_signing_out_ends_the_session_at_once(gateway: GatewayClient) -> None:
    headers = await gateway.sign_in()
    secret = gateway.browser.cookies["zairyu_session"]
    assert (await gateway.browser.get("/api/v1/applications/1")).status_code == 200
    assert (await gateway.browser.delete("/session", headers=headers)).status_code == 204
    assert dict(gateway.browser.cookies) == {}
    assert gateway.registration.sessions == {}
    again = await gateway.browser.get("/api/v1/applications/1", headers={"Cookie": f"zairyu_session={secret}"})
    assert (again.status_code, again.json()["code"]) == (401, "session-ended")


async def test_a_session_that_is_over_takes_its_cookie_along_so_that_the_next_call_is_anonymous(
    gateway: GatewayClient,
) -> None:
    await gateway.sign_in()
    gateway.registration.sessions.clear()
    gateway.app.state.gateway.sessions._tokens.clear()
    assert (await gateway.browser.get("/session")).json()["code"] == "session-ended"
    assert dict(gateway.browser.cookies) == {}
    assert (await gateway.browser.post("/api/v1/usage-registrations", json={})).status_code != 403


CROSS_SITE = {
    "no token": {"X-CSRF-Token": None},
    "another token": {"X-CSRF-Token": "0" * 64},
    "another origin": {"Origin": "https://evil.test"},
    "no origin that is known": {"Origin": "null"},
    "neither origin nor site": {"Origin": None},
    "same origin by name, cross-site by the browser": {"Sec-Fetch-Site": "cross-site"},
    "a sibling host": {"Sec-Fetch-Site": "same-site"},
}


@pytest.mark.parametrize("change", CROSS_SITE.values(), ids=CROSS_SITE.keys())
@pytest.mark.parametrize(("method", "path"), [("POST", "/api/v1/applications"), ("DELETE", "/session")])
async def test_a_change_from_another_site_is_refused(
    gateway: GatewayClient, method: str, path: str, change: dict[str, str | None]
) -> None:
    good = await gateway.sign_in()
    bad = {name: value for name, value in {**good, **change}.items() if value is not None}
    answer = await gateway.browser.request(method, path, headers=bad)
    assert (answer.status_code, answer.json()["code"]) == (403, "cross-site")
    assert len(gateway.registration.sessions) == 1
    assert (await gateway.browser.request(method, path, headers=good)).is_success


async def test_a_token_of_one_session_does_not_fit_another(gateway: GatewayClient) -> None:
    first = await gateway.sign_in()
    gateway.browser.cookies.clear()
    await gateway.sign_in()
    assert (await gateway.browser.post("/api/v1/applications", headers=first)).status_code == 403


async def test_signing_in_from_another_site_is_refused(gateway: GatewayClient) -> None:
    for headers in (
        {},
        {"Origin": "https://evil.test"},
        {"Sec-Fetch-Site": "cross-site", "Origin": gateway.url},
    ):
        assert (await gateway.browser.post("/session", json=LOGIN, headers=headers)).status_code == 403
    assert gateway.registration.sessions == {}


async def test_a_listed_origin_may_send_changes() -> None:
    async with site(allowed_origins="https://portal.test") as gateway:
        headers = await gateway.sign_in() | {"Origin": "https://portal.test"}
        assert (await gateway.browser.post("/api/v1/applications", headers=headers)).status_code == 201


async def test_an_outage_of_registration_is_reported_and_keeps_the_session(gateway: GatewayClient) -> None:
    headers = await gateway.sign_in()
    gateway.app.state.gateway.upstreams.services["registration"] = "http://127.0.0.1:1"
    for method, path in (("GET", "/session"), ("DELETE", "/session"), ("GET", "/api/v1/applications/1")):
        answer = await gateway.browser.request(method, path, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (503, "service-down")
        assert "set-cookie" not in answer.headers
    ready = await gateway.browser.get(f"{gateway.operations}/readyz")
    assert [failing["check"] for failing in ready.json()["failing"]] == ["registration"]


async def test_ready_when_registration_answers(gateway: GatewayClient) -> None:
    answer = await gateway.browser.get(f"{gateway.operations}/readyz")
    assert (answer.status_code, answer.json()["checks"]) == (200, ["registration", "token-keys"])


async def test_a_session_ended_elsewhere_stops_within_half_a_minute_and_registration_is_asked_once_until_then() -> None:
    clock = ManualClock(datetime(2026, 4, 1, tzinfo=UTC))
    registration = Registration(issuer=tokens.issuer(clock))
    async with serving(registration.app()) as url, Upstreams({"registration": url}, 5) as upstreams:
        sessions = Sessions(upstreams, clock)
        opened = (await sessions.open(**LOGIN, headers={})).json()["session_secret"]
        granted = set(await asyncio.gather(*(sessions.token(opened) for _ in range(50))))
        assert len(granted) == 1
        assert registration.exchanged == 1

        registration.sessions.clear()
        clock.advance(REMEMBERED - timedelta(seconds=1))
        assert {await sessions.token(opened)} == granted
        clock.advance(timedelta(seconds=1))
        with pytest.raises(SessionEnded):
            await sessions.token(opened)


async def test_one_waiting_request_that_goes_away_does_not_take_the_others_along() -> None:
    clock = ManualClock(datetime(2026, 4, 1, tzinfo=UTC))
    registration = Registration(issuer=tokens.issuer(clock))
    async with serving(registration.app()) as url, Upstreams({"registration": url}, 5) as upstreams:
        sessions = Sessions(upstreams, clock)
        opened = (await sessions.open(**LOGIN, headers={})).json()["session_secret"]
        first = asyncio.create_task(sessions.token(opened))
        second = asyncio.create_task(sessions.token(opened))
        await asyncio.sleep(0)
        first.cancel()
        assert await second
        assert registration.exchanged == 1


async def test_remembered_sessions_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    assert KEPT_SESSIONS <= 10_000
    monkeypatch.setattr("services.gateway.edge.sessions.KEPT_SESSIONS", 3)
    clock = ManualClock(datetime(2026, 4, 1, tzinfo=UTC))
    registration = Registration(issuer=tokens.issuer(clock))
    async with serving(registration.app()) as url, Upstreams({"registration": url}, 5) as upstreams:
        sessions = Sessions(upstreams, clock)
        for _ in range(5):
            await sessions.token((await sessions.open(**LOGIN, headers={})).json()["session_secret"])
        assert len(sessions._tokens) == 3


async def test_a_bearer_token_passes_without_cookie_or_csrf(gateway: GatewayClient) -> None:
    await gateway.sign_in()
    async with http_client(base_url=gateway.url, cookies=gateway.browser.cookies) as client:
        answer = await client.post("/api/v1/applications", headers={"Authorization": "Bearer outside-token"})
    assert answer.status_code == 201
    assert answer.json()["headers"]["authorization"] == "Bearer outside-token"
    assert gateway.registration.exchanged == 0


async def test_who_switches_role_acts_in_it_with_the_next_request(gateway: GatewayClient) -> None:
    headers = await gateway.sign_in()
    first = (await gateway.browser.get("/api/v1/applications/1/echo")).json()["headers"]["authorization"]
    path = "/api/v1/accounts/me/active-membership"
    refused = await gateway.browser.post(path, json={"role": "administrator"}, headers=headers)
    assert refused.status_code == 422
    again = (await gateway.browser.get("/api/v1/applications/1/echo")).json()["headers"]["authorization"]
    assert again == first, "nothing changed"
    switched = await gateway.browser.post(path, json={"role": "rso_staff"}, headers=headers)
    assert switched.status_code == 200
    me = (await gateway.browser.get("/session")).json()
    assert me["roles"] == ["rso_staff"]
    after = (await gateway.browser.get("/api/v1/applications/1/echo")).json()["headers"]["authorization"]
    assert after != first


async def test_a_token_that_is_on_its_way_while_the_session_changes_is_not_remembered() -> None:
    clock = ManualClock(datetime(2026, 4, 1, tzinfo=UTC))
    registration = Registration(issuer=tokens.issuer(clock))
    async with serving(registration.app()) as url, Upstreams({"registration": url}, 5) as upstreams:
        sessions = Sessions(upstreams, clock)
        opened = (await sessions.open(**LOGIN, headers={})).json()["session_secret"]
        on_its_way = asyncio.create_task(sessions.token(opened))
        await asyncio.sleep(0)
        sessions.forget(opened)
        asked_after = asyncio.create_task(sessions.token(opened))
        tokens_got = await asyncio.gather(on_its_way, asked_after)
        assert registration.exchanged == 2
        assert await sessions.token(opened) == tokens_got[1]
        assert registration.exchanged == 2


async def test_signing_out_forgets_a_token_that_was_fetched_concurrently() -> None:
    clock = ManualClock(datetime(2026, 4, 1, tzinfo=UTC))
    registration = Registration(issuer=tokens.issuer(clock))
    async with serving(registration.app()) as url, Upstreams({"registration": url}, 5) as upstreams:
        sessions = Sessions(upstreams, clock)
        opened = (await sessions.open(**LOGIN, headers={})).json()["session_secret"]
        registration.may_end.clear()
        signing_out = asyncio.create_task(sessions.end(opened, {}))
        await eventually(lambda: registration.ending == 1)
        await sessions.token(opened)
        registration.may_end.set()
        await signing_out
        with pytest.raises(SessionEnded):
            await sessions.token(opened)


async def test_a_remembered_token_that_a_service_refuses_is_fetched_again(gateway: GatewayClient) -> None:
    await gateway.sign_in()
    await gateway.browser.get("/api/v1/applications/1/echo")
    assert gateway.registration.exchanged == 1
    assert (await gateway.browser.get("/api/v1/applications/1/refused")).status_code == 401
    assert (await gateway.browser.get("/api/v1/applications/1/echo")).status_code == 200
    assert gateway.registration.exchanged == 2


async def test_what_ended_elsewhere_is_over_at_the_next_look_and_takes_its_cookie_along(gateway: GatewayClient) -> None:
    await gateway.sign_in()
    assert (await gateway.browser.get("/session")).status_code == 200
    (actor,) = gateway.registration.sessions.values()
    assert actor.session_id is not None
    gateway.registration.revoked.append(actor.session_id)
    gateway.registration.sessions.clear()
    await gateway.app.state.gateway.verifier.refresh()
    assert (await gateway.browser.get("/session")).json()["code"] == "session-ended"
    assert dict(gateway.browser.cookies) == {}
