"""Signing keys, the published key set, and officers' accounts."""

import asyncio
import io
import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from services.registration import signing_keys
from services.registration.officers import __main__ as officers
from services.registration.officers.commands.creation import create_officer
from shared.auth import KeySet, Role, TokenVerifier
from shared.auth.actor import Actor
from shared.clock import ManualClock
from shared.errors import Conflict, Invalid
from shared.ids import new_id
from shared.timers import Due
from shared.work import RequestIdentity
from tests.infra.databases import TestDatabase
from tests.services.registration.site import PASSWORD, RegistrationClient
from tests.support import keys


async def _published(site: RegistrationClient) -> list[str]:
    answer = await site.get("/.well-known/jwks.json")
    assert answer.headers["cache-control"] == "no-cache"
    return [key["kid"] for key in answer.json()["keys"]]


async def test_two_keys_are_published_and_their_private_parts_never(site: RegistrationClient) -> None:
    answer = await site.get("/.well-known/jwks.json")
    assert len(answer.json()["keys"]) == 2
    assert all(set(key) == {"kty", "crv", "x", "kid", "use", "alg"} for key in answer.json()["keys"])


async def test_processes_that_start_at_once_make_one_pair_of_keys(site: RegistrationClient) -> None:
    await asyncio.gather(*(site.signing.ensure() for _ in range(5)))
    assert len(await _published(site)) == 2


async def test_a_token_stays_good_when_keys_are_replaced_and_its_key_goes_when_it_cannot_matter(
    site: RegistrationClient, clock: ManualClock
) -> None:
    person = await site.person()
    headers = await site.signed_in(person)
    old = await _published(site)
    clock.advance(timedelta(minutes=16))
    headers = {"Authorization": f"Bearer {(await site.exchange(await site.session(person))).json()['access_token']}"}
    await signing_keys.rotate(site.context)
    during = await _published(site)
    assert set(old) < set(during)
    verifier = TokenVerifier(site.context.settings.token_issuer, KeySet(site.signing.document, clock=clock), clock)
    await verifier.keys.refresh()
    assert (await verifier.verify(headers["Authorization"].removeprefix("Bearer "))).id == person.account_id
    clock.advance(timedelta(minutes=21))
    after = await _published(site)
    assert len(after) == 2
    assert len(set(old) & set(after)) == 1


async def test_keys_are_replaced_by_the_clock(site: RegistrationClient, clock: ManualClock) -> None:
    before = await _published(site)
    await site.work_timers()
    assert await _published(site) == before
    clock.advance(timedelta(days=91))
    await site.work_timers()
    assert len(await _published(site)) == 3
    assert await site.service.journal_problems() == []


async def test_a_key_that_nobody_holds_yet_does_not_sign(site: RegistrationClient) -> None:
    before = await _published(site)
    with pytest.raises(Conflict) as refused:
        await signing_keys.rotate(site.context)
    assert refused.value.code == "key-too-new"
    assert await _published(site) == before


async def test_without_a_reason_the_daily_job_rotates_nothing(site: RegistrationClient, clock: ManualClock) -> None:
    before = await _published(site)
    clock.advance(timedelta(days=89))
    async with site.context.commands.work(Actor.system("test"), RequestIdentity("x")) as work:
        await site.signing.rotate_if_due(work, Due("job", new_id(), clock.now(), {}, 0))
    assert await _published(site) == before


IMPOSSIBLE: list[dict[str, Any]] = [
    {"login_id": "ab"},
    {"login_id": "with space"},
    {"roles": [Role.ORG_STAFF]},
    {"roles": [Role.EXAMINER, Role.SELF]},
    {"roles": []},
    {"office": "XXX"},
    {"password": "short"},
    {"password": "my examiner.tyo pass"},
]


async def test_an_officer_that_cannot_be_is_refused(site: RegistrationClient) -> None:
    right: dict[str, Any] = {
        "login_id": "examiner.tyo",
        "name": "審査 官",
        "roles": [Role.EXAMINER],
        "office": "TYO",
        "password": PASSWORD,
    }
    for wrong in IMPOSSIBLE:
        with pytest.raises(Invalid):
            await create_officer(site.context, **(right | wrong))
    assert await site.journal() == []


async def test_a_login_id_is_given_once(site: RegistrationClient) -> None:
    await site.officer()
    with pytest.raises(Conflict):
        await site.officer()


async def test_the_command_line_takes_the_password_from_standard_input(
    service_database: Callable[[str], TestDatabase], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    database = service_database("registration")
    for name in [name for name in os.environ if name.startswith("ZAIRYU_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ZAIRYU_DATABASE_URL", database.url)
    for name, value in keys.environment("registration").items():
        monkeypatch.setenv(name, value)
    arguments = ["create", "--login-id", "examiner.tyo", "--role", "examiner", "--office", "TYO", "--password-stdin"]
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    assert await asyncio.to_thread(officers.main, arguments) == 0
    assert capsys.readouterr().out.strip() == "created examiner.tyo"
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    assert await asyncio.to_thread(officers.main, arguments) == 1
    assert "at least 12" in capsys.readouterr().err


async def test_the_role_cannot_take_back_facts(site: RegistrationClient) -> None:
    async with site.service.db.read() as session:
        for table, privilege in (
            ("accounts", "DELETE"),
            ("usage_registrations", "DELETE"),
            ("organisation_categories", "UPDATE"),
            ("officer_roles", "UPDATE"),
            ("sessions", "DELETE"),
            ("journal", "UPDATE"),
        ):
            held = await session.scalar(text("SELECT has_table_privilege(:t, :p)"), {"t": table, "p": privilege})
            assert not held, f"{privilege} on {table}"


async def test_an_officers_role_cannot_be_a_membership(site: RegistrationClient) -> None:
    await site.submit()
    with pytest.raises(IntegrityError, match="ck_memberships_role"):
        async with site.service.db.transaction() as session:
            await session.execute(text("UPDATE memberships SET role = 'administrator'"))
