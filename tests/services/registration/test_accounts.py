"""Commands of people and officers on accounts: addresses, passwords, leaving, stopping, ending."""

from datetime import timedelta

import pytest

from shared.auth import Role
from shared.clock import ManualClock
from shared.events.registration import (
    AccountActivated,
    AccountClosed,
    AccountSuspended,
    EmailChanged,
    EmailChangeRequested,
    LoginIdReminded,
    MembershipEnded,
    PasswordExpiring,
)
from tests.services.registration.life import add_role, memberships, officer_now
from tests.services.registration.site import OTHER_PASSWORD, PASSWORD, Person, RegistrationClient
from tests.support.keys import unsealed

NEW = "hanako.new@example.jp"
REASON = {"reason_code": "terms_violated"}


def _email(**changes: str) -> dict[str, str]:
    return {"email": NEW, "email_again": NEW, "password": PASSWORD} | changes


async def _token(site: RegistrationClient) -> str:
    asked = (await site.events(EmailChangeRequested))[-1]
    return unsealed(asked.sealed_link).rpartition("/")[2]


async def test_a_new_address_counts_when_its_owner_confirms_it_and_the_old_one_is_told(
    site: RegistrationClient,
) -> None:
    person = await site.person()
    headers = await site.signed_in(person)
    assert (await site.post("/v1/accounts/me/email", _email(), headers=headers)).status_code == 202
    (asked,) = await site.events(EmailChangeRequested)
    assert unsealed(asked.recipient.sealed_address) == NEW
    assert (await site.get("/v1/accounts/me", headers)).json()["email"] == "hanako@example.co.jp"
    token = await _token(site)
    assert (await site.post(f"/v1/email-links/{token}")).status_code == 200
    assert (await site.get("/v1/accounts/me", headers)).json()["email"] == NEW
    (changed,) = await site.events(EmailChanged)
    opened = [unsealed(r.sealed_address) for r in (changed.recipient_old, changed.recipient_new)]
    assert opened == ["hanako@example.co.jp", NEW]
    again = await site.post(f"/v1/email-links/{token}")
    assert (again.status_code, again.json()["code"]) == (404, "link-not-valid")
    assert NEW not in str(await site.journal())
    assert await site.service.journal_problems() == []


async def test_a_change_of_address_is_refused_without_changing_anything(
    site: RegistrationClient, clock: ManualClock
) -> None:
    headers = await site.signed_in(await site.person())
    for body, status, code in (
        (_email(password="not the right password"), 403, "password-not-right"),
        (_email(email_again="other@example.jp"), 422, "email-differs"),
        (_email(email="hanako@example.co.jp", email_again="hanako@example.co.jp"), 422, "email-unchanged"),
    ):
        answer = await site.post("/v1/accounts/me/email", body, headers=headers)
        assert answer.status_code == status
        assert code in answer.text
    assert await site.events(EmailChangeRequested) == []
    await site.post("/v1/accounts/me/email", _email(), headers=headers)
    first = await _token(site)
    await site.post("/v1/accounts/me/email", _email(), headers=headers)
    assert (await site.post(f"/v1/email-links/{first}")).status_code == 404
    last = await _token(site)
    clock.advance(timedelta(hours=73))
    assert (await site.post(f"/v1/email-links/{last}")).status_code == 404
    assert await site.events(EmailChanged) == []


async def test_guessing_the_password_at_a_change_is_slowed_down(site: RegistrationClient) -> None:
    headers = await site.signed_in(await site.person())
    body = _email(password="not the right password")
    answers = [(await site.post("/v1/accounts/me/email", body, headers=headers)).status_code for _ in range(8)]
    assert answers[0] == 403
    assert answers[-1] == 429


