"""Authenticator apps and recovery codes: setting them up, and signing in in two steps."""

import asyncio
import io
import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pyotp
import pytest
from sqlalchemy import select, text

from services.registration.authentication.adapters.one_time_codes import matching_step
from services.registration.authentication.commands.second_factor import provision
from services.registration.authentication.domain.throttle import CODE_ACCOUNT
from services.registration.authentication.store.second_factor import RecoveryCode, TotpFactor
from services.registration.officers import __main__ as officers
from shared.auth import Role
from shared.clock import ManualClock
from shared.errors import NotFound
from shared.events.registration import AccountLocked, CredentialChanged
from tests.infra.databases import TestDatabase
from tests.services.registration.site import OTHER_PASSWORD, PASSWORD, App, Person, RegistrationClient
from tests.support import keys

TOTP = "/v1/accounts/me/second-factor/totp"


async def _enrolled(site: RegistrationClient) -> tuple[Person, App]:
    """Somebody who has set up an app, the way people do."""
    person = await site.person()
    headers = await site.signed_in(person)
    begun = (await site.post(TOTP, headers=headers)).json()
    app = App(pyotp.parse_uri(begun["provisioning_uri"]), site.clock)  # type: ignore[arg-type]
    assert app.totp.secret == begun["secret"]
    answer = await site.post(f"{TOTP}/confirm", {"code": app.code()}, headers=headers)
    assert answer.status_code == 200, answer.text
    app.recovery_codes = answer.json()["recovery_codes"]
    return person, app


async def _changes(site: RegistrationClient) -> list[str]:
    return [event.change for event in await site.events(CredentialChanged)]


async def test_an_app_is_set_up_with_its_code_and_asked_for_from_then_on(
    site: RegistrationClient, clock: ManualClock
) -> None:
    person, app = await _enrolled(site)
    assert len(set(app.recovery_codes)) == 10
    first = await site.sign_in(person.login_id)
    assert first.status_code == 200
    body = first.json()
    assert (body["second_factor_required"], body["methods"]) == (True, ["totp", "recovery_code"])
    assert "session_secret" not in body
    assert "account_id" not in body
    answer = await site.second_step(body["challenge"], code=app.next())
    assert answer.status_code == 201
    assert (answer.json()["roles"], answer.json()["enrolment_required"]) == (["org_staff"], False)
    assert (await site.exchange(answer.json()["session_secret"])).status_code == 200
    assert await _changes(site) == ["second_factor_added"]
    assert await site.service.journal_problems() == []


async def test_an_app_that_is_not_confirmed_changes_nothing(site: RegistrationClient, clock: ManualClock) -> None:
    person = await site.person()
    headers = await site.signed_in(person)
    first = (await site.post(TOTP, headers=headers)).json()
    assert (await site.sign_in(person.login_id)).status_code == 201
    second = (await site.post(TOTP, headers=headers)).json()
    stale = await site.post(f"{TOTP}/confirm", {"code": pyotp.TOTP(first["secret"]).at(clock.now())}, headers=headers)
    assert stale.json()["code"] == "code-not-valid"
    clock.advance(timedelta(minutes=10))
    headers = await site.signed_in(person)
    late = await site.post(f"{TOTP}/confirm", {"code": pyotp.TOTP(second["secret"]).at(clock.now())}, headers=headers)
    assert late.status_code == 404
    assert await _changes(site) == []


async def test_secrets_and_recovery_codes_are_not_readable_in_the_database(site: RegistrationClient) -> None:
    _, app = await _enrolled(site)
    async with site.service.db.read() as session:
        factor = (await session.scalars(select(TotpFactor))).one()
        digests = list(await session.scalars(select(RecoveryCode.digest)))
        reported = str((await session.execute(text("SELECT string_agg(j::text, '') FROM journal j"))).scalar())
        kept = str((await session.execute(text("SELECT string_agg(o::text, '') FROM outbox o"))).scalar())
    assert factor.sealed_secret is not None
    assert site.context.vault.open(factor.sealed_secret) == app.totp.secret
    assert app.totp.secret not in factor.sealed_secret
    for secret in (app.totp.secret, *app.recovery_codes, *(code.replace("-", "") for code in app.recovery_codes)):
        assert secret not in reported
        assert secret not in kept
        assert secret.encode() not in b"".join(digests)


