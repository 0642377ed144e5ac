"""Blocks of operators: networks, accounts' sign-in, API clients; with a reason, an end, and nobody locked out by
mistake."""

from datetime import timedelta
from typing import Any

import pytest

from services.registration.accounts.domain.blocks import BlockFlaw, network_flaw
from shared.auth import Role
from shared.clock import ManualClock
from tests.services.registration.outside import vendor
from tests.services.registration.site import PASSWORD, RegistrationClient
from tests.support.forwarded import forwarded

BLOCKS = "/v1/registration/operations/blocks"
OPERATORS_ADDRESS = "198.51.100.7"


@pytest.mark.parametrize(
    ("network", "flaw"),
    [
        ("203.0.113.0/24", None),
        ("203.0.113.5", None),
        ("2001:db8::/32", None),
        ("203.0.113.5/24", BlockFlaw.NO_NETWORK),
        ("everything", BlockFlaw.NO_NETWORK),
        ("0.0.0.0/0", BlockFlaw.TOO_LARGE),
        ("203.0.0.0/15", BlockFlaw.TOO_LARGE),
        ("2001::/31", BlockFlaw.TOO_LARGE),
        ("198.51.100.0/24", BlockFlaw.OWN),
    ],
)
def test_a_network_is_blocked_unless_it_is_a_country_or_ones_own(network: str, flaw: BlockFlaw | None) -> None:
    assert network_flaw(network, OPERATORS_ADDRESS) is flaw
    assert network_flaw(network, f"::ffff:{OPERATORS_ADDRESS}") is flaw


async def _set(site: RegistrationClient, operator: dict[str, str], kind: str, subject: str, **changes: Any) -> Any:
    body = {"kind": kind, "subject": subject, "hours": 24, "reason": "guesses passwords"} | changes
    return await site.post(BLOCKS, body, headers=operator | forwarded(OPERATORS_ADDRESS))


async def _published(site: RegistrationClient) -> list[str]:
    answer = await site.get("/.well-known/blocked-networks.json")
    return [each["network"] for each in answer.json()["networks"]]


async def test_a_network_is_published_until_the_block_ends_or_is_lifted(
    site: RegistrationClient, clock: ManualClock
) -> None:
    operator = await site.officer(Role.OPERATOR, login_id="operator.tyo")
    made = await _set(site, operator, "network", "203.0.113.0/24")
    assert made.status_code == 201, made.text
    assert await _published(site) == ["203.0.113.0/24"]
    assert (await _set(site, operator, "network", "203.0.113.0/24")).json()["code"] == "already-blocked"
    assert (await _set(site, operator, "network", "198.51.100.0/24")).json()["errors"][0]["code"] == "own-network"
    assert (await _set(site, operator, "network", "2001:db8::/48", hours=1)).status_code == 201
    clock.advance(timedelta(hours=1))
    assert await _published(site) == ["203.0.113.0/24"]
    operator = await site.officer(Role.OPERATOR, login_id="operator.osa")
    path = f"{BLOCKS}/{made.json()['id']}/lift"
    assert (await site.post(path, {"reason": "an office's proxy"}, headers=operator)).json()["in_force"] is False
    assert (await site.post(path, {"reason": "again"}, headers=operator)).status_code == 404
    assert await _published(site) == []
    listed = (await site.get(BLOCKS, operator)).json()["items"]
    assert [(each["network"], each["lift_reason"]) for each in listed] == [
        ("2001:db8::/48", None),
        ("203.0.113.0/24", "an office's proxy"),
    ]
    assert await site.service.journal_problems() == []


async def test_an_account_cannot_sign_in_while_it_is_blocked_and_only_its_owner_finds_out(
    site: RegistrationClient, clock: ManualClock
) -> None:
    operator = await site.officer(Role.OPERATOR, login_id="operator.tyo")
    person = await site.person()
    secret = await site.session(person)
    assert (await _set(site, operator, "account", person.login_id)).status_code == 201
    assert (await site.exchange(secret)).json()["code"] == "session-ended"
    credentials = {"login_id": person.login_id, "password": PASSWORD}
    assert (await site.post("/v1/sessions", credentials)).json()["code"] == "sign-in-blocked"
    assert (await site.post("/v1/sessions", credentials | {"password": "wrong"})).json()["code"] == "sign-in-failed"
    clock.advance(timedelta(hours=24))
    assert (await site.post("/v1/sessions", credentials)).status_code == 201


async def test_a_client_gets_no_token_while_it_is_blocked_and_those_it_has_are_revoked(
    site: RegistrationClient, clock: ManualClock
) -> None:
    operator = await site.officer(Role.OPERATOR, login_id="operator.tyo")
    client = await vendor(site, await site.header(await site.session(await site.person())))
    assert (await client.token()).status_code == 200
    assert (await _set(site, operator, "client", client.client_id)).status_code == 201
    refused = await client.token()
    assert (refused.status_code, "blocked" in refused.json()["error_description"]) == (401, True)
    assert client.client_id in (await site.get("/.well-known/revocations.json")).json()["revoked"]
    clock.advance(timedelta(hours=24))
    assert client.client_id not in (await site.get("/.well-known/revocations.json")).json()["revoked"]
    assert (await client.token()).status_code == 200


async def test_nobody_blocks_themselves_or_nobody_and_only_operators_block(site: RegistrationClient) -> None:
    operator = await site.officer(Role.OPERATOR, login_id="operator.tyo")
    assert (await _set(site, operator, "account", "operator.tyo")).json()["code"] == "own-account"
    for kind, subject in (("account", "nobody.at.all"), ("client", "no-id")):
        refused = await _set(site, operator, kind, subject)
        assert refused.json()["errors"][0]["code"] == "subject-unknown"
    for hours in (0, 365 * 24 + 1):
        assert (await _set(site, operator, "network", "203.0.113.0/24", hours=hours)).status_code == 422
    auditor = await site.officer(Role.AUDITOR, login_id="auditor.tyo")
    assert (await _set(site, auditor, "network", "203.0.113.0/24")).status_code == 403
    assert (await site.get(BLOCKS, auditor)).status_code == 403