async def test_a_forgotten_login_id_goes_to_the_registered_address_alone(site: RegistrationClient) -> None:
    person = await site.person()
    answers = [
        await site.post("/v1/login-id-reminders", {"email": email})
        for email in ("Hanako@Example.co.jp", "nobody@example.jp")
    ]
    assert [(a.status_code, a.json()) for a in answers] == [(202, {"status": "accepted"})] * 2
    await site.work_timers()
    (reminded,) = await site.events(LoginIdReminded)
    assert unsealed(reminded.sealed_login_id) == person.login_id
    assert unsealed(reminded.recipient.sealed_address) == "hanako@example.co.jp"
    for _ in range(5):
        await site.post("/v1/login-id-reminders", {"email": "hanako@example.co.jp"})
    await site.work_timers()
    assert len(await site.events(LoginIdReminded)) <= 3


async def test_who_leaves_one_organisation_keeps_the_other_and_leaving_the_last_closes_the_account(
    site: RegistrationClient,
) -> None:
    officer = await site.officer()
    person = await site.person(officer)
    await add_role(
        site, await site.signed_in(person), "org_staff", officer, organisation={"corporate_number": "2120901007402"}
    )
    first = (await site.sign_in(person.login_id, organisation_id=str(person.organisation_id))).json()
    headers = await site.signed_in(person)
    leaving, staying = await memberships(site, headers)
    path = "/v1/accounts/me/memberships"
    left = await site.post(f"{path}/{leaving['id']}/leave", headers=headers)
    assert left.json()["account_state"] == "active"
    assert (await site.exchange(first["session_secret"])).status_code == 401
    assert await site.events(AccountClosed) == []
    (ended,) = await site.events(MembershipEnded)
    assert (ended.account_id, ended.role, ended.reason_code) == (person.account_id, "org_staff", "left")
    again = await site.post(f"{path}/{leaving['id']}/leave", headers=headers)
    assert (again.status_code, again.json()["code"]) == (409, "step-not-possible")

    secret = await site.session(person)
    last = await site.post(f"{path}/{staying['id']}/leave", headers=headers)
    assert last.json()["account_state"] == "closed"
    (closed,) = await site.events(AccountClosed)
    assert (closed.account_id, closed.reason_code) == (person.account_id, "left")
    assert (await site.exchange(secret)).status_code == 401
    assert (await site.sign_in(person.login_id)).json()["code"] == "sign-in-failed"
    assert await site.service.journal_problems() == []


async def test_an_officer_ends_the_membership_of_who_left(site: RegistrationClient) -> None:
    officer = await site.officer()
    person = await site.person(officer)
    seen = (await site.get(f"/v1/accounts/{person.account_id}", officer)).json()
    (held,) = seen["memberships"]
    path = f"/v1/accounts/{person.account_id}/memberships/{held['id']}/end"
    assert (await site.post(path, {"reason_code": "left"}, headers=officer)).json()["account_state"] == "closed"
    assert [row["action"] for row in await site.journal()].count("account:read") == 1
    assert await site.service.journal_problems() == []


async def test_a_stopped_account_gets_no_token_and_is_as_before_when_the_stop_is_lifted(
    site: RegistrationClient,
) -> None:
    officer = await site.officer()
    person = await site.person(officer)
    secret, path = await site.session(person), f"/v1/accounts/{person.account_id}"
    assert (await site.post(f"{path}/suspend", REASON, headers=officer)).json()["state"] == "suspended"
    (suspended,) = await site.events(AccountSuspended)
    assert suspended.reason_code == "terms_violated"
    assert (await site.exchange(secret)).status_code == 401
    assert (await site.sign_in(person.login_id)).json()["code"] == "account-suspended"
    again = await site.post(f"{path}/suspend", REASON, headers=officer)
    assert (again.status_code, again.json()["code"]) == (409, "step-not-possible")

    reported = len(await site.events(AccountActivated))
    assert (await site.post(f"{path}/lift", headers=officer)).json()["state"] == "active"
    (activated,) = (await site.events(AccountActivated))[reported:]
    assert (activated.role, activated.roles) == ("org_staff", ("org_staff",))
    assert (await site.exchange(secret)).status_code == 401
    assert (await site.sign_in(person.login_id)).status_code == 201
    assert await site.service.journal_problems() == []


