"""Whether an account, an address or a link exists is told by no answer: same status, same words, same headers."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from shared.ids import new_id
from tests.services.registration.authenticator import Authenticator
from tests.services.registration.life import memberships
from tests.services.registration.site import PASSWORD, RegistrationClient, submission

WRONG = "not the right password"
UNKNOWN = "ZR-2222-2222"
Asked = Callable[[RegistrationClient], Awaitable[list[httpx.Response]]]
# Of the request and of the moment, not of what was asked for.
_OF_THE_REQUEST = re.compile(r'"(request_id|challenge|expires_at)": ?"[^"]*"')


async def _sign_in(site: RegistrationClient) -> list[httpx.Response]:
    officer = await site.officer()
    person = await site.person(officer)
    stopped = await site.person(officer, applicant={"email": "stopped@example.jp"})
    reason = {"reason_code": "terms_violated"}
    assert (await site.post(f"/v1/accounts/{stopped.account_id}/suspend", reason, headers=officer)).status_code == 200
    names = (UNKNOWN, "nobody.tyo", person.login_id, "approver.tyo", stopped.login_id)
    return [await site.sign_in(name, WRONG, f"192.0.2.{n}") for n, name in enumerate(names)]


async def _slowed_sign_in(site: RegistrationClient) -> list[httpx.Response]:
    known = (await site.person()).login_id
    for _ in range(6):
        for name, address in ((UNKNOWN, "192.0.2.1"), (known, "192.0.2.2")):
            await site.sign_in(name, WRONG, address)
    return [await site.sign_in(UNKNOWN, WRONG, "192.0.2.1"), await site.sign_in(known, WRONG, "192.0.2.2")]


async def _reset(site: RegistrationClient) -> list[httpx.Response]:
    person = await site.person()
    waiting = await site.submit(applicant={"email": "waiting@example.jp"})
    asked: list[dict[str, Any]] = [{"login_id": name} for name in (UNKNOWN, person.login_id, "approver.tyo")]
    asked += [{"receipt_number": number} for number in ("東利申26-000099-2", waiting["receipt_number"])]
    return [await site.post("/v1/password-resets", body) for body in asked]


async def _reminder(site: RegistrationClient) -> list[httpx.Response]:
    await site.person()
    emails = ("nobody@example.jp", "hanako@example.co.jp")
    return [await site.post("/v1/login-id-reminders", {"email": email}) for email in emails]


async def _password_link(site: RegistrationClient) -> list[httpx.Response]:
    await site.person()
    return [await site.set_password(token) for token in ("x" * 43, await site.link())]


async def _second_step(site: RegistrationClient) -> list[httpx.Response]:
    person = await site.person()
    app = await site.app_of(person.login_id)
    used = await site.pending(person.login_id)
    assert (await site.second_step(used, code=app.next())).status_code == 201
    elsewhere = await site.pending(person.login_id, "192.0.2.1")
    return [await site.second_step(challenge, code=app.next()) for challenge in ("x" * 43, used, elsewhere)]


async def _step_up(site: RegistrationClient) -> list[httpx.Response]:
    ended = await site.session(await site.person())
    await site.post("/v1/sessions/end", {"session_secret": ended})
    bodies = [{"session_secret": secret, "password": PASSWORD} for secret in ("x" * 43, ended)]
    return [await site.post("/v1/sessions/step-up", body) for body in bodies]


async def _passkey(site: RegistrationClient) -> list[httpx.Response]:
    person, mine, never = await site.person(), Authenticator(), Authenticator(user_handle=b"nobody")
    headers = await site.signed_in(person)
    asked = (await site.post("/v1/accounts/me/passkeys/options", headers=headers)).json()["public_key"]
    made = await site.post("/v1/accounts/me/passkeys", {"credential": mine.create(asked)}, headers=headers)
    assert made.status_code == 201, made.text
    mine.user_handle = b"somebody else"
    answers = []
    for device in (never, mine):
        question = (await site.post("/v1/sessions/passkey/options")).json()["public_key"]
        answers.append(await site.post("/v1/sessions/passkey", {"credential": device.get(question)}))
    return answers


async def _resubmission(site: RegistrationClient) -> list[httpx.Response]:
    made, officer = await site.submit(), await site.officer()
    items = {"items": [{"code": "UA_FORM", "message": "記入漏れ"}]}
    assert (await site.decide(made["id"], "return", items, officer)).status_code == 200
    other = await site.submit(applicant={"email": "other@example.jp"})
    right = submission(receipt_number=made["receipt_number"])
    tried = [
        (str(new_id()), right),
        (made["id"], right | {"receipt_number": other["receipt_number"]}),
        (made["id"], submission(receipt_number=made["receipt_number"], applicant={"email": "guessed@example.jp"})),
    ]
    return [await site.post(f"/v1/usage-registrations/{which}/resubmit", body) for which, body in tried]


async def _second_account(site: RegistrationClient) -> list[httpx.Response]:
    await site.person()
    answers = []
    for email in ("nobody@example.jp", "hanako@example.co.jp"):
        answers.append(await site.post("/v1/usage-registrations", submission(applicant={"email": email})))
    return answers


ASKED: dict[str, tuple[Asked, int]] = {
    "sign-in": (_sign_in, 401),
    "sign-in that is slowed down": (_slowed_sign_in, 429),
    "password reset": (_reset, 202),
    "login id reminder": (_reminder, 202),
    "password link": (_password_link, 404),
    "second step": (_second_step, 401),
    "step-up": (_step_up, 401),
    "passkey": (_passkey, 401),
    "resubmission": (_resubmission, 404),
}


@pytest.mark.parametrize(("asked", "status"), ASKED.values(), ids=ASKED.keys())
async def test_no_answer_tells_who_exists(site: RegistrationClient, asked: Asked, status: int) -> None:
    answers = await asked(site)
    assert [answer.status_code for answer in answers] == [status] * len(answers)
    assert len({_OF_THE_REQUEST.sub("", answer.text) for answer in answers}) == 1
    assert len({_headers(answer) for answer in answers}) == 1


async def test_a_registration_with_an_address_that_is_known_looks_like_any_other(site: RegistrationClient) -> None:
    answers = await _second_account(site)
    assert [answer.status_code for answer in answers] == [201, 201]
    first, second = (answer.json() for answer in answers)
    assert set(first) == set(second)
    assert {first["account_id"], second["account_id"]} == {None}
    assert _headers(answers[0]) == _headers(answers[1])


def _headers(answer: httpx.Response) -> str:
    reported = {name: value for name, value in answer.headers.items() if name not in ("x-request-id", "date")}
    return str(sorted(reported.items()))


async def test_only_ones_own_memberships_are_listed(site: RegistrationClient) -> None:
    officer = await site.officer()
    mine = await site.person(officer)
    await site.person(officer, applicant={"email": "taro@example.co.jp"})
    (line,) = await memberships(site, await site.signed_in(mine))
    assert line["usage_registration_id"] == str(mine.registration_id)
