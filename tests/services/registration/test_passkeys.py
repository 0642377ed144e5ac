"""Passkeys: as the only thing to sign in with, beside a password, and for a step-up."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import jwt
import pytest
from sqlalchemy import text

from shared.auth import Role
from shared.clock import ManualClock
from shared.events.registration import CredentialChanged
from tests.services.registration.authenticator import PRESENT, Authenticator
from tests.services.registration.site import PASSWORD, Person, RegistrationClient
from tests.support.forwarded import forwarded

PASSKEYS = "/v1/accounts/me/passkeys"


async def _add(site: RegistrationClient, headers: dict[str, str], device: Authenticator) -> httpx.Response:
    asked = await site.post(f"{PASSKEYS}/options", headers=headers)
    assert asked.status_code == 200, asked.text
    credential = device.create(asked.json()["public_key"])
    return await site.post(PASSKEYS, {"credential": credential}, headers=headers)


async def _with_passkey(site: RegistrationClient) -> tuple[Person, Authenticator, list[str]]:
    person, device = await site.person(), Authenticator()
    answer = await _add(site, await site.signed_in(person), device)
    assert answer.status_code == 201, answer.text
    return person, device, answer.json()["recovery_codes"]


async def _asked(site: RegistrationClient) -> dict[str, Any]:
    found: dict[str, Any] = (await site.post("/v1/sessions/passkey/options")).json()["public_key"]
    return found


async def _sign_in(site: RegistrationClient, credential: dict[str, Any]) -> httpx.Response:
    return await site.post("/v1/sessions/passkey", {"credential": credential})


async def test_a_passkey_alone_signs_in(site: RegistrationClient) -> None:
    person, device, _ = await _with_passkey(site)
    answer = await _sign_in(site, device.get(await _asked(site)))
    assert answer.status_code == 201, answer.text
    assert (answer.json()["account_id"], answer.json()["roles"]) == (str(person.account_id), ["org_staff"])
    headers = await site.header(answer.json()["session_secret"])
    (here,) = [s for s in (await site.get("/v1/accounts/me/sessions", headers)).json()["items"] if s["current"]]
    assert here["method"] == "passkey"
    assert [event.change for event in await site.events(CredentialChanged)] == ["second_factor_added"]
    assert await site.service.journal_problems() == []


async def test_a_passkey_is_a_second_factor_beside_the_password(site: RegistrationClient) -> None:
    person, device, codes = await _with_passkey(site)
    first = (await site.sign_in(person.login_id)).json()
    assert first["methods"] == ["passkey", "recovery_code"]
    credential = device.get(await _asked(site))
    answer = await site.post(
        "/v1/sessions/second-factor",
        {"challenge": first["challenge"], "passkey": credential},
        headers=forwarded("203.0.113.5"),
    )
    assert answer.status_code == 201, answer.text
    assert len(codes) == 10
    assert (await site.second_step(await site.pending(person.login_id), recovery_code=codes[0])).status_code == 201


async def test_a_passkey_steps_up(site: RegistrationClient, clock: ManualClock) -> None:
    _, device, _ = await _with_passkey(site)
    secret = (await _sign_in(site, device.get(await _asked(site)))).json()["session_secret"]
    clock.advance(timedelta(minutes=20))
    headers = await site.header(secret)
    assert (await site.post(f"{PASSKEYS}/options", headers=headers)).json()["code"] == "step-up-required"
    refused = await site.post("/v1/sessions/step-up", {"session_secret": secret, "password": PASSWORD})
    assert refused.status_code == 422
    body = {"session_secret": secret, "passkey": device.get(await _asked(site))}
    assert (await site.post("/v1/sessions/step-up", body)).status_code == 200
    assert (await site.post(f"{PASSKEYS}/options", headers=headers)).status_code == 200


async def test_an_answer_is_taken_once(site: RegistrationClient) -> None:
    _, device, _ = await _with_passkey(site)
    device.counts = False
    credential = device.get(await _asked(site))
    answers = await asyncio.gather(*(_sign_in(site, credential) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [201] + [401] * 4
    assert (await _sign_in(site, credential)).json()["code"] == "passkey-not-valid"


async def test_an_answer_comes_in_time(site: RegistrationClient, clock: ManualClock) -> None:
    _, device, _ = await _with_passkey(site)
    asked = await _asked(site)
    clock.advance(timedelta(minutes=5))
    assert (await _sign_in(site, device.get(asked))).json()["code"] == "passkey-not-valid"


def _elsewhere(device: Authenticator) -> None:
    device.origin = "http://127.0.0.1.evil.test"


def _unverified(device: Authenticator) -> None:
    device.flags = PRESENT


def _absent(device: Authenticator) -> None:
    device.flags = 0


def _cloned(device: Authenticator) -> None:
    device.sign_count = 0


def _another_key(device: Authenticator) -> None:
    device.key = Authenticator().key


def _another_user(device: Authenticator) -> None:
    device.user_handle = bytes(16)


def _unknown(device: Authenticator) -> None:
    device.credential_id = bytes(32)


WRONG: list[Callable[[Authenticator], None]] = [
    _elsewhere,
    _unverified,
    _absent,
    _cloned,
    _another_key,
    _another_user,
    _unknown,
]


@pytest.mark.parametrize("change", WRONG)
async def test_what_is_not_right_is_refused_the_same_way(
    site: RegistrationClient, change: Callable[[Authenticator], None]
) -> None:
    _, device, _ = await _with_passkey(site)
    assert (await _sign_in(site, device.get(await _asked(site)))).status_code == 201
    change(device)
    refused = await _sign_in(site, device.get(await _asked(site)))
    assert (refused.status_code, refused.json()["code"], refused.json().get("detail")) == (
        401,
        "passkey-not-valid",
        None,
    )


async def test_a_question_for_another_site_or_nobodys_is_not_answered(site: RegistrationClient) -> None:
    _, device, _ = await _with_passkey(site)
    asked = await _asked(site)
    assert (await _sign_in(site, device.get(asked | {"rpId": "evil.test"}))).status_code == 401
    assert (await _sign_in(site, device.get(asked | {"challenge": "AAAA"}))).status_code == 401
    for odd in ({}, {"rawId": "!"}, {"rawId": 3, "response": []}, {"id": "AA", "rawId": "AA", "response": {}}):
        assert (await _sign_in(site, odd)).json()["code"] == "passkey-not-valid"


async def test_the_answer_to_adding_a_key_is_bound_to_who_asked(site: RegistrationClient) -> None:
    officer = await site.officer()
    mine = await site.signed_in(await site.person(officer))
    theirs = await site.signed_in(
        await site.person(
            officer, organisation={"corporate_number": "7000012050002"}, applicant={"email": "x@example.jp"}
        )
    )
    asked = (await site.post(f"{PASSKEYS}/options", headers=theirs)).json()["public_key"]
    foreign = await site.post(PASSKEYS, {"credential": Authenticator().create(asked)}, headers=mine)
    assert (foreign.status_code, foreign.json()["code"]) == (401, "passkey-not-valid")
    unverified = Authenticator(flags=PRESENT)
    assert (await _add(site, mine, unverified)).status_code == 401
    assert (await _add(site, mine, Authenticator(origin="https://evil.test"))).status_code == 401
    # A question for signing in is none for adding a key.
    credential = Authenticator().create(asked | {"challenge": (await _asked(site))["challenge"]})
    assert (await site.post(PASSKEYS, {"credential": credential}, headers=theirs)).status_code == 401


async def test_somebody_elses_passkey_is_no_second_factor(site: RegistrationClient) -> None:
    _, device, _ = await _with_passkey(site)
    await site.officer(login_id="examiner.tyo")
    await site.app_of("examiner.tyo")
    challenge = await site.pending("examiner.tyo")
    answer = await site.post(
        "/v1/sessions/second-factor",
        {"challenge": challenge, "passkey": device.get(await _asked(site))},
        headers=forwarded("203.0.113.5"),
    )
    assert (answer.status_code, answer.json()["code"]) == (401, "passkey-not-valid")


async def test_a_passkey_carries_an_officers_roles_and_the_last_one_stays(site: RegistrationClient) -> None:
    await site.officer(Role.EXAMINER, login_id="examiner.tyo")
    opened = (await site.sign_in("examiner.tyo")).json()
    device = Authenticator()
    added = await _add(site, await site.header(opened["session_secret"]), device)
    assert added.status_code == 201, added.text
    opened = (await _sign_in(site, device.get(await _asked(site)))).json()
    headers = await site.header(opened["session_secret"])
    token = headers["Authorization"].removeprefix("Bearer ")
    assert jwt.decode(token, options={"verify_signature": False})["roles"] == ["examiner"]
    path = f"{PASSKEYS}/{added.json()['id']}"
    assert (await site.service.client.delete(path, headers=headers)).json()["code"] == "second-factor-needed"
    spare = await _add(site, headers, Authenticator())
    assert spare.json()["recovery_codes"] == [], "those of the first factor go on"
    assert (await site.service.client.delete(path, headers=headers)).status_code == 204
    assert (await _sign_in(site, device.get(await _asked(site)))).json()["code"] == "passkey-not-valid"
    shown = (await site.get("/v1/accounts/me/second-factor", headers)).json()
    assert [key["id"] for key in shown["passkeys"]] == [spare.json()["id"]]
    assert await site.service.journal_problems() == []


async def test_a_suspended_owner_is_told_and_does_not_get_in(site: RegistrationClient) -> None:
    _, device, _ = await _with_passkey(site)
    async with site.service.db.transaction() as session:
        await session.execute(text("UPDATE accounts SET state = 'suspended'"))
    assert (await _sign_in(site, device.get(await _asked(site)))).json()["code"] == "account-suspended"
