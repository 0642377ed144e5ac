"""A stay abroad: registered by its owner after a recent proof, until a day; where others cannot sign in, they can."""

from datetime import date, timedelta
from typing import Any

import jwt
import pytest

from shared.clock import ManualClock, end_of_day_jst, legal_date
from shared.http.forwarded import REFUSED_KINDS
from tests.services.registration.site import PASSWORD, RegistrationClient

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