async def test_a_code_is_taken_once(site: RegistrationClient, clock: ManualClock) -> None:
    person, app = await _enrolled(site)
    # The code that confirmed the app is used up already.
    refused = await site.second_step(await site.pending(person.login_id), code=app.code())
    assert (refused.status_code, refused.json()["code"]) == (401, "code-not-valid")
    code = app.next()
    assert (await site.second_step(await site.pending(person.login_id), code=code)).status_code == 201
    challenge = await site.pending(person.login_id)
    assert (await site.second_step(challenge, code=code)).json()["code"] == "code-not-valid"
    # Nor is an older one that was never used, though it is within the tolerance.
    assert (await site.second_step(challenge, code=app.code(-1))).json()["code"] == "code-not-valid"
    assert (await site.second_step(challenge, code=app.code(1))).status_code == 201


async def test_of_parallel_requests_with_one_code_one_gets_in(site: RegistrationClient) -> None:
    person, app = await _enrolled(site)
    places = [f"203.0.113.{n}" for n in range(1, 9)]
    challenges = [await site.pending(person.login_id, place) for place in places]
    code = app.next()
    answers = await asyncio.gather(
        *(site.second_step(c, place, code=code) for c, place in zip(challenges, places, strict=True))
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [401] * 7
    assert await site.service.journal_problems() == []


async def test_of_parallel_requests_with_one_challenge_one_gets_in(site: RegistrationClient) -> None:
    person, app = await _enrolled(site)
    challenge = await site.pending(person.login_id)
    proofs = [{"recovery_code": code} for code in app.recovery_codes[:5]]
    answers = await asyncio.gather(*(site.second_step(challenge, **proof) for proof in proofs))
    assert sorted(answer.status_code for answer in answers) == [201] + [401] * 4
    left = (await site.get("/v1/accounts/me/second-factor", await _header(site, answers))).json()
    assert left["recovery_codes_left"] == 9


async def _header(site: RegistrationClient, answers: list[Any]) -> dict[str, str]:
    (opened,) = [answer.json() for answer in answers if answer.status_code == 201]
    return await site.header(opened["session_secret"])


@pytest.mark.parametrize("steps", [-2, 2])
async def test_codes_far_from_the_time_are_refused(site: RegistrationClient, steps: int) -> None:
    await site.officer(login_id="examiner.tyo")
    app = await site.app_of("examiner.tyo")
    refused = await site.second_step(await site.pending("examiner.tyo"), code=app.code(steps))
    assert refused.json()["code"] == "code-not-valid"


def test_codes_are_read_in_any_width(clock: ManualClock) -> None:
    secret = pyotp.random_base32()
    shown = pyotp.TOTP(secret).at(clock.now())
    wide = shown.translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)})
    step = int(clock.now().timestamp()) // 30
    assert matching_step(secret, f" {wide[:3]} {wide[3:]}", clock.now(), None) == step
    assert matching_step(secret, shown, clock.now(), step) is None
    for odd in ("", "12345", "1234567", "abcdef", "٣٤٥٦٧٨x"):
        assert matching_step(secret, odd, clock.now(), None) is None


async def test_a_recovery_code_works_once_and_is_told(site: RegistrationClient) -> None:
    person, app = await _enrolled(site)
    typed = app.recovery_codes[0].lower().replace("-", " ")
    assert (await site.second_step(await site.pending(person.login_id), recovery_code=typed)).status_code == 201
    again = await site.second_step(await site.pending(person.login_id), recovery_code=app.recovery_codes[0])
    assert again.json()["code"] == "code-not-valid"
    assert await _changes(site) == ["second_factor_added", "recovery_code_used"]
    assert await site.service.journal_problems() == []


async def test_new_recovery_codes_replace_the_old_ones(site: RegistrationClient) -> None:
    person, app = await _enrolled(site)
    headers = await site.header((await site.both_steps(person.login_id, app))["session_secret"])
    fresh = (await site.post("/v1/accounts/me/recovery-codes", headers=headers)).json()["recovery_codes"]
    assert not set(fresh) & set(app.recovery_codes)
    challenge = await site.pending(person.login_id)
    assert (await site.second_step(challenge, recovery_code=app.recovery_codes[0])).status_code == 401
    assert (await site.second_step(challenge, recovery_code=fresh[0])).status_code == 201
    assert (await _changes(site))[1:] == ["recovery_codes_renewed", "recovery_code_used"]


