"""Acts that take an account over need a proof of their own: a session that was just begun is not enough."""

from typing import Any

import httpx
import pytest

from shared.events.registration import EmailChangeRequested
from tests.services.registration.site import OTHER_PASSWORD, PASSWORD, Person, RegistrationClient

PASSWORD_PATH, EMAIL_PATH = "/v1/accounts/me/password", "/v1/accounts/me/email"
ADDRESS = {"email": "new@example.jp", "email_again": "new@example.jp"}
ACTS = [(PASSWORD_PATH, {"password": OTHER_PASSWORD}, "present_password"), (EMAIL_PATH, ADDRESS, "password")]


async def _done(site: RegistrationClient, person: Person) -> bool:
    changed = (await site.sign_in(person.login_id, OTHER_PASSWORD)).is_success
    return changed or bool(await site.events(EmailChangeRequested))


def _said(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize(("path", "body", "field"), ACTS)
async def test_a_session_of_the_last_minutes_is_not_enough(
    site: RegistrationClient, path: str, body: dict[str, Any], field: str
) -> None:
    """[attacks F25] The present password is asked for, as the documents say; a wrong one is counted."""
    person = await site.person()
    headers = await site.signed_in(person)
    assert _said(await site.post(path, body, headers=headers)) == (403, "step-up-required")
    wrong = body | {field: "not the right password"}
    assert _said(await site.post(path, wrong, headers=headers)) == (403, "password-not-right")
    assert not await _done(site, person)
    assert (await site.post(path, body | {field: PASSWORD}, headers=headers)).status_code in (202, 204)
    assert await _done(site, person)


@pytest.mark.parametrize(("path", "body", "field"), ACTS)
async def test_the_second_factor_is_asked_for_where_there_is_one(
    site: RegistrationClient, path: str, body: dict[str, Any], field: str
) -> None:
    """[attacks F25] The password alone does not do, nor does having signed in with both; a step-up does."""
    person = await site.person()
    app = await site.app_of(person.login_id)
    secret = (await site.both_steps(person.login_id, app))["session_secret"]
    headers = await site.header(secret)
    for sent in (body, body | {field: PASSWORD}):
        assert _said(await site.post(path, sent, headers=headers)) == (403, "step-up-required")
    with_password = await site.post("/v1/sessions/step-up", {"session_secret": secret, "password": PASSWORD})
    assert with_password.status_code == 422
    stepped = await site.post("/v1/sessions/step-up", {"session_secret": secret, "code": app.next()})
    headers = await site.header(stepped.json()["session_secret"])
    assert (await site.post(path, body, headers=headers)).status_code in (202, 204)
    assert await _done(site, person) or path == PASSWORD_PATH
    assert await site.service.journal_problems() == []


async def test_an_officer_without_a_second_factor_can_set_one_up_and_nothing_else(site: RegistrationClient) -> None:
    """[attacks F25] Not change the password, not see or end sessions, not ask for codes."""
    await site.officer(login_id="examiner.tyo")
    opened = (await site.sign_in("examiner.tyo")).json()
    assert opened["enrolment_required"] is True
    headers = await site.header(opened["session_secret"])
    document = site.service.app.openapi()
    tried = 0
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if not path.startswith("/v1/accounts/me") or not operation["x-permission"]:
                continue
            tried += 1
            named = path
            for parameter in operation.get("parameters", []):
                named = named.replace(f"{{{parameter['name']}}}", "01a20911-fd7b-71e3-a6cc-c193bf509cfa")
            sent = headers | {"Idempotency-Key": f"key-of-{tried}", "If-Match": "*"}
            answer = await site.service.client.request(method, named, json={}, headers=sent)
            possible = (method, path) in {
                ("get", "/v1/accounts/me"),
                ("get", "/v1/accounts/me/second-factor"),
                ("post", "/v1/accounts/me/second-factor/totp"),
                ("post", "/v1/accounts/me/second-factor/totp/confirm"),
                ("post", "/v1/accounts/me/passkeys/options"),
                ("post", "/v1/accounts/me/passkeys"),
            }
            refused = answer.status_code == 403 and answer.json()["code"] == "enrolment-required"
            assert refused != possible, (method, path, answer.text)
    assert tried > 15
    body = {"password": OTHER_PASSWORD, "present_password": PASSWORD}
    assert _said(await site.post(PASSWORD_PATH, body, headers=headers)) == (403, "enrolment-required")
    assert (await site.sign_in("examiner.tyo", OTHER_PASSWORD)).status_code == 401


async def test_links_to_new_addresses_are_three_an_hour(site: RegistrationClient) -> None:
    """[attacks F20] Somebody who has signed in does not fill a stranger's mailbox either."""
    person = await site.person()
    headers = await site.signed_in(person)
    body = ADDRESS | {"password": PASSWORD}
    answers = [(await site.post(EMAIL_PATH, body, headers=headers)).status_code for _ in range(5)]
    assert answers == [202, 202, 202, 429, 429]
    assert len(await site.events(EmailChangeRequested)) == 3
