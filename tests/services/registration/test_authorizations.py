"""API clients that act for people: consent, codes, refresh tokens that are good once, and taking it back."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from services.registration.revocation.store.revocations import revoked_ids
from shared.clock import ManualClock
from shared.events.registration import CredentialChanged
from tests.services.registration.life import add_role, colleague, memberships
from tests.services.registration.outside import (
    AUTHORIZATIONS,
    CALLBACK,
    CHALLENGE,
    CLIENTS,
    Vendor,
    came_back,
    changes_reported,
    claims,
    refusal,
    somebody_elsewhere,
    vendor,
)
from tests.services.registration.site import PASSWORD, Person, RegistrationClient


@pytest.fixture
async def officer(site: RegistrationClient) -> dict[str, str]:
    return await site.officer()


@pytest.fixture
async def person(site: RegistrationClient, officer: dict[str, str]) -> Person:
    return await site.person(officer)


@pytest.fixture
async def system(site: RegistrationClient, person: Person) -> Vendor:
    """A system that acts for people; whose it is makes no difference to most of what happens."""
    return await vendor(site, await site.signed_in(person))


@pytest.fixture
async def elsewhere(site: RegistrationClient, officer: dict[str, str]) -> Vendor:
    """The same, of another organisation than that of the person who agrees."""
    return await vendor(site, await site.signed_in(await somebody_elsewhere(site, officer)))


async def _ended(site: RegistrationClient) -> list[str]:
    async with site.service.db.read() as session:
        return list(await session.scalars(text("SELECT end_reason FROM authorizations WHERE ended_at IS NOT NULL")))


async def _reused(site: RegistrationClient) -> list[CredentialChanged]:
    reported = await site.events(CredentialChanged)
    return [event for event in reported if event.change == "outside_system_token_reused"]


async def test_a_person_agrees_and_the_system_acts_for_them_within_what_they_agreed_to(
    site: RegistrationClient, elsewhere: Vendor, person: Person
) -> None:
    headers = await site.signed_in(person)
    asked = (await site.post(f"{AUTHORIZATIONS}/preview", elsewhere.request(), headers=headers)).json()
    assert (asked["client_name"], asked["offered_by"], asked["answer"]) == ("人事システム連携", "株式会社見本", None)
    assert [scope["code"] for scope in asked["scopes"]] == ["application:read"]
    assert came_back(asked["refusal"])["error"] == "access_denied"
    agreed = (await site.post(AUTHORIZATIONS, elsewhere.request(), headers=headers)).json()
    assert agreed["redirect_to"].startswith(f"{CALLBACK}&code=")
    back = came_back(agreed["redirect_to"])
    assert (back["from"], back["state"], back["iss"]) == ("zairyu", "a state&b", site.context.settings.public_url)
    answer = await elsewhere.redeem(back["code"])
    token = claims(answer)
    assert (token["kind"], token["sub"], token["org"]) == (
        "person",
        str(person.account_id),
        str(person.organisation_id),
    )
    assert (token["client_id"], token["scope"], token["roles"]) == (
        elsewhere.client_id,
        "application:read",
        ["org_staff"],
    )
    assert "obo" not in token
    (line,) = (await site.get(AUTHORIZATIONS, headers)).json()["items"]
    assert (line["id"], line["client_name"], line["offered_by"]) == (token["sid"], "人事システム連携", "株式会社見本")
    assert (await changes_reported(site))[-1] == "outside_system_authorized"
    async with site.service.db.read() as session:
        kept = [
            str(await session.scalar(text(f"SELECT string_agg(t::text, '') FROM {table} t")))
            for table in ("journal", "outbox", "authorization_codes", "authorizations", "refresh_tokens")
        ]
    for secret in (back["code"], answer.json()["refresh_token"].partition(".")[2]):
        assert secret not in "".join(kept)
    assert await site.service.journal_problems() == []


async def test_a_person_with_two_roles_lets_it_act_in_the_one_of_their_session(
    site: RegistrationClient, system: Vendor, person: Person, officer: dict[str, str]
) -> None:
    secret = await site.session(person)
    headers = await site.header(secret)
    await add_role(site, headers, "rso_staff", officer)
    (line,) = [line for line in await memberships(site, headers) if line["role"] == "rso_staff"]
    await site.post("/v1/accounts/me/active-membership", {"membership_id": line["id"]}, headers=headers)
    tokens = await system.family(await site.header(secret))
    assert claims(await system.refresh(tokens["refresh_token"]))["roles"] == ["rso_staff"]


ASKED: list[tuple[dict[str, Any], str]] = [
    ({"response_type": "token"}, "unsupported_response_type"),
    ({"code_challenge": None}, "invalid_request"),
    ({"code_challenge": "too-short"}, "invalid_request"),
    ({"code_challenge_method": "plain"}, "invalid_request"),
    ({"code_challenge_method": None}, "invalid_request"),
    ({"scope": "application:read document:read"}, "invalid_scope"),
    ({"scope": "registration:write"}, "invalid_scope"),
]


async def test_a_wrong_request_goes_back_to_the_system_and_a_foreign_address_nowhere(
    site: RegistrationClient, system: Vendor, person: Person
) -> None:
    headers = await site.signed_in(person)
    for changes, error in ASKED:
        body = system.request(**changes)
        shown = (await site.post(f"{AUTHORIZATIONS}/preview", body, headers=headers)).json()["answer"]
        agreed = (await site.post(AUTHORIZATIONS, body, headers=headers)).json()["redirect_to"]
        assert shown == agreed
        assert came_back(agreed) | {"iss": ""} == {"from": "zairyu", "error": error, "state": "a state&b", "iss": ""}
    for uri in ("https://vendor.example/callback", f"{CALLBACK}&x=1", CALLBACK.upper(), "https://evil.example/"):
        for path in (AUTHORIZATIONS, f"{AUTHORIZATIONS}/preview"):
            refused = await site.post(path, system.request(redirect_uri=uri), headers=headers)
            assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "redirect-uri-not-registered")
    unknown = await site.post(AUTHORIZATIONS, system.request(client_id=str(person.account_id)), headers=headers)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "client-not-known")
    async with site.service.db.read() as session:
        assert await session.scalar(text("SELECT count(*) FROM authorization_codes")) == 0


async def test_agreeing_needs_a_fresh_session_and_a_valid_registration(
    site: RegistrationClient, system: Vendor, person: Person, clock: ManualClock
) -> None:
    secret = await site.session(person)
    clock.advance(timedelta(minutes=20))
    stale = await site.post(AUTHORIZATIONS, system.request(), headers=await site.header(secret))
    assert (stale.status_code, stale.json()["code"]) == (403, "step-up-required")
    stepped = await site.post("/v1/sessions/step-up", {"session_secret": secret, "password": PASSWORD})
    fresh = await site.header(stepped.json()["session_secret"])
    assert (await site.post(AUTHORIZATIONS, system.request(), headers=fresh)).status_code == 200
    async with site.service.db.transaction() as session:
        await session.execute(text("UPDATE memberships SET valid_until = '2026-11-19', valid_from = '2026-01-01'"))
    lapsed = await site.signed_in(person)
    for path in (AUTHORIZATIONS, f"{AUTHORIZATIONS}/preview"):
        refused = await site.post(path, system.request(), headers=lapsed)
        assert (refused.status_code, refused.json()["code"]) == (403, "registration-expired")


async def test_a_code_is_good_for_its_client_its_address_its_verifier_and_a_minute(
    site: RegistrationClient, system: Vendor, person: Person, officer: dict[str, str], clock: ManualClock
) -> None:
    headers = await site.signed_in(person)
    other = await vendor(site, headers)
    code = await system.code(headers)
    for attempt in (
        other.redeem(code),
        system.redeem(code, redirect_uri="https://vendor.example/callback"),
        system.redeem(code, code_verifier="another-verifier-that-is-long-enough-0123456789"),
        system.redeem(code, code_verifier=CHALLENGE),
        system.redeem(code, code_verifier="short"),
        system.redeem(code.swapcase()),
    ):
        assert refusal(await attempt) == (400, "invalid_grant")
    assert (await system.redeem(code)).status_code == 200, "nobody else's attempt uses it up"
    late = await system.code(headers)
    clock.advance(timedelta(minutes=1))
    assert refusal(await system.redeem(late)) == (400, "invalid_grant")


async def test_a_code_that_is_used_twice_ends_what_came_from_it(
    site: RegistrationClient, system: Vendor, person: Person
) -> None:
    headers = await site.signed_in(person)
    code = await system.code(headers)
    answers = await asyncio.gather(*(system.redeem(code) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 4
    (tokens,) = [answer.json() for answer in answers if answer.status_code == 200]
    assert refusal(await system.refresh(tokens["refresh_token"])) == (400, "invalid_grant")
    assert await _ended(site) == ["code-reused"]
    assert [event.account_id for event in await _reused(site)] == [person.account_id]
    assert await site.service.journal_problems() == []


async def test_each_refresh_token_is_good_once_and_a_second_use_ends_the_family(
    site: RegistrationClient, system: Vendor, person: Person
) -> None:
    headers = await site.signed_in(person)
    before = site.clock.now() - timedelta(seconds=1)
    stolen = (await system.family(headers, scope="application:read application:write"))["refresh_token"]
    untouched = (await system.family(headers))["refresh_token"]
    answer = await system.refresh(stolen, scope="application:read")
    assert (claims(answer)["scope"], answer.headers["cache-control"]) == ("application:read", "no-store")
    sid = claims(answer)["sid"]
    newest = await system.refresh(answer.json()["refresh_token"])
    assert claims(newest)["scope"] == "application:read application:write", "the grant itself stays as it was"
    assert refusal(await system.refresh(stolen)) == (400, "invalid_grant")
    assert refusal(await system.refresh(newest.json()["refresh_token"])) == (400, "invalid_grant")
    assert await _ended(site) == ["refresh-token-reused"]
    assert [event.account_id for event in await _reused(site)] == [person.account_id]
    async with site.service.db.read() as session:
        assert [str(found) for found in await revoked_ids(session, before, site.clock.now())] == [sid]
    assert (await system.refresh(untouched)).status_code == 200
    metrics = (await site.get("/metrics")).text
    assert 'zairyu_client_tokens_total{grant="refresh_token",outcome="reused"}' in metrics
    assert await site.service.journal_problems() == []


async def test_of_ten_uses_at_once_one_is_answered_and_then_nobody_goes_on(
    site: RegistrationClient, system: Vendor, person: Person
) -> None:
    token = (await system.family(await site.signed_in(person)))["refresh_token"]
    answers = await asyncio.gather(*(system.refresh(token) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 9
    (won,) = [answer.json() for answer in answers if answer.status_code == 200]
    assert refusal(await system.refresh(won["refresh_token"])) == (400, "invalid_grant")
    assert await _ended(site) == ["refresh-token-reused"]
    assert len(await _reused(site)) == 1


async def test_what_is_refused_for_another_reason_leaves_the_refresh_token_good(
    site: RegistrationClient, elsewhere: Vendor, person: Person, officer: dict[str, str]
) -> None:
    other = await vendor(site, await site.signed_in(person))
    token = (await elsewhere.family(await site.signed_in(person)))["refresh_token"]
    assert refusal(await other.refresh(token)) == (400, "invalid_grant")
    assert refusal(await elsewhere.refresh(token, scope="application:write")) == (400, "invalid_scope")
    account = f"/v1/accounts/{person.account_id}"
    assert (await site.post(f"{account}/suspend", {"reason_code": "x"}, headers=officer)).status_code == 200
    assert refusal(await elsewhere.refresh(token)) == (400, "invalid_grant")
    async with site.service.db.read() as session:
        assert len(await revoked_ids(session, site.clock.now(), site.clock.now())) == 2, (
            "of the suspended: a client, a family"
        )
    assert (await site.post(f"{account}/lift", headers=officer)).status_code == 200
    assert (await elsewhere.refresh(token)).status_code == 200


async def test_a_family_ends_when_it_is_not_used_and_after_a_year_whatever_is_done(
    site: RegistrationClient, officer: dict[str, str], clock: ManualClock, person: Person
) -> None:
    owner = await somebody_elsewhere(site, officer)
    system = await vendor(site, await site.signed_in(owner))
    idle = (await system.family(await site.signed_in(person)))["refresh_token"]
    token = (await system.family(await site.signed_in(person)))["refresh_token"]
    start = clock.now()
    while clock.now() - start < timedelta(days=348):
        clock.advance(timedelta(days=29))
        answer = await system.refresh(token)
        assert answer.status_code == 200, clock.now()
        token = answer.json()["refresh_token"]
    assert refusal(await system.refresh(idle)) == (400, "invalid_grant")
    prolonged = await site.service.client.patch(
        f"{CLIENTS}/{system.client_id}",
        json={"expires_at": (clock.now() + timedelta(days=100)).isoformat()},
        headers=await site.signed_in(owner) | {"If-Match": "*"},
    )
    assert prolonged.status_code == 200
    clock.advance(timedelta(days=17))
    assert refusal(await system.refresh(token)) == (400, "invalid_grant")
    await site.work_timers()
    async with site.service.db.read() as session:
        assert await session.scalar(text("SELECT count(*) FROM refresh_tokens")) == 0
        assert await session.scalar(text("SELECT count(*) FROM authorization_codes")) == 0
    assert (await site.get(AUTHORIZATIONS, await site.signed_in(person))).json() == {"items": []}


async def test_a_person_ends_what_they_granted_and_nobody_else_does(
    site: RegistrationClient, system: Vendor, person: Person, officer: dict[str, str]
) -> None:
    headers = await site.signed_in(person)
    token = (await system.family(headers))["refresh_token"]
    (line,) = (await site.get(AUTHORIZATIONS, headers)).json()["items"]
    path = f"{AUTHORIZATIONS}/{line['id']}"
    stranger = await site.signed_in(await colleague(site, officer, "jiro@example.co.jp"))
    assert (await site.get(AUTHORIZATIONS, stranger)).json() == {"items": []}
    assert (await site.service.client.delete(path, headers=stranger)).status_code == 404
    assert (await site.service.client.delete(path, headers=headers)).status_code == 204
    assert refusal(await system.refresh(token)) == (400, "invalid_grant")
    assert (await site.get(AUTHORIZATIONS, headers)).json() == {"items": []}
    assert (await site.service.client.delete(path, headers=headers)).status_code == 404
    assert await site.service.journal_problems() == []


async def test_a_system_gives_back_its_own_and_nobody_elses(
    site: RegistrationClient, system: Vendor, person: Person
) -> None:
    headers = await site.signed_in(person)
    other = await vendor(site, headers)
    own = (await system.token()).json()["access_token"]
    assert refusal(await system.ask("/oauth/revoke", {"token": own})) == (400, "unsupported_token_type")
    assert refusal(await system.ask("/oauth/revoke", {})) == (400, "invalid_request")
    for ended, kind in enumerate(("refresh_token", "access_token")):
        tokens = await system.family(headers)
        for form in ({"token": tokens[kind]}, {"token": "nonsense"}, {"token": "a.b"}):
            assert (await other.ask("/oauth/revoke", form)).status_code == 200
        wrong = Vendor(site, system.client_id, "wrong")
        assert refusal(await wrong.ask("/oauth/revoke", {"token": tokens[kind]})) == (401, "invalid_client")
        assert len(await _ended(site)) == ended
        for _ in range(2):
            assert (await system.ask("/oauth/revoke", {"token": tokens[kind]})).status_code == 200
        assert refusal(await system.refresh(tokens["refresh_token"])) == (400, "invalid_grant")
    assert await _ended(site) == ["ended-by-client"] * 2


@pytest.mark.parametrize("end", ["client", "leave", "sign-out", "reset"])
async def test_a_family_ends_with_what_it_came_from(
    site: RegistrationClient, person: Person, officer: dict[str, str], end: str
) -> None:
    headers = await site.signed_in(person)
    # A person's own system would end with their membership itself.
    owner = await somebody_elsewhere(site, officer) if end == "leave" else person
    mine = await vendor(site, await site.signed_in(owner))
    tokens, on_its_way = await mine.family(headers), await mine.code(headers)
    sid = tokens["refresh_token"].partition(".")[0]
    before = site.clock.now() - timedelta(seconds=1)
    if end == "client":
        answer = await site.service.client.delete(f"{CLIENTS}/{mine.client_id}", headers=headers)
    elif end == "leave":
        (line,) = await memberships(site, headers)
        answer = await site.post(f"/v1/accounts/me/memberships/{line['id']}/leave", headers=headers)
    elif end == "sign-out":
        answer = await site.post("/v1/accounts/me/sign-out-everywhere", headers=headers)
    else:
        await site.post("/v1/password-resets", {"login_id": person.login_id})
        await site.work_timers()
        answer = await site.set_password(await site.link(), "seven quiet umbrellas dry")
    assert answer.is_success, answer.text
    expected = (401, "invalid_client") if end == "client" else (400, "invalid_grant")
    assert refusal(await mine.refresh(tokens["refresh_token"])) == expected
    assert refusal(await mine.redeem(on_its_way)) == expected
    async with site.service.db.read() as session:
        named = UUID(mine.client_id).hex if end == "client" else sid
        assert named in {found.hex for found in await revoked_ids(session, before, site.clock.now())}
    assert await site.service.journal_problems() == []