async def test_a_recovery_code_of_somebody_else_is_worth_nothing(site: RegistrationClient) -> None:
    person, _ = await _enrolled(site)
    await site.officer(login_id="examiner.tyo")
    other = await site.app_of("examiner.tyo")
    challenge = await site.pending(person.login_id)
    assert (await site.second_step(challenge, recovery_code=other.recovery_codes[0])).status_code == 401
    assert (await site.second_step(challenge, code=other.next())).status_code == 401


async def test_a_challenge_is_used_once_and_only_in_time_and_from_its_address(
    site: RegistrationClient, clock: ManualClock
) -> None:
    person, app = await _enrolled(site)
    challenge = await site.pending(person.login_id)
    elsewhere = await site.second_step(challenge, "198.51.100.9", code=app.next())
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (401, "challenge-not-valid")
    assert (await site.second_step(challenge, code=app.code())).status_code == 201
    assert (await site.second_step(challenge, code=app.next())).json()["code"] == "challenge-not-valid"
    late = await site.pending(person.login_id)
    clock.advance(timedelta(minutes=5))
    assert (await site.second_step(late, code=app.code())).json()["code"] == "challenge-not-valid"
    assert (await site.second_step("never there", code=app.code())).json()["code"] == "challenge-not-valid"


async def test_a_challenge_is_no_session(site: RegistrationClient) -> None:
    person, _ = await _enrolled(site)
    challenge = await site.pending(person.login_id)
    assert (await site.exchange(challenge)).json()["code"] == "session-ended"
    stepped = await site.post("/v1/sessions/step-up", {"session_secret": challenge, "password": PASSWORD})
    assert stepped.json()["code"] == "session-ended"


async def test_a_challenge_of_another_account_takes_that_accounts_codes_only(site: RegistrationClient) -> None:
    person, app = await _enrolled(site)
    await site.officer(login_id="examiner.tyo")
    other = await site.app_of("examiner.tyo")
    theirs = await site.pending("examiner.tyo")
    assert (await site.second_step(theirs, code=app.next())).json()["code"] == "code-not-valid"
    opened = (await site.second_step(theirs, code=other.code())).json()
    assert opened["account_id"] != str(person.account_id)
    assert opened["roles"] == ["user_approval"]


async def test_a_reset_password_does_not_pass_the_second_factor(site: RegistrationClient) -> None:
    person, app = await _enrolled(site)
    before = await site.pending(person.login_id)
    site.clock.advance(timedelta(seconds=1))
    await site.post("/v1/password-resets", {"login_id": person.login_id})
    await site.work_timers()
    assert (await site.set_password(await site.link(), OTHER_PASSWORD)).json() == {"login_id": person.login_id}
    # A sign-in that was begun with the old password has to begin again, even with the right code.
    assert (await site.second_step(before, code=app.next())).json()["code"] == "challenge-not-valid"
    first = await site.sign_in(person.login_id, OTHER_PASSWORD)
    assert (first.status_code, "session_secret" in first.json()) == (200, False)
    assert (await site.second_step(first.json()["challenge"], code=app.code())).status_code == 201
    assert "password_changed" in await _changes(site)


