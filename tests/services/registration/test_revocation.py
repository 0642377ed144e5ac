"""Every end of a session is published, and every service refuses its tokens at its next look."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import jwt
import pytest
from sqlalchemy import text

from services.registration import signing_keys
from shared.auth import KeySet, Revocations, TokenVerifier
from shared.clock import ManualClock
from tests.infra.databases import TestDatabase
from tests.services.registration.site import OTHER_PASSWORD, PASSWORD, Person, RegistrationClient
from tests.support.service import RunningService, running
from tests.support.web import serving

REVOCATIONS = "/.well-known/revocations.json"
REASON = {"reason_code": "terms_violated"}
Ending = Callable[[RegistrationClient, Person, dict[str, str], dict[str, str]], Awaitable[httpx.Response]]


def _sid(headers: dict[str, str]) -> str:
    claims = jwt.decode(headers["Authorization"].removeprefix("Bearer "), options={"verify_signature": False})
    return str(claims["sid"])


async def _revoked(site: RegistrationClient) -> list[str]:
    found: list[str] = (await site.get(REVOCATIONS)).json()["revoked"]
    return found


async def _reset(site: RegistrationClient, person: Person) -> httpx.Response:
    await site.post("/v1/password-resets", {"login_id": person.login_id})
    await site.work_timers()
    return await site.set_password(await site.link(), OTHER_PASSWORD)


async def _end_membership(site: RegistrationClient, person: Person, officer: dict[str, str]) -> httpx.Response:
    async with site.service.db.read() as session:
        query = text("SELECT id FROM memberships WHERE account_id = :id")
        membership_id = await session.scalar(query, {"id": person.account_id})
    path = f"/v1/accounts/{person.account_id}/memberships/{membership_id}/end"
    return await site.post(path, {"reason_code": "left_employment"}, headers=officer)


# Each from another session of the same person, or by an officer.
ENDINGS: dict[str, Ending] = {
    "sign-out everywhere": lambda site, _p, mine, _o: site.post("/v1/accounts/me/sign-out-everywhere", headers=mine),
    "another password": lambda site, _p, mine, _o: site.post(
        "/v1/accounts/me/password", {"password": OTHER_PASSWORD, "present_password": PASSWORD}, headers=mine
    ),
    "a forgotten password": lambda site, person, _m, _o: _reset(site, person),
    "suspension": lambda site, person, _m, officer: site.post(
        f"/v1/accounts/{person.account_id}/suspend", REASON, headers=officer
    ),
    "closing": lambda site, person, _m, officer: site.post(
        f"/v1/accounts/{person.account_id}/close", REASON, headers=officer
    ),
    "the end of the membership": lambda site, person, _m, officer: _end_membership(site, person, officer),
}


@pytest.mark.parametrize("ending", ENDINGS.values(), ids=ENDINGS.keys())
async def test_whatever_ends_a_session_is_published(site: RegistrationClient, ending: Ending) -> None:
    officer = await site.officer()
    person = await site.person(officer)
    lost, mine = await site.signed_in(person), await site.signed_in(person)
    assert await _revoked(site) == []
    answer = await ending(site, person, mine, officer)
    assert answer.is_success, answer.text
    assert _sid(lost) in await _revoked(site)
    await site.service.app.state.verifier.refresh()
    refused = await site.get("/v1/accounts/me", lost)
    assert (refused.status_code, refused.json()["code"]) == (401, "session-ended")
    assert "www-authenticate" in refused.headers


async def test_an_id_is_published_for_as_long_as_a_token_of_it_could_be_in_force(
    site: RegistrationClient, clock: ManualClock
) -> None:
    person = await site.person()
    secret = await site.session(person)
    sid, other = _sid(await site.header(secret)), _sid(await site.signed_in(person))
    await site.post("/v1/sessions/end", {"session_secret": secret})
    assert await _revoked(site) == [sid]
    clock.advance(timedelta(minutes=10, seconds=59))
    assert await _revoked(site) == [sid]
    clock.advance(timedelta(seconds=1))
    assert await _revoked(site) == []
    assert other != sid


async def test_the_documents_are_sent_again_only_when_they_changed(site: RegistrationClient) -> None:
    person = await site.person()
    secret = await site.session(person)
    for path in (REVOCATIONS, "/.well-known/jwks.json"):
        first = await site.get(path)
        assert first.headers["cache-control"] == "no-cache"
        again = await site.get(path, {"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    before = (await site.get(REVOCATIONS)).headers["etag"]
    await site.post("/v1/sessions/end", {"session_secret": secret})
    assert (await site.get(REVOCATIONS, {"If-None-Match": before})).status_code == 200


async def test_ended_sessions_are_found_without_reading_all_there_ever_were(site: RegistrationClient) -> None:
    async with site.service.db.transaction() as session:
        await session.execute(text("SET LOCAL enable_seqscan = off"))
        plan = await session.scalars(text("EXPLAIN SELECT id FROM sessions WHERE ended_at > now() - interval '11 min'"))
        assert "ix_sessions_ended_at" in "".join(plan)


@pytest.fixture
async def elsewhere(
    site: RegistrationClient, service_database: Callable[[str], TestDatabase], clock: ManualClock
) -> AsyncIterator[RunningService]:
    """The application service, which knows of registration only what it is told over HTTP."""
    async with (
        serving(site.service.app, lifespan="off") as url,
        running("application", service_database("application"), clock=clock) as service,
    ):
        service.app.state.verifier = TokenVerifier(
            site.context.settings.token_issuer,
            KeySet.at(url, clock=clock),
            clock,
            revocations=Revocations.at(url, clock=clock),
        )
        yield service


async def test_another_service_refuses_a_token_at_its_first_look_after_the_session_ended(
    site: RegistrationClient, elsewhere: RunningService
) -> None:
    person = await site.person()
    lost = await site.session(person)
    headers, others = await site.header(lost), await site.signed_in(person)

    async def ask(sent: dict[str, str]) -> Any:
        answer = await elsewhere.client.get("/v1/applications", headers=sent)
        return answer.status_code, answer.json().get("code")

    verifier = elsewhere.app.state.verifier
    assert await verifier.refresh()
    assert [await ask(headers), await ask(others)] == [(200, None)] * 2
    await site.post("/v1/sessions/end", {"session_secret": lost})
    assert await verifier.refresh()
    assert [await ask(headers), await ask(others)] == [(401, "session-ended"), (200, None)]


async def test_what_a_withdrawn_key_signed_is_refused_elsewhere_and_the_session_goes_on(
    site: RegistrationClient, elsewhere: RunningService
) -> None:
    secret = await site.session(await site.person())
    before = await site.header(secret)
    verifier = elsewhere.app.state.verifier
    await verifier.refresh()
    assert (await elsewhere.client.get("/v1/applications", headers=before)).status_code == 200
    stolen = jwt.get_unverified_header(before["Authorization"].removeprefix("Bearer "))["kid"]
    await signing_keys.withdraw(site.context, stolen)
    await verifier.refresh()
    assert (await elsewhere.client.get("/v1/applications", headers=before)).json()["code"] == "token-invalid"
    after = await site.header(secret)
    assert (await elsewhere.client.get("/v1/applications", headers=after)).status_code == 200
