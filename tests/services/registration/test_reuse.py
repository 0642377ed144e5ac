"""Every proof of identity is single-use, at every route."""

from datetime import timedelta

import pyotp

from tests.services.registration.authenticator import Authenticator
from tests.services.registration.site import OTHER_PASSWORD, PASSWORD, RegistrationClient

TOTP = "/v1/accounts/me/second-factor/totp"


async def test_a_code_that_signed_in_does_not_step_up(site: RegistrationClient) -> None:
    person = await site.person()
    app = await site.app_of(person.login_id)
    secret = (await site.both_steps(person.login_id, app))["session_secret"]
    for proof in ({"code": app.code()}, {"code": app.code(-1)}):
        refused = await site.post("/v1/sessions/step-up", {"session_secret": secret, **proof})
        assert (refused.status_code, refused.json()["code"]) == (401, "code-not-valid")
    used = app.recovery_codes[0]
    opened = await site.second_step(await site.pending(person.login_id), recovery_code=used)
    again = {"session_secret": opened.json()["session_secret"], "recovery_code": used}
    assert (await site.post("/v1/sessions/step-up", again)).json()["code"] == "code-not-valid"
    fresh = await site.post("/v1/sessions/step-up", {"session_secret": secret, "code": app.next()})
    assert fresh.status_code == 200, fresh.text


async def test_the_code_of_a_replaced_app_is_worth_nothing(site: RegistrationClient) -> None:
    person = await site.person()
    old = await site.app_of(person.login_id)
    headers = await site.header((await site.both_steps(person.login_id, old))["session_secret"])
    begun = (await site.post(TOTP, headers=headers)).json()
    code = pyotp.TOTP(begun["secret"]).at(site.clock.now())
    confirmed = await site.post(f"{TOTP}/confirm", {"code": code}, headers=headers)
    assert confirmed.status_code == 200, confirmed.text
    challenge = await site.pending(person.login_id)
    assert (await site.second_step(challenge, code=old.next())).json()["code"] == "code-not-valid"
    assert (await site.second_step(challenge, recovery_code=old.recovery_codes[0])).status_code == 401
    new = pyotp.TOTP(begun["secret"]).at(site.clock.now())
    assert (await site.second_step(challenge, code=new)).status_code == 201


async def test_a_passkeys_answer_is_good_for_one_thing(site: RegistrationClient) -> None:
    person, device = await site.person(), Authenticator(counts=False)
    headers = await site.signed_in(person)
    asked = (await site.post("/v1/accounts/me/passkeys/options", headers=headers)).json()["public_key"]
    added = {"credential": device.create(asked)}
    assert (await site.post("/v1/accounts/me/passkeys", added, headers=headers)).status_code == 201
    again = await site.post("/v1/accounts/me/passkeys", added, headers=headers)
    assert (again.status_code, again.json()["code"]) == (401, "passkey-not-valid")
    question = (await site.post("/v1/sessions/passkey/options")).json()["public_key"]
    answer = device.get(question)
    opened = await site.post("/v1/sessions/passkey", {"credential": answer})
    assert opened.status_code == 201, opened.text
    secret = opened.json()["session_secret"]
    second = await site.second_step(await site.pending(person.login_id), passkey=answer)  # type: ignore[arg-type]
    stepped = await site.post("/v1/sessions/step-up", {"session_secret": secret, "passkey": answer})
    assert [refused.json()["code"] for refused in (second, stepped)] == ["passkey-not-valid"] * 2
    # Signed again, it still answers a question that was taken.
    assert (await site.post("/v1/sessions/passkey", {"credential": device.get(question)})).status_code == 401


async def test_a_link_ends_with_every_change_of_the_password(site: RegistrationClient) -> None:
    person = await site.person()
    first = await site.link()
    assert (await site.set_password(first, OTHER_PASSWORD)).status_code == 404
    await site.post("/v1/password-resets", {"login_id": person.login_id})
    await site.work_timers()
    waiting = await site.link()
    headers = await site.signed_in(person)
    changed = await site.post(
        "/v1/accounts/me/password", {"password": OTHER_PASSWORD, "present_password": PASSWORD}, headers=headers
    )
    assert changed.status_code == 204
    assert (await site.set_password(waiting, PASSWORD)).status_code == 404
    site.clock.advance(timedelta(seconds=1))
    assert (await site.sign_in(person.login_id, OTHER_PASSWORD)).status_code == 201
