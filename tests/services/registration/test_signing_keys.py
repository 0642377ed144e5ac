"""Signing keys by hand: replaced without anybody noticing, or taken out at once."""

import asyncio
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from services.registration import signing_keys
from services.registration.audit import Tag
from services.registration.authentication.commands.signing_keys import SigningKeys
from services.registration.authentication.context import standalone_context
from services.registration.authentication.store import signing_keys as signing_keys_store
from services.registration.authentication.store.signing_keys import SigningKey
from services.registration.settings import Settings
from shared.clock import ManualClock
from shared.db import Database
from shared.db.migrate import rollback
from shared.errors import Conflict, NotFound
from shared.journal import journal
from tests.infra.databases import TestDatabase
from tests.services.registration.site import RegistrationClient
from tests.support import keys

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


async def _states(site: RegistrationClient) -> dict[str, str]:
    return {key.kid: key.state for key in await signing_keys.every(site.context)}


async def _published(site: RegistrationClient) -> set[str]:
    return {key["kid"] for key in (await site.get("/.well-known/jwks.json")).json()["keys"]}


async def _in(site: RegistrationClient, state: str) -> str:
    (kid,) = [kid for kid, found in (await _states(site)).items() if found == state]
    return kid


async def test_rotating_makes_the_published_next_key_the_one_that_signs(
    site: RegistrationClient, clock: ManualClock
) -> None:
    await site.signing.ensure()
    active, following = await _in(site, "active"), await _in(site, "next")
    clock.advance(timedelta(minutes=15))
    rotated = await signing_keys.rotate(site.context)
    assert (rotated.out, rotated.active) == (active, following)
    states = await _states(site)
    assert (states[active], states[following]) == ("retired", "active")
    assert await _published(site) == {active, following, await _in(site, "next")}
    assert (await site.signing.issuer(timedelta(minutes=5))).kid == following
    assert await site.service.journal_problems() == []


@pytest.mark.parametrize("state", ["active", "next", "retired"])
async def test_a_withdrawn_key_is_published_no_more_and_two_others_are(
    site: RegistrationClient, clock: ManualClock, state: str
) -> None:
    await site.signing.ensure()
    clock.advance(timedelta(minutes=15))
    await signing_keys.rotate(site.context)
    held = {name: await _in(site, name) for name in ("active", "next", "retired")}
    answer = await signing_keys.withdraw(site.context, held[state])
    assert answer.active == (held["next"] if state == "active" else held["active"])
    states = await _states(site)
    assert states[held[state]] == "withdrawn"
    assert sorted(states.values()).count("active") == sorted(states.values()).count("next") == 1
    assert states[answer.active] == "active"
    published = await _published(site)
    assert held[state] not in published
    assert published == {kid for kid, found in states.items() if found != "withdrawn"}
    assert (await site.signing.issuer(timedelta(minutes=5))).kid == answer.active
    clock.advance(timedelta(minutes=15))
    await signing_keys.rotate(site.context)
    assert (await _states(site))[held[state]] == "withdrawn"
    assert await site.service.journal_problems() == []


async def test_withdrawing_is_journalled_and_what_cannot_be_withdrawn_changes_nothing(site: RegistrationClient) -> None:
    await site.signing.ensure()
    active = await _in(site, "active")
    await signing_keys.withdraw(site.context, active)
    before = await _states(site)
    with pytest.raises(NotFound):
        await signing_keys.withdraw(site.context, "no-such-key")
    with pytest.raises(Conflict) as refused:
        await signing_keys.withdraw(site.context, active)
    assert refused.value.code == "key-withdrawn"
    assert await _states(site) == before
    async with site.service.db.read() as session:
        withdrawn = select(journal).where(journal.c.action == Tag.KEY_WITHDRAW.value)
        (line,) = await session.execute(withdrawn.order_by(journal.c.position))
    assert (line.detail["withdrawn"], line.detail["was"]) == (active, "active")
    assert line.actor_name == "registration/signing_keys"


async def test_withdrawing_while_the_clock_rotates_leaves_one_key_that_signs(
    site: RegistrationClient, clock: ManualClock
) -> None:
    await site.signing.ensure()
    active = await _in(site, "active")
    clock.advance(timedelta(minutes=15))

    done = await asyncio.gather(
        signing_keys.rotate(site.context), signing_keys.withdraw(site.context, active), return_exceptions=True
    )
    assert [error for error in done if isinstance(error, Exception) and not isinstance(error, Conflict)] == []
    states = await _states(site)
    assert states[active] == "withdrawn"
    assert sorted(states.values()).count("active") == 1
    assert await site.service.journal_problems() == []


async def test_the_command_line_lists_rotates_and_withdraws(
    service_database: Callable[[str], TestDatabase], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in os.environ if name.startswith("ZAIRYU_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ZAIRYU_DATABASE_URL", service_database("registration").url)
    for name, value in keys.environment("registration").items():
        monkeypatch.setenv(name, value)

    async def run(*arguments: str) -> tuple[int, str, str]:
        code = await asyncio.to_thread(signing_keys.main, list(arguments))
        said = capsys.readouterr()
        return code, said.out, said.err

    assert await run("list") == (0, "", "")
    desk = standalone_context(Settings())
    await SigningKeys(desk).ensure()
    await desk.db.close()
    code, listed, _ = await run("list")
    kids = {line.split()[1]: line.split()[0] for line in listed.splitlines()}
    assert (code, set(kids)) == (0, {"active", "next"})
    code, _, error = await run("rotate")
    assert code == 1
    assert "can sign from" in error
    code, _, error = await run("withdraw", "no-such-key")
    assert code == 1
    assert "no such key" in error
    assert (await run("list"))[1] == listed
    code, said, _ = await run("withdraw", kids["active"], kids["next"])
    assert code == 0
    assert said.splitlines()[:3] == [
        f"withdrawn {kids['active']}",
        f"active {kids['next']}",
        f"withdrawn {kids['next']}",
    ]
    states = [line.split()[1] for line in (await run("list"))[1].splitlines()]
    assert sorted(states) == ["active", "next", "withdrawn", "withdrawn"]


async def test_going_back_a_version_publishes_no_withdrawn_key_again(
    service_database: Callable[[str], TestDatabase],
) -> None:
    database = service_database("registration")
    db = Database(database.url)
    withdrawn = SigningKey(
        kid="stolen",
        state="withdrawn",
        public_key=bytes(32),
        sealed_private_key="sealed",
        created_at=NOW,
        activated_at=NOW,
        retired_at=NOW,
    )
    async with db.transaction() as session:
        session.add(withdrawn)
    await asyncio.to_thread(rollback, "registration", database.owner_url, "0025-1")
    async with db.read() as session:
        assert await session.scalar(text("SELECT state FROM signing_keys")) == "retired"
        assert await signing_keys_store.published(session, NOW - timedelta(minutes=20)) == []
    await db.close()
