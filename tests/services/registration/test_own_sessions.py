"""Step-up, one's own sessions, new devices, changing the password."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from services.registration.context import Visitor
from services.registration.http.device import device_label
from shared.auth import Actor
from shared.clock import ManualClock
from shared.events.registration import CredentialChanged, NewDeviceSignIn
from shared.ids import new_id
from tests.services.registration.site import OTHER_PASSWORD, PASSWORD, RegistrationClient
from tests.support.forwarded import forwarded

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/19.0 Mobile/15E148 Safari/604.1"
)
PASSWORD_PATH = "/v1/accounts/me/password"
SENSITIVE: list[tuple[str, str, dict[str, Any] | None]] = [
    ("POST", PASSWORD_PATH, {"password": OTHER_PASSWORD}),
    ("POST", "/v1/accounts/me/second-factor/totp", None),
    ("POST", "/v1/accounts/me/second-factor/totp/confirm", {"code": "123456"}),
    ("DELETE", "/v1/accounts/me/second-factor/totp", None),
    ("POST", "/v1/accounts/me/recovery-codes", None),
]


async def _step_up(site: RegistrationClient, secret: str, **proof: str) -> Any:
    return await site.post("/v1/sessions/step-up", {"session_secret": secret, **proof})


async def _from(site: RegistrationClient, login_id: str, agent: str, address: str) -> Any:
    headers = forwarded(address) | {"User-Agent": agent}
    answer = await site.post("/v1/sessions", {"login_id": login_id, "password": PASSWORD}, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.mark.parametrize(("method", "path", "body"), SENSITIVE, ids=lambda v: v if isinstance(v, str) else "")
async def test_sensitive_acts_need_a_proof_of_the_last_twenty_minutes(
    site: RegistrationClient, clock: ManualClock, method: str, path: str, body: dict[str, Any] | None
) -> None:
    person = await site.person()
    secret = await site.session(person)
    clock.advance(timedelta(minutes=20))
    headers = await site.header(secret)
    refused = await site.service.client.request(method, path, json=body, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "step-up-required")
    stepped = await _step_up(site, secret, password=PASSWORD)
    assert stepped.status_code == 200, stepped.text
    after = await site.service.client.request(method, path, json=body, headers=headers)
    assert after.status_code != 403


async def test_a_token_without_a_session_is_never_fresh(site: RegistrationClient) -> None:
    person = await site.person()
    for session_id in (None, new_id()):
        headers = await site.bearer(Actor(kind="person", id=person.account_id, session_id=session_id))
        answer = await site.post(
            PASSWORD_PATH, {"password": OTHER_PASSWORD, "present_password": PASSWORD}, headers=headers
        )
        assert answer.json()["code"] == "step-up-required"


async def test_a_step_up_gives_the_session_a_new_secret(site: RegistrationClient) -> None:
    person = await site.person()
    planted = await site.session(person)
    fresh = (await _step_up(site, planted, password=PASSWORD)).json()["session_secret"]
    assert fresh != planted
    assert (await site.exchange(planted)).json()["code"] == "session-ended"
    assert (await site.exchange(fresh)).status_code == 200
    assert (await _step_up(site, planted, password=PASSWORD)).json()["code"] == "session-ended"
    assert await site.service.journal_problems() == []


async def test_of_parallel_step_ups_one_wins(site: RegistrationClient) -> None:
    person = await site.person()
    secret = await site.session(person)
    answers = await asyncio.gather(*(_step_up(site, secret, password=PASSWORD) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 3


async def test_every_sign_in_gets_a_secret_of_its_own(site: RegistrationClient) -> None:
    person = await site.person()
    assert len({await site.session(person) for _ in range(3)}) == 3


async def test_who_has_a_second_factor_steps_up_with_it_alone(site: RegistrationClient) -> None:
    await site.officer(login_id="examiner.tyo")
    app = await site.app_of("examiner.tyo")
    secret = (await site.both_steps("examiner.tyo", app))["session_secret"]
    password = await _step_up(site, secret, password=PASSWORD)
    assert (password.status_code, password.json()["errors"][0]["code"]) == (422, "second-factor-required")
    used = await _step_up(site, secret, code=app.code())
    assert used.json()["code"] == "code-not-valid"
    secret = (await _step_up(site, secret, code=app.next())).json()["session_secret"]
    assert (await _step_up(site, secret, recovery_code=app.recovery_codes[0])).status_code == 200


async def test_guessing_at_a_step_up_is_slowed(site: RegistrationClient) -> None:
    person = await site.person()
    secret = await site.session(person)
    codes = [(await _step_up(site, secret, code="000000")).status_code for _ in range(7)]
    assert codes == [401] * 6 + [429]


async def test_a_changed_password_ends_other_sessions_and_is_told(site: RegistrationClient) -> None:
    person = await site.person()
    other, mine = await site.session(person), await site.session(person)
    headers = await site.header(mine)
    present = {"present_password": PASSWORD}
    weak = await site.post(PASSWORD_PATH, {"password": "password1234"} | present, headers=headers)
    assert weak.status_code == 422
    assert (
        await site.post(PASSWORD_PATH, {"password": OTHER_PASSWORD, "present_password": PASSWORD}, headers=headers)
    ).status_code == 204
    assert (await site.exchange(other)).status_code == 401
    assert (await site.exchange(mine)).status_code == 200
    assert (await site.sign_in(person.login_id)).status_code == 401
    assert (await site.sign_in(person.login_id, OTHER_PASSWORD)).status_code == 201
    (reported,) = await site.events(CredentialChanged)
    assert (reported.account_id, reported.change) == (person.account_id, "password_changed")
    assert await site.service.journal_problems() == []


async def test_sessions_are_listed_with_device_and_shortened_address(
    site: RegistrationClient, clock: ManualClock
) -> None:
    person = await site.person()
    await _from(site, person.login_id, FIREFOX, "203.0.113.77")
    clock.advance(timedelta(minutes=5))
    here = await _from(site, person.login_id, PHONE, "2001:db8:7:1::9")
    headers = await site.header(here["session_secret"])
    items = (await site.get("/v1/accounts/me/sessions", headers)).json()["items"]
    assert [(i["device"], i["place"], i["method"], i["current"]) for i in items] == [
        ("Safari on iPhone", "2001:db8:7::/48", "password", True),
        ("Firefox on Windows", "203.0.113.*", "password", False),
    ]
    assert items[1]["first_seen_at"] < items[0]["first_seen_at"]
    clock.advance(timedelta(minutes=26))
    await site.exchange(here["session_secret"])
    items = (await site.get("/v1/accounts/me/sessions", await site.header(here["session_secret"]))).json()["items"]
    assert [i["device"] for i in items] == ["Safari on iPhone"], "one that was idle too long is over"


async def test_a_session_can_be_ended_from_another_one_and_by_nobody_else(site: RegistrationClient) -> None:
    officer = await site.officer()
    person = await site.person(officer)
    stranger = await site.person(
        officer, organisation={"corporate_number": "7000012050002"}, applicant={"email": "x@example.jp"}
    )
    lost, mine = await site.session(person), await site.session(person)
    headers = await site.header(mine)
    items = (await site.get("/v1/accounts/me/sessions", headers)).json()["items"]
    (other,) = [item["id"] for item in items if not item["current"]]
    path = f"/v1/accounts/me/sessions/{other}"
    foreign = await site.service.client.delete(path, headers=await site.signed_in(stranger))
    assert foreign.status_code == 404
    assert (await site.exchange(lost)).status_code == 200
    assert (await site.service.client.delete(path, headers=headers)).status_code == 204
    assert (await site.exchange(lost)).json()["code"] == "session-ended"
    assert (await site.exchange(mine)).status_code == 200
    assert (await site.service.client.delete(path, headers=headers)).status_code == 404
    assert await site.service.journal_problems() == []


async def test_signing_out_everywhere_ends_every_session(site: RegistrationClient) -> None:
    person = await site.person()
    secrets = [await site.session(person) for _ in range(3)]
    headers = await site.header(secrets[0])
    assert (await site.post("/v1/accounts/me/sign-out-everywhere", headers=headers)).json() == {"ended": 3}
    assert {(await site.exchange(secret)).status_code for secret in secrets} == {401}


async def test_a_new_device_is_told_and_a_known_one_is_not(site: RegistrationClient, clock: ManualClock) -> None:
    person = await site.person()
    await _from(site, person.login_id, FIREFOX, "203.0.113.77")
    await _from(site, person.login_id, FIREFOX, "203.0.113.78")
    assert await site.events(NewDeviceSignIn) == [], "the first one is no news, and the same one neither"
    await _from(site, person.login_id, PHONE, "203.0.113.77")
    await _from(site, person.login_id, FIREFOX, "198.51.100.1")
    assert len(await site.events(NewDeviceSignIn)) == 2
    clock.advance(timedelta(days=181))
    await _from(site, person.login_id, PHONE, "203.0.113.77")
    assert len(await site.events(NewDeviceSignIn)) == 3


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        (FIREFOX, "Firefox on Windows"),
        (PHONE, "Safari on iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Linux"),
        ("Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("python-httpx/0.28", "python-httpx"),
        ("<script>alert(1)</script>", "unknown"),
        ("", "unknown"),
    ],
)
def test_a_device_is_named_as_its_owner_knows_it(agent: str, label: str) -> None:
    assert device_label(agent) == label


def test_a_place_never_points_to_one_machine() -> None:
    assert [Visitor(a, "").place for a in ("203.0.113.77", "2001:db8:1:2::", "testclient")] == [
        "203.0.113.*",
        "2001:db8:1::/48",
        "unknown",
    ]
