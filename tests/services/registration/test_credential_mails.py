"""Every change or use of a credential is mailed to its owner: one test for each kind."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import pyotp
import pytest

from services.notification.channels.mail.content.registration import _CHANGES
from shared.events.registration import EmailChangeRequested
from tests.services.notification.conftest import part
from tests.services.registration.authenticator import Authenticator
from tests.services.registration.outside import CLIENTS, Vendor, vendor
from tests.services.registration.post_office import PostOffice
from tests.services.registration.site import OTHER_PASSWORD, PASSWORD, Person, RegistrationClient
from tests.support.keys import unsealed

TOTP = "/v1/accounts/me/second-factor/totp"
PASSKEYS = "/v1/accounts/me/passkeys"
Act = Callable[[RegistrationClient, Person], Awaitable[Any]]


async def _change_password(site: RegistrationClient, person: Person) -> Any:
    headers = await site.signed_in(person)
    return await site.post(
        "/v1/accounts/me/password", {"password": OTHER_PASSWORD, "present_password": PASSWORD}, headers=headers
    )


async def _reset_password(site: RegistrationClient, person: Person) -> Any:
    await site.post("/v1/password-resets", {"login_id": person.login_id})
    await site.work_timers()
    return await site.set_password(await site.link(), OTHER_PASSWORD)


async def _add_app(site: RegistrationClient, person: Person) -> Any:
    headers = await site.signed_in(person)
    begun = (await site.post(TOTP, headers=headers)).json()
    code = pyotp.TOTP(begun["secret"]).at(site.clock.now())
    return await site.post(f"{TOTP}/confirm", {"code": code}, headers=headers)


async def _operator_sets_up_an_app(site: RegistrationClient, person: Person) -> Any:
    return await site.app_of(person.login_id)


async def _remove_app(site: RegistrationClient, person: Person) -> Any:
    opened = await site.both_steps(person.login_id, await site.app_of(person.login_id))
    headers = await site.header(opened["session_secret"])
    return await site.service.client.delete(TOTP, headers=headers)


async def _add_passkey(site: RegistrationClient, person: Person) -> Any:
    headers = await site.signed_in(person)
    asked = (await site.post(f"{PASSKEYS}/options", headers=headers)).json()["public_key"]
    return await site.post(PASSKEYS, {"credential": Authenticator().create(asked)}, headers=headers)


async def _remove_passkey(site: RegistrationClient, person: Person) -> Any:
    headers = await site.signed_in(person)
    asked = (await site.post(f"{PASSKEYS}/options", headers=headers)).json()["public_key"]
    made = (await site.post(PASSKEYS, {"credential": Authenticator().create(asked)}, headers=headers)).json()
    return await site.service.client.delete(f"{PASSKEYS}/{made['id']}", headers=headers)


async def _renew_codes(site: RegistrationClient, person: Person) -> Any:
    opened = await site.both_steps(person.login_id, await site.app_of(person.login_id))
    return await site.post("/v1/accounts/me/recovery-codes", headers=await site.header(opened["session_secret"]))


async def _use_code(site: RegistrationClient, person: Person) -> Any:
    app = await site.app_of(person.login_id)
    return await site.second_step(await site.pending(person.login_id), recovery_code=app.recovery_codes[0])


async def _register_client(site: RegistrationClient, person: Person) -> Vendor:
    return await vendor(site, await site.signed_in(person))


async def _change_system(site: RegistrationClient, person: Person) -> Any:
    system, headers = await _register_client(site, person), await site.signed_in(person)
    return await site.service.client.patch(
        f"{CLIENTS}/{system.client_id}", json={"name": "another name"}, headers=headers | {"If-Match": "*"}
    )


async def _add_secret(site: RegistrationClient, person: Person) -> Any:
    system = await _register_client(site, person)
    return await site.post(f"{CLIENTS}/{system.client_id}/secrets", headers=await site.signed_in(person))


async def _end_system(site: RegistrationClient, person: Person) -> Any:
    system, headers = await _register_client(site, person), await site.signed_in(person)
    return await site.service.client.delete(f"{CLIENTS}/{system.client_id}", headers=headers)


async def _let_act(site: RegistrationClient, person: Person) -> Any:
    return await (await _register_client(site, person)).family(await site.signed_in(person))


async def _use_token_twice(site: RegistrationClient, person: Person) -> Any:
    system = await _register_client(site, person)
    token = (await system.family(await site.signed_in(person)))["refresh_token"]
    await system.refresh(token)
    assert (await system.refresh(token)).status_code == 400


ACTS: dict[str, tuple[Act, str]] = {
    "the password is changed": (_change_password, "password_changed"),
    "the password is reset": (_reset_password, "password_changed"),
    "an app is set up": (_add_app, "second_factor_added"),
    "an operator sets up an app": (_operator_sets_up_an_app, "second_factor_added"),
    "an app is removed": (_remove_app, "second_factor_removed"),
    "a passkey is added": (_add_passkey, "second_factor_added"),
    "a passkey is removed": (_remove_passkey, "second_factor_removed"),
    "recovery codes are renewed": (_renew_codes, "recovery_codes_renewed"),
    "a recovery code is used": (_use_code, "recovery_code_used"),
    "an API client is let in": (_register_client, "client_created"),
    "an API client is changed": (_change_system, "client_changed"),
    "a secret is added": (_add_secret, "client_secret_added"),
    "an API client is ended": (_end_system, "client_revoked"),
    "an API client may act for somebody": (_let_act, "outside_system_authorized"),
    "a refresh token comes twice": (_use_token_twice, "outside_system_token_reused"),
}
# These need an identity provider: test_identity.py.
WITH_PROVIDER = {"identity_linked", "identity_unlinked"}


def test_every_change_that_has_words_of_its_own_is_tried() -> None:
    assert {change for _, change in ACTS.values()} == set(_CHANGES) - WITH_PROVIDER


@pytest.mark.parametrize(("act", "change"), ACTS.values(), ids=ACTS.keys())
async def test_the_owner_is_mailed_when(
    site: RegistrationClient, post_office: PostOffice, act: Act, change: str
) -> None:
    address = f"{uuid4().hex}@example.jp"
    person = await site.person(applicant={"email": address})
    before = len(await post_office.mails(address))
    answer = await act(site, person)
    assert getattr(answer, "is_success", True), answer.text
    words = [part(mail, "plain") for mail in (await post_office.mails(address))[before:]]
    assert [change for text in words if _CHANGES[change].en in text], words


async def test_both_addresses_are_mailed_when_the_address_changes(
    site: RegistrationClient, post_office: PostOffice
) -> None:
    old, new = (f"{uuid4().hex}@example.jp" for _ in range(2))
    headers = await site.signed_in(await site.person(applicant={"email": old}))
    body = {"email": new, "email_again": new, "password": PASSWORD}
    assert (await site.post("/v1/accounts/me/email", body, headers=headers)).status_code == 202
    (asked,) = await site.events(EmailChangeRequested)
    before = len(await post_office.mails(old))
    token = unsealed(asked.sealed_link).rpartition("/")[2]
    assert (await site.post(f"/v1/email-links/{token}")).status_code == 200
    assert len(await post_office.mails(old)) == before + 1
    assert len(await post_office.mails(new)) == 2, "the link, and that it was used"
