"""Signing in, sessions, tokens, and slowing down those who guess."""

import asyncio
from datetime import timedelta

import jwt
import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, text
from structlog.testing import capture_logs

from services.registration.accounts.store.accounts import Account
from services.registration.authentication.adapters.hashing import PasswordHashing
from services.registration.authentication.domain.throttle import SIGN_IN_ACCOUNT
from services.registration.authentication.store.sign_in import Password
from shared.auth import Role
from shared.clock import ManualClock
from shared.events.registration import AccountLocked, RegistrationExpired
from tests.services.registration.site import OTHER_PASSWORD, PASSWORD, Person, RegistrationClient

WRONG = "not the right password"


async def test_unknown_ids_wrong_passwords_and_unset_ones_are_answered_the_same(site: RegistrationClient) -> None:
    officer = await site.officer()
    person = await site.person(officer)
    waiting = await site.submit(applicant={"email": "b@example.jp"})
    await site.approve(waiting["id"], officer)
    async with site.service.db.read() as session:
        unset = await session.scalar(select(Account.login_id).where(Account.state == "registered"))
    with capture_logs() as logs:
        answers = [await site.sign_in(name, WRONG) for name in (person.login_id, "ZR-2222-2222", "nobody", unset)]
    failed = [line for line in logs if line["event"] == "sign_in.failed"]
    assert [line["account_id"] is not None for line in failed] == [True, False, False, True]
    assert {(line["outcome"], line["method"]) for line in failed} == {("failed", "password")}
    assert person.login_id not in str(logs), "what was typed may be a password in the wrong field"
    assert {answer.status_code for answer in answers} == {401}
    bodies = [answer.json() for answer in answers]
    assert {(b["code"], b["title"], b.get("detail")) for b in bodies} == {
        ("sign-in-failed", "The login ID or the password is incorrect", None)
    }


async def test_a_login_id_that_no_table_can_hold_is_refused_at_its_field(site: RegistrationClient) -> None:
    answer = await site.sign_in("ZR-2222\0-2222", WRONG)
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["pointer"], error["code"]) == (422, "/login_id", "control-character")


async def test_a_password_is_compared_for_unknown_ids_too(
    site: RegistrationClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, compared = await site.person(), []
    matches = site.context.hashing.matches

    async def noted(known: str | None, password: str, caller: str) -> bool:
        compared.append(known is not None)
        return await matches(known, password, caller)

    monkeypatch.setattr(site.context.hashing, "matches", noted)
    await site.sign_in(person.login_id, WRONG)
    await site.sign_in("ZR-2222-2222", WRONG)
    assert compared == [True, False]


async def _fail(site: RegistrationClient, login_id: str, times: int, address: str) -> list[int]:
    return [(await site.sign_in(login_id, WRONG, address)).status_code for _ in range(times)]


@pytest.fixture
async def quick(site: RegistrationClient, monkeypatch: pytest.MonkeyPatch) -> RegistrationClient:
    """A site where comparing passwords takes no time; nothing else is different."""

    async def matches(known: str | None, password: str, caller: str) -> bool:
        return known is not None and password == PASSWORD

    monkeypatch.setattr(site.context.hashing, "matches", matches)
    return site


async def test_the_sixth_failure_has_to_wait_and_longer_each_time(
    quick: RegistrationClient, clock: ManualClock
) -> None:
    person = await quick.person()
    assert await _fail(quick, person.login_id, 6, "198.51.100.7") == [401] * 6
    waits = []
    for _ in range(6):
        refused = await quick.sign_in(person.login_id, PASSWORD, "198.51.100.7")
        assert refused.status_code == 429
        waits.append(int(refused.headers["Retry-After"]))
        clock.advance(timedelta(seconds=waits[-1]))
        assert await _fail(quick, person.login_id, 1, "198.51.100.7") == [401]
    assert waits == [60, 120, 240, 480, 900, 900]


async def test_unknown_ids_are_slowed_like_known_ones(quick: RegistrationClient) -> None:
    assert await _fail(quick, "ZR-2222-2222", 7, "198.51.100.7") == [401] * 6 + [429]


async def test_parallel_guesses_count_each(quick: RegistrationClient) -> None:
    person = await quick.person()
    answers = await asyncio.gather(*(quick.sign_in(person.login_id, f"{WRONG} {n}", "198.51.100.7") for n in range(30)))
    assert sorted(answer.status_code for answer in answers) == [401] * 6 + [429] * 24


async def test_a_right_password_is_not_held_against_anybody(quick: RegistrationClient) -> None:
    person = await quick.person()
    for _ in range(12):
        assert (await quick.sign_in(person.login_id, PASSWORD)).status_code == 201


async def test_strangers_cannot_lock_out_the_owner(quick: RegistrationClient, clock: ManualClock) -> None:
    person = await quick.person()
    assert (await quick.sign_in(person.login_id, PASSWORD, "203.0.113.5")).status_code == 201
    for n in range(SIGN_IN_ACCOUNT.free + 1):
        await _fail(quick, person.login_id, 1, f"198.51.100.{n}")
    # From a place where they never were, even the owner waits: a minute at most.
    elsewhere = await quick.sign_in(person.login_id, PASSWORD, "192.0.2.9")
    assert elsewhere.status_code == 429
    assert int(elsewhere.headers["Retry-After"]) <= 60
    assert (await quick.sign_in(person.login_id, PASSWORD, "203.0.113.5")).status_code == 201
    clock.advance(timedelta(minutes=1))
    assert (await quick.sign_in(person.login_id, PASSWORD, "192.0.2.9")).status_code == 201
    (warned,) = await quick.events(AccountLocked)
    assert warned.account_id == person.account_id
    assert await quick.service.journal_problems() == []


async def test_one_address_that_tries_many_accounts_is_slowed(quick: RegistrationClient) -> None:
    codes = [(await quick.sign_in(f"nobody{n}", WRONG, "198.51.100.7")).status_code for n in range(52)]
    assert codes == [401] * 51 + [429]
    assert (await quick.sign_in("nobody", WRONG, "198.51.100.8")).status_code == 401


async def test_addresses_of_one_ipv6_network_are_one(quick: RegistrationClient) -> None:
    codes = [(await quick.sign_in("nobody", WRONG, f"2001:db8:0:1::{n}")).status_code for n in range(1, 8)]
    assert codes == [401] * 6 + [429]


async def test_a_session_that_ended_gets_no_token(site: RegistrationClient) -> None:
    person = await site.person()
    secret = await site.session(person)
    assert (await site.exchange(secret)).status_code == 200
    assert (await site.post("/v1/sessions/end", {"session_secret": secret})).status_code == 204
    assert (await site.post("/v1/sessions/end", {"session_secret": secret})).status_code == 204
    refused = await site.exchange(secret)
    assert (refused.status_code, refused.json()["code"]) == (401, "session-ended")
    assert (await site.exchange("never there")).json()["code"] == "session-ended"
    assert await site.service.journal_problems() == []


async def test_a_session_ends_when_it_is_not_used_and_at_the_latest_after_twelve_hours(
    site: RegistrationClient, clock: ManualClock
) -> None:
    person = await site.person()
    idle = await site.session(person)
    clock.advance(timedelta(minutes=30))
    assert (await site.exchange(idle)).status_code == 401
    used = await site.session(person)
    for _ in range(24):
        clock.advance(timedelta(minutes=29))
        assert (await site.exchange(used)).status_code == 200
    clock.advance(timedelta(minutes=24))
    assert (await site.exchange(used)).status_code == 401


async def test_a_token_does_not_outlive_its_session(site: RegistrationClient, clock: ManualClock) -> None:
    person = await site.person()
    answer = (await site.sign_in(person.login_id)).json()
    for _ in range(24):
        clock.advance(timedelta(minutes=29, seconds=50))
        token = (await site.exchange(answer["session_secret"])).json()
    assert token["expires_at"] == answer["expires_at"]


async def _change(site: RegistrationClient, person: Person, statement: str) -> None:
    async with site.service.db.transaction() as session:
        await session.execute(text(statement), {"id": person.account_id})


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts SET state = 'suspended' WHERE id = :id",
        "UPDATE accounts SET state = 'closed' WHERE id = :id",
        "UPDATE memberships SET state = 'ended' WHERE account_id = :id",
    ],
)
async def test_an_account_that_may_not_act_any_more_gets_no_token(site: RegistrationClient, statement: str) -> None:
    person = await site.person()
    secret = await site.session(person)
    await _change(site, person, statement)
    assert (await site.exchange(secret)).json()["code"] == "session-ended"


