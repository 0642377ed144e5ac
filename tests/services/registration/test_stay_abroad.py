"""A stay abroad: registered by its owner after a recent proof, until a day; where others cannot sign in, they can."""

from datetime import date, timedelta
from typing import Any

import httpx
import jwt
import pytest

from shared.clock import ManualClock, end_of_day_jst, legal_date
from shared.http.forwarded import REFUSED_KINDS
from tests.services.registration.authenticator import Authenticator
from tests.services.registration.site import PASSWORD, RegistrationClient
from tests.support.forwarded import forwarded

STAY = "/v1/accounts/me/stay-abroad"
ABROAD = {REFUSED_KINDS: "person officer"}


async def test_a_right_password_is_of_no_use_abroad_until_a_stay_is_registered(
    site: RegistrationClient, clock: ManualClock
) -> None:
    person = await site.person()
    credentials = {"login_id": person.login_id, "password": PASSWORD}
    refused = await site.post("/v1/sessions", credentials, headers=ABROAD)
    wrong = await site.post("/v1/sessions", credentials | {"password": "wrong"}, headers=ABROAD)
    assert (refused.status_code, refused.json()["code"]) == (401, "sign-in-failed")
    assert {**refused.json(), "request_id": ""} == {**wrong.json(), "request_id": ""}, "nobody learns that it was right"
    headers = await site.header(await site.session(person))
    until = legal_date(clock.now()) + timedelta(days=10)
    stay = await site.service.client.put(STAY, json={"until": until.isoformat()}, headers=headers)
    assert (stay.status_code, stay.json()["until"]) == (200, until.isoformat()), stay.text
    opened = await site.post("/v1/sessions", credentials, headers=ABROAD)
    assert opened.status_code == 201
    token = (await site.exchange(opened.json()["session_secret"])).json()["access_token"]
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    assert claims["abroad_until"] == end_of_day_jst(until).timestamp()
    ended = await site.service.client.delete(STAY, headers=headers)
    assert ended.json()["until"] is None
    assert (await site.post("/v1/sessions", credentials, headers=ABROAD)).status_code == 401
    assert await site.service.journal_problems() == []


async def test_no_passkey_and_no_second_step_is_of_use_abroad_until_a_stay_is_registered(
    site: RegistrationClient, clock: ManualClock
) -> None:
    """Also where the first step was taken at home, from the same address."""
    person, device = await site.person(), Authenticator()
    headers = await site.signed_in(person)
    asked = (await site.post("/v1/accounts/me/passkeys/options", headers=headers)).json()["public_key"]
    body = {"credential": device.create(asked)}
    codes = (await site.post("/v1/accounts/me/passkeys", body, headers=headers)).json()["recovery_codes"]

    async def passkey() -> httpx.Response:
        asked = (await site.post("/v1/sessions/passkey/options")).json()["public_key"]
        return await site.post("/v1/sessions/passkey", {"credential": device.get(asked)}, headers=ABROAD)

    async def code() -> httpx.Response:
        challenge = await site.pending(person.login_id)
        step = {"challenge": challenge, "recovery_code": codes.pop()}
        return await site.post("/v1/sessions/second-factor", step, headers=ABROAD | forwarded("203.0.113.5"))

    for attempt, refusal in ((passkey, "passkey-not-valid"), (code, "challenge-not-valid")):
        refused = await attempt()
        assert (refused.status_code, refused.json()["code"], refused.json().get("detail")) == (401, refusal, None)
    until = legal_date(clock.now()).isoformat()
    assert (await site.service.client.put(STAY, json={"until": until}, headers=headers)).status_code == 200
    for attempt in (passkey, code):
        assert (await attempt()).status_code == 201
    assert await site.service.journal_problems() == []


async def test_no_officer_signs_in_from_outside_their_networks(site: RegistrationClient) -> None:
    """People may: the gateway refuses officers alone."""
    elsewhere = {REFUSED_KINDS: "officer"}
    await site.officer(login_id="approver.tyo")
    app = await site.app_of("approver.tyo")
    credentials = {"login_id": "approver.tyo", "password": PASSWORD}
    refused = await site.post("/v1/sessions", credentials, headers=elsewhere)
    assert (refused.status_code, refused.json()["code"]) == (401, "sign-in-failed")
    step = {"challenge": await site.pending("approver.tyo"), "code": app.next()}
    headers = elsewhere | forwarded("203.0.113.5")
    refused = await site.post("/v1/sessions/second-factor", step, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (401, "challenge-not-valid")
    assert (await site.post("/v1/sessions/second-factor", step, headers=forwarded("203.0.113.5"))).status_code == 201
    person = {"login_id": (await site.person(await site.officer(login_id="approver.osa"))).login_id}
    assert (await site.post("/v1/sessions", person | {"password": PASSWORD}, headers=elsewhere)).status_code == 201


@pytest.mark.parametrize(("days", "status"), [(-1, 422), (0, 200), (90, 200), (91, 422)])
async def test_a_stay_ends_within_ninety_days(
    site: RegistrationClient, clock: ManualClock, days: int, status: int
) -> None:
    headers = await site.header(await site.session(await site.person()))
    until: date = legal_date(clock.now()) + timedelta(days=days)
    answer = await site.service.client.put(STAY, json={"until": until.isoformat()}, headers=headers)
    assert answer.status_code == status
    if status == 422:
        assert answer.json()["errors"][0]["pointer"] == "/until"
        assert (await site.get(STAY, headers)).json()["until"] is None


async def test_registering_a_stay_needs_a_recent_proof_of_identity(
    site: RegistrationClient, clock: ManualClock
) -> None:
    secret = await site.session(await site.person())
    clock.advance(timedelta(minutes=20))
    headers = await site.header(secret)
    until = legal_date(clock.now()).isoformat()
    refused = await site.service.client.put(STAY, json={"until": until}, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "step-up-required")
