"""One-time links, what a password must be, and forgotten passwords."""

from datetime import timedelta

from sqlalchemy import text

from shared.clock import ManualClock
from shared.events.registration import AccountActivated, PasswordResetRequested, UsageRegistrationApproved
from tests.services.registration.site import OTHER_PASSWORD, PASSWORD, RegistrationClient
from tests.support.keys import unsealed


async def _approved(site: RegistrationClient) -> str:
    submitted, officer = await site.submit(), await site.officer()
    return await site.approve(submitted["id"], officer)


async def test_used_expired_and_unknown_links_look_the_same(site: RegistrationClient, clock: ManualClock) -> None:
    used = await _approved(site)
    assert (await site.set_password(used)).status_code == 200
    expired = await site.approve(
        (await site.submit(applicant={"email": "b@example.jp"}))["id"], await site.officer(login_id="second.tyo")
    )
    clock.advance(timedelta(hours=72, seconds=1))
    answers = [await site.set_password(token, OTHER_PASSWORD) for token in (used, expired, "unknown", "x" * 43)]
    assert {answer.status_code for answer in answers} == {404}
    bodies = [answer.json() for answer in answers]
    assert {body["code"] for body in bodies} == {"link-not-valid"}
    assert len({(body["title"], body["detail"]) for body in bodies}) == 1


async def test_a_link_works_until_its_last_second(site: RegistrationClient, clock: ManualClock) -> None:
    token = await _approved(site)
    clock.advance(timedelta(hours=72, seconds=-1))
    assert (await site.set_password(token)).status_code == 200


WEAK = {
    "elevenchars": "password-too-short",
    "ｅｌｅｖｅｎ": "password-too-short",
    "n" + "ew long pass" * 11: "password-too-long",
    "password2026!": "password-common",
    "sakuratokyo2026": "password-common",
    "P@ssw0rd1234": "password-common",
    "1qaz2wsx3edc": "password-common",
    "aaaaaaaaaaaaaa": "password-common",
}


async def test_a_weak_password_is_refused_and_the_link_stays_good(site: RegistrationClient) -> None:
    token = await _approved(site)
    for password, code in WEAK.items():
        answer = await site.set_password(token, password)
        assert answer.status_code == 422
        assert code in [error["code"] for error in answer.json()["errors"]], password
        assert password not in answer.text
    assert (await site.set_password(token)).status_code == 200


async def test_a_password_may_not_contain_the_login_id(site: RegistrationClient) -> None:
    person = await site.person()
    await site.post("/v1/password-resets", {"login_id": person.login_id})
    await site.work_timers()
    answer = await site.set_password(await site.link(), f"hello {person.login_id.lower()}")
    assert answer.json()["errors"][0]["code"] == "password-contains-login-id"


async def test_the_same_characters_from_another_keyboard_are_the_same_password(site: RegistrationClient) -> None:
    token = await _approved(site)
    login_id = (await site.set_password(token, "Ｍｉｄｏｒｉ no tsukue ７")).json()["login_id"]
    assert (await site.sign_in(login_id, "Midori no tsukue 7")).status_code == 201


async def test_a_reset_answers_the_same_for_anybody_and_mails_only_the_owner(site: RegistrationClient) -> None:
    person = await site.person()
    answers = [
        await site.post("/v1/password-resets", {"login_id": login_id})
        for login_id in (person.login_id, "ZR-2222-2222", "nobody", "x" * 90)
    ]
    assert {(answer.status_code, answer.text) for answer in answers} == {(202, '{"status":"accepted"}')}
    await site.work_timers()
    (asked,) = await site.events(PasswordResetRequested)
    assert asked.account_id == person.account_id
    assert unsealed(asked.recipient.sealed_address) == "hanako@example.co.jp"


async def test_a_reset_changes_the_password_and_ends_every_session(site: RegistrationClient) -> None:
    person = await site.person()
    secret = await site.session(person)
    await site.post("/v1/password-resets", {"login_id": person.login_id})
    await site.work_timers()
    assert (await site.set_password(await site.link(), OTHER_PASSWORD)).json() == {"login_id": person.login_id}
    assert (await site.exchange(secret)).status_code == 401
    assert (await site.sign_in(person.login_id, PASSWORD)).status_code == 401
    assert (await site.sign_in(person.login_id, OTHER_PASSWORD)).status_code == 201
    assert len(await site.events(AccountActivated)) == 1
    assert await site.service.journal_problems() == []


async def test_a_newer_link_replaces_the_older_one(site: RegistrationClient) -> None:
    person = await site.person()
    tokens = []
    for _ in range(2):
        await site.post("/v1/password-resets", {"login_id": person.login_id})
        await site.work_timers()
        tokens.append(await site.link())
    assert (await site.set_password(tokens[0], OTHER_PASSWORD)).status_code == 404
    assert (await site.set_password(tokens[1], OTHER_PASSWORD)).status_code == 200


async def test_nobody_fills_a_mailbox_with_resets(site: RegistrationClient) -> None:
    person = await site.person()
    for _ in range(6):
        assert (await site.post("/v1/password-resets", {"login_id": person.login_id})).status_code == 202
    await site.work_timers()
    assert len(await site.events(PasswordResetRequested)) == 3


async def test_who_let_the_first_link_expire_gets_another_by_receipt_number(
    site: RegistrationClient, clock: ManualClock
) -> None:
    submitted, officer = await site.submit(), await site.officer()
    await site.approve(submitted["id"], officer)
    clock.advance(timedelta(days=2))
    await site.post("/v1/password-resets", {"receipt_number": submitted["receipt_number"]})
    await site.work_timers()
    assert len(await site.events(UsageRegistrationApproved)) == 2
    assert (await site.set_password(await site.link())).status_code == 200


async def test_before_approval_a_receipt_number_gets_no_link(site: RegistrationClient) -> None:
    submitted = await site.submit()
    await site.post("/v1/password-resets", {"receipt_number": submitted["receipt_number"]})
    await site.work_timers()
    assert await site.events(UsageRegistrationApproved) == []


async def test_no_password_hash_link_or_address_is_in_clear_where_it_could_be_read(site: RegistrationClient) -> None:
    person = await site.person()
    secret = await site.session(person)
    token = await site.link()
    async with site.service.db.read() as session:
        (hashed,) = (
            await session.execute(text("SELECT hash FROM passwords WHERE account_id = :id"), {"id": person.account_id})
        ).one()
        everything = ""
        for table in ("journal", "outbox", "password_links", "sessions", "timers", "accounts", "throttles"):
            rows = (await session.execute(text(f"SELECT row_to_json(t)::text FROM {table} t"))).all()
            everything += "\n".join(row[0] for row in rows)
        journal = "\n".join(
            row[0] for row in (await session.execute(text("SELECT row_to_json(t)::text FROM journal t"))).all()
        )
    assert hashed.startswith("$argon2id$v=19$")
    for never in (hashed, PASSWORD, secret, token):
        assert never not in everything
    for not_there in ("hanako@example.co.jp", "見本 花子", "0312345678", person.login_id):
        assert not_there not in journal
