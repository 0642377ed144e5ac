"""Signing in in two steps and stepping up, through the gateway."""

import pytest

from tests.gateway.conftest import CODE, LOGIN, GatewayClient


@pytest.fixture
def two_steps(gateway: GatewayClient) -> GatewayClient:
    gateway.registration.two_steps = True
    return gateway


async def _pending(site: GatewayClient) -> str:
    answer = await site.browser.post("/session", json=LOGIN, headers={"Origin": site.url})
    assert answer.status_code == 200, answer.text
    challenge: str = answer.json()["challenge"]
    return challenge


async def test_the_first_step_answers_a_challenge_and_no_cookie(two_steps: GatewayClient) -> None:
    answer = await two_steps.browser.post("/session", json=LOGIN, headers={"Origin": two_steps.url})
    assert (answer.status_code, answer.json()["second_factor_required"]) == (200, True)
    assert answer.json()["methods"] == ["totp"]
    assert "set-cookie" not in answer.headers
    assert (await two_steps.browser.get("/session")).status_code == 401


async def test_the_second_step_sets_the_cookie(two_steps: GatewayClient) -> None:
    body = {"challenge": await _pending(two_steps), "code": CODE}
    answer = await two_steps.browser.post("/session/second-factor", json=body, headers={"Origin": two_steps.url})
    assert answer.status_code == 201, answer.text
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(answer.headers["set-cookie"].split("; "))
    (secret,) = two_steps.registration.sessions
    assert secret not in answer.text
    assert (await two_steps.browser.get("/session")).json()["csrf_token"] == answer.json()["csrf_token"]
    again = await two_steps.browser.post("/session/second-factor", json=body, headers={"Origin": two_steps.url})
    assert again.status_code == 401


async def test_a_wrong_code_is_answered_in_registrations_words(two_steps: GatewayClient) -> None:
    body = {"challenge": await _pending(two_steps), "code": "000000"}
    answer = await two_steps.browser.post("/session/second-factor", json=body, headers={"Origin": two_steps.url})
    assert (answer.status_code, answer.json()["code"]) == (401, "sign-in-failed")
    assert "set-cookie" not in answer.headers


async def test_the_second_step_is_refused_from_other_sites(two_steps: GatewayClient) -> None:
    body = {"challenge": await _pending(two_steps), "code": CODE}
    for headers in ({}, {"Origin": "https://evil.test"}, {"Sec-Fetch-Site": "cross-site"}):
        assert (await two_steps.browser.post("/session/second-factor", json=body, headers=headers)).status_code == 403
    assert two_steps.registration.sessions == {}


async def test_registration_learns_the_device(two_steps: GatewayClient) -> None:
    headers = {"Origin": two_steps.url, "User-Agent": "Firefox on a test"}
    await two_steps.browser.post("/session", json=LOGIN, headers=headers)
    assert two_steps.registration.seen[-1].headers["user-agent"] == "Firefox on a test"


async def test_a_step_up_changes_the_cookie_and_the_csrf_token(gateway: GatewayClient) -> None:
    headers = await gateway.sign_in()
    before = gateway.browser.cookies["zairyu_session"]
    assert (await gateway.browser.get("/session")).status_code == 200
    answer = await gateway.browser.post("/session/step-up", json={"code": CODE}, headers=headers)
    assert answer.status_code == 200, answer.text
    assert "session_secret" not in answer.text
    after = gateway.browser.cookies["zairyu_session"]
    assert after != before
    assert after not in answer.text
    assert answer.json()["csrf_token"] != headers["X-CSRF-Token"]
    assert (await gateway.browser.delete("/session", headers=headers)).status_code == 403
    # A cookie that somebody planted or copied before is worth nothing, also not for the remembered half minute.
    gateway.browser.cookies.clear()
    old = await gateway.browser.get("/session", headers={"Cookie": f"zairyu_session={before}"})
    assert (old.status_code, old.json()["code"]) == (401, "session-ended")


async def test_a_step_up_needs_the_session_and_its_csrf_token(gateway: GatewayClient) -> None:
    nobody = await gateway.browser.post("/session/step-up", json={"code": CODE}, headers={"Origin": gateway.url})
    assert nobody.status_code == 401
    headers = await gateway.sign_in()
    for wrong in (
        {"Origin": gateway.url},
        headers | {"X-CSRF-Token": "0" * 64},
        headers | {"Origin": "https://x.test"},
    ):
        refused = await gateway.browser.post("/session/step-up", json={"code": CODE}, headers=wrong)
        assert (refused.status_code, refused.json()["code"]) == (403, "cross-site")
    refused = await gateway.browser.post("/session/step-up", json={"code": "000000"}, headers=headers)
    assert refused.status_code == 401
    assert (await gateway.browser.get("/session")).status_code == 200


async def test_a_passkey_alone_sets_the_cookie(gateway: GatewayClient) -> None:
    headers = {"Origin": gateway.url}
    asked = await gateway.browser.post("/session/passkey/options", headers=headers)
    assert asked.json() == {"public_key": {"challenge": "AAAA"}}
    refused = await gateway.browser.post("/session/passkey", json={"credential": {"id": "x"}}, headers=headers)
    assert (refused.status_code, "set-cookie" in refused.headers) == (401, False)
    foreign = await gateway.browser.post("/session/passkey", json={"credential": {"id": "known"}})
    assert foreign.status_code == 403
    answer = await gateway.browser.post("/session/passkey", json={"credential": {"id": "known"}}, headers=headers)
    assert (answer.status_code, "HttpOnly" in answer.headers["set-cookie"]) == (201, True)
    assert (await gateway.browser.get("/session")).json()["csrf_token"] == answer.json()["csrf_token"]