async def test_failures_say_the_same_whether_an_account_has_a_second_factor_or_not_or_is_not_there(
    site: RegistrationClient,
) -> None:
    officer = await site.officer()
    plain = await site.person(officer)
    await site.officer(login_id="examiner.tyo")
    await site.app_of("examiner.tyo")
    answers = [
        await site.sign_in(name, "not the right password") for name in (plain.login_id, "examiner.tyo", "nobody")
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({(a.json()["code"], a.json()["title"], a.json().get("detail")) for a in answers}) == 1
    assert {tuple(sorted(a.headers)) for a in answers} == {tuple(sorted(answers[0].headers))}


async def test_guessed_codes_are_slowed_and_the_owner_warned(site: RegistrationClient, clock: ManualClock) -> None:
    person, app = await _enrolled(site)
    known = await site.both_steps(person.login_id, app)
    assert known["session_secret"]
    answers = []
    for n in range(CODE_ACCOUNT.free + 2):
        place = f"198.51.100.{n}"
        answers.append(await site.second_step(await site.pending(person.login_id, place), place, code="000000"))
    assert [a.status_code for a in answers] == [401] * (CODE_ACCOUNT.free + 1) + [429]
    assert int(answers[-1].headers["Retry-After"]) <= 60
    assert [event.account_id for event in await site.events(AccountLocked)] == [person.account_id]
    # The owner, where they signed in before, does not wait.
    await site.both_steps(person.login_id, app)


async def test_one_place_gets_six_guesses_and_then_waits_longer_each_time(
    site: RegistrationClient, clock: ManualClock
) -> None:
    person, app = await _enrolled(site)
    challenge = await site.pending(person.login_id)
    codes = [(await site.second_step(challenge, code="000000")).status_code for _ in range(7)]
    assert codes == [401] * 6 + [429]
    # A new challenge, or a recovery code, is no way around it.
    again = await site.pending(person.login_id)
    assert (await site.second_step(again, recovery_code=app.recovery_codes[0])).status_code == 429
    clock.advance(timedelta(seconds=60))
    assert (await site.second_step(again, code=app.code())).status_code == 201


async def test_parallel_guesses_of_a_code_count_each(site: RegistrationClient) -> None:
    person, _ = await _enrolled(site)
    challenge = await site.pending(person.login_id)
    answers = await asyncio.gather(*(site.second_step(challenge, code=f"{n:06}") for n in range(20)))
    assert sorted(answer.status_code for answer in answers) == [401] * 6 + [429] * 14


async def test_an_officer_without_a_second_factor_can_set_one_up_and_nothing_else(site: RegistrationClient) -> None:
    await site.officer(Role.USER_APPROVAL, Role.ADMINISTRATOR, login_id="approver.tyo")
    submitted = await site.submit()
    opened = (await site.sign_in("approver.tyo")).json()
    assert (opened["roles"], opened["enrolment_required"]) == ([], True)
    headers = await site.header(opened["session_secret"])
    token = headers["Authorization"].removeprefix("Bearer ")
    assert jwt.decode(token, options={"verify_signature": False})["roles"] == []
    path = f"/v1/usage-registrations/{submitted['id']}"
    assert (await site.get("/v1/usage-registrations", headers)).status_code == 403
    assert (await site.get(path, headers)).status_code in (403, 404)
    assert (await site.post(f"{path}/approve", {"requirements": {}}, headers=headers)).status_code == 403
    begun = (await site.post(TOTP, headers=headers)).json()
    app = App(pyotp.TOTP(begun["secret"]), site.clock)
    assert (await site.post(f"{TOTP}/confirm", {"code": app.code()}, headers=headers)).status_code == 200
    # That session never becomes more; signing in properly does.
    late = (await site.exchange(opened["session_secret"])).json()["access_token"]
    assert jwt.decode(late, options={"verify_signature": False})["roles"] == []
    proper = await site.both_steps("approver.tyo", app)
    assert (proper["roles"], proper["enrolment_required"]) == (["administrator", "user_approval"], False)
    headers = await site.header(proper["session_secret"])
    assert (await site.get("/v1/usage-registrations", headers)).status_code == 200
    assert await site.service.journal_problems() == []


async def test_an_officers_session_from_before_second_factors_carries_no_roles(site: RegistrationClient) -> None:
    await site.officer(Role.EXAMINER, login_id="examiner.tyo")
    opened = (await site.both_steps("examiner.tyo", await site.app_of("examiner.tyo"))).copy()
    async with site.service.db.transaction() as session:
        await session.execute(text("UPDATE sessions SET method = NULL"))
    token = (await site.exchange(opened["session_secret"])).json()["access_token"]
    assert jwt.decode(token, options={"verify_signature": False})["roles"] == []


async def test_officers_replace_their_app_and_cannot_be_without(site: RegistrationClient) -> None:
    await site.officer(Role.EXAMINER, login_id="examiner.tyo")
    old = await site.app_of("examiner.tyo")
    headers = await site.header((await site.both_steps("examiner.tyo", old))["session_secret"])
    refused = await site.service.client.delete(TOTP, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (409, "second-factor-needed")
    new = App(pyotp.TOTP((await site.post(TOTP, headers=headers)).json()["secret"]), site.clock)
    assert (await site.post(f"{TOTP}/confirm", {"code": new.code()}, headers=headers)).status_code == 200
    challenge = await site.pending("examiner.tyo")
    assert (await site.second_step(challenge, code=old.next())).status_code == 401
    assert (await site.second_step(challenge, recovery_code=old.recovery_codes[0])).status_code == 401
    assert (await site.second_step(challenge, code=new.code())).status_code == 201


async def test_people_can_go_back_to_the_password_alone(site: RegistrationClient) -> None:
    person, app = await _enrolled(site)
    headers = await site.header((await site.both_steps(person.login_id, app))["session_secret"])
    assert (await site.service.client.delete(TOTP, headers=headers)).status_code == 204
    assert (await site.sign_in(person.login_id)).status_code == 201
    assert (await _changes(site))[-1] == "second_factor_removed"
    async with site.service.db.read() as session:
        assert list(await session.scalars(select(TotpFactor.sealed_secret))) == [None]
    assert (await site.service.client.delete(TOTP, headers=headers)).status_code == 404
    assert await site.service.journal_problems() == []


async def test_exactly_one_proof_is_given(site: RegistrationClient) -> None:
    person, app = await _enrolled(site)
    challenge = await site.pending(person.login_id)
    assert (await site.second_step(challenge)).status_code == 422
    both = await site.second_step(challenge, code=app.next(), recovery_code=app.recovery_codes[0])
    assert both.status_code == 422
    password = await site.second_step(challenge, password=PASSWORD)
    assert password.status_code == 422


async def test_challenges_that_nobody_answered_are_forgotten(site: RegistrationClient, clock: ManualClock) -> None:
    person, _ = await _enrolled(site)
    await site.pending(person.login_id)
    await site.pending(person.login_id)
    async with site.service.db.read() as session:
        assert await session.scalar(text("SELECT count(*) FROM sign_in_challenges")) == 1
    clock.advance(timedelta(hours=1))
    await site.work_timers()
    async with site.service.db.read() as session:
        assert await session.scalar(text("SELECT count(*) FROM sign_in_challenges")) == 0
        for table in ("totp_factors", "recovery_codes"):
            assert not await session.scalar(text("SELECT has_table_privilege(:t, 'DELETE')"), {"t": table})
        assert not await session.scalar(text("SELECT has_table_privilege('sign_in_challenges', 'UPDATE')"))


async def test_an_operator_sets_up_a_new_app_for_who_lost_theirs(site: RegistrationClient) -> None:
    person, lost = await _enrolled(site)
    session = (await site.both_steps(person.login_id, lost))["session_secret"]
    made = await provision(site.context, person.login_id)
    assert (await site.exchange(session)).json()["code"] == "session-ended"
    challenge = await site.pending(person.login_id)
    assert (await site.second_step(challenge, code=lost.next())).status_code == 401
    assert (await site.second_step(challenge, recovery_code=lost.recovery_codes[0])).status_code == 401
    assert (await site.second_step(challenge, recovery_code=made.recovery_codes[0])).status_code == 201
    with pytest.raises(NotFound):
        await provision(site.context, "nobody")
    assert await site.service.journal_problems() == []


async def test_the_command_line_prints_what_the_app_takes(
    service_database: Callable[[str], TestDatabase], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in os.environ if name.startswith("ZAIRYU_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ZAIRYU_DATABASE_URL", service_database("registration").url)
    for name, value in keys.environment("registration").items():
        monkeypatch.setenv(name, value)
    create = ["create", "--login-id", "examiner.tyo", "--role", "examiner", "--office", "TYO", "--password-stdin"]
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    assert await asyncio.to_thread(officers.main, create) == 0
    capsys.readouterr()
    assert await asyncio.to_thread(officers.main, ["second-factor", "--login-id", "examiner.tyo"]) == 0
    uri, *codes = capsys.readouterr().out.split()
    assert uri.startswith("otpauth://totp/Zairyu:examiner.tyo?secret=")
    assert len(codes) == 10
    assert await asyncio.to_thread(officers.main, ["second-factor", "--login-id", "nobody"]) == 1