async def test_a_closed_account_stays_closed(site: RegistrationClient) -> None:
    officer = await site.officer()
    person = await site.person(officer)
    path = f"/v1/accounts/{person.account_id}"
    assert (await site.post(f"{path}/close", REASON, headers=officer)).json()["state"] == "closed"
    for step, body in (("lift", None), ("suspend", REASON), ("close", REASON)):
        answer = await site.post(f"{path}/{step}", body, headers=officer)
        assert (answer.status_code, answer.json()["code"]) == (409, "step-not-possible")
    assert len(await site.events(AccountClosed)) == 1
    assert (await site.post("/v1/password-resets", {"login_id": person.login_id})).status_code == 202
    await site.work_timers()
    assert (await site.sign_in(person.login_id)).status_code == 401
    assert await site.service.journal_problems() == []


async def test_no_officer_touches_their_own_account_or_an_officers(site: RegistrationClient) -> None:
    officer = await site.officer()
    person = await site.person(officer)
    own = await site.officer(login_id="own.tyo", email="hanako@example.co.jp")
    refused = await site.post(f"/v1/accounts/{person.account_id}/suspend", REASON, headers=own)
    assert (refused.status_code, refused.json()["code"]) == (403, "own-account")
    secret = (await site.sign_in("approver.tyo")).json()
    for step in ("suspend", "close"):
        answer = await site.post(f"/v1/accounts/{secret['account_id']}/{step}", REASON, headers=own)
        assert answer.status_code == 404
    assert await site.events(AccountSuspended) == []


@pytest.fixture
def _yearly(site: RegistrationClient) -> None:
    site.context.settings = site.context.settings.model_copy(update={"password_expiry_days": 365})


@pytest.mark.usefixtures("_yearly")
async def test_where_passwords_end_their_owners_are_told_and_get_in_again_by_a_reset(
    site: RegistrationClient, clock: ManualClock
) -> None:
    person: Person = await site.person()
    for days in (334, 1, 3, 19, 1, 3):
        clock.advance(timedelta(days=days))
        await site.work_timers()
    reported = [event for event in await site.events(PasswordExpiring) if event.account_id == person.account_id]
    assert [event.days_left for event in reported] == [30, 7]
    clock.advance(timedelta(days=5))
    refused = await site.sign_in(person.login_id)
    assert (refused.status_code, refused.json()["code"]) == (403, "password-expired")
    assert (await site.sign_in(person.login_id, "not the right password")).status_code == 401
    await site.post("/v1/password-resets", {"login_id": person.login_id})
    await site.work_timers()
    assert (await site.set_password(await site.link(), OTHER_PASSWORD)).status_code == 200
    assert (await site.sign_in(person.login_id, OTHER_PASSWORD)).status_code == 201


async def test_an_ordinary_site_lets_passwords_be(site: RegistrationClient, clock: ManualClock) -> None:
    person = await site.person()
    clock.advance(timedelta(days=800))
    await site.work_timers()
    assert await site.events(PasswordExpiring) == []
    assert (await site.sign_in(person.login_id)).status_code == 201


async def test_the_reader_of_the_journal_finds_who_did_what(site: RegistrationClient) -> None:
    officer = await site.officer()
    person = await site.person(officer)
    await site.officer(Role.AUDITOR, login_id="auditor.tyo")
    auditor = await officer_now(site, "auditor.tyo")
    path = "/v1/registration/operations/audit"
    found = (await site.get(f"{path}?action=usage_registration:approve", auditor)).json()["items"]
    assert [line["aggregate_id"] for line in found] == [str(person.registration_id)]
    assert found[0]["actor_kind"] == "officer"