async def test_why_an_account_is_stopped_is_told_only_to_who_knows_the_password(site: RegistrationClient) -> None:
    person = await site.person()
    await _change(site, person, "UPDATE accounts SET state = 'suspended' WHERE id = :id")
    assert (await site.sign_in(person.login_id, WRONG)).json()["code"] == "sign-in-failed"
    right = await site.sign_in(person.login_id, PASSWORD)
    assert (right.status_code, right.json()["code"]) == (403, "account-suspended")


async def test_after_three_years_the_registration_is_over_and_told(
    site: RegistrationClient, clock: ManualClock
) -> None:
    person = await site.person()
    clock.advance(timedelta(days=3 * 365 + 2))
    secret = (await site.sign_in(person.login_id, PASSWORD)).json()["session_secret"]
    token = (await site.exchange(secret)).json()["access_token"]
    assert jwt.decode(token, options={"verify_signature": False})["lapsed"] is True
    await site.work_timers()
    (expired,) = await site.events(RegistrationExpired)
    assert (expired.account_id, expired.role) == (person.account_id, "org_staff")
    assert await site.service.journal_problems() == []


async def test_roles_are_those_of_the_database_whatever_the_request_says(site: RegistrationClient) -> None:
    person = await site.person()
    asked = await site.sign_in(person.login_id, PASSWORD, roles=["administrator"])
    assert asked.status_code == 422
    token = (await site.exchange(await site.session(person))).json()["access_token"]
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims["roles"] == ["org_staff"]
    assert claims["kind"] == "person"
    assert claims["org"] == str(person.organisation_id)


async def test_an_officer_signs_in_with_roles_and_office(site: RegistrationClient) -> None:
    await site.officer(Role.EXAMINER, Role.RECEPTION, login_id="examiner.tyo")
    answer = await site.both_steps("Examiner.TYO", await site.app_of("examiner.tyo"))
    assert (answer["kind"], answer["roles"], answer["organisation_id"]) == ("officer", ["examiner", "reception"], None)
    token = (await site.exchange(answer["session_secret"])).json()["access_token"]
    assert jwt.decode(token, options={"verify_signature": False})["office"] == "TYO"


async def test_a_hash_of_older_parameters_is_renewed_at_sign_in(site: RegistrationClient) -> None:
    site.context.hashing = PasswordHashing(site.context.settings.password_threads)
    person = await site.person()
    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    await _change(site, person, f"UPDATE passwords SET hash = '{old}' WHERE account_id = :id")
    assert (await site.sign_in(person.login_id, OTHER_PASSWORD)).status_code == 401
    assert (await site.sign_in(person.login_id, PASSWORD)).status_code == 201
    async with site.service.db.read() as session:
        renewed = await session.get(Password, person.account_id)
    assert "m=32768,t=4" in renewed.hash
