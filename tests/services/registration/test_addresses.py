"""Attempts are counted by where they come from, and only the gateway is believed about that."""

from collections.abc import Callable

import httpx
import pytest
from pydantic import SecretStr

from services.registration.authentication.domain.throttle import SIGN_IN_ACCOUNT
from shared.http.forwarded import stated
from tests.services.registration.site import PASSWORD, Person, RegistrationClient
from tests.support.forwarded import forwarded

WRONG = "not the right password"
ELSEWHERE = "198.51.100.7"


async def _from(
    site: RegistrationClient, peer: str, person: Person, password: str, said: dict[str, str]
) -> httpx.Response:
    """A sign-in over a connection from `peer`, with the headers that it sends about its address."""
    transport = httpx.ASGITransport(site.service.app, client=(peer, 40000))
    async with httpx.AsyncClient(transport=transport, base_url="http://service.test") as client:
        body = {"login_id": person.login_id, "password": password}
        return await client.post("/v1/sessions", json=body, headers=said)


@pytest.mark.parametrize("peer", [ELSEWHERE, "127.0.0.1", "::1"])
async def test_nobody_who_reaches_registration_directly_can_say_another_address(
    site: RegistrationClient, peer: str
) -> None:
    """[attacks F20] Over loopback neither: an address counts with the gateway's proof of it alone."""
    person = await site.person()
    invented: list[Callable[[str], dict[str, str]]] = [
        lambda address: {"X-Forwarded-For": address},
        lambda address: {"X-Forwarded-For": address, "X-Forwarded-Proof": "0" * 64},
        lambda address: stated(SecretStr("a key that somebody made up, long enough"), address),
        # A proof that was given for another address.
        lambda address: forwarded("203.0.113.250") | {"X-Forwarded-For": address},
    ]
    tries = [
        (await _from(site, peer, person, WRONG, invented[n % len(invented)](f"203.0.113.{n}"))).status_code
        for n in range(8)
    ]
    assert tries == [401] * 6 + [429] * 2
    # Nor do they borrow a place where the owner is known, or charge somebody else's.
    assert (await _from(site, peer, person, PASSWORD, {"X-Forwarded-For": "203.0.113.5"})).status_code == 429
    assert (await site.sign_in(person.login_id, PASSWORD, "203.0.113.5")).status_code == 201


async def test_the_address_that_the_gateway_proves_counts_whatever_the_connection(site: RegistrationClient) -> None:
    person = await site.person()
    tries = [(await _from(site, f"10.0.0.{n}", person, WRONG, forwarded(ELSEWHERE))).status_code for n in range(7)]
    assert tries == [401] * 6 + [429]


async def test_however_long_it_is_attacked_an_account_opens_for_its_owner(site: RegistrationClient) -> None:
    """At once where they signed in before, after a minute anywhere else."""
    person = await site.person()
    assert (await site.sign_in(person.login_id, PASSWORD, "203.0.113.5")).status_code == 201
    for n in range(SIGN_IN_ACCOUNT.free + 40):
        await site.sign_in(person.login_id, WRONG, f"198.51.{n}.1")
        assert (await site.sign_in(person.login_id, PASSWORD, "203.0.113.5")).status_code == 201
        elsewhere = await site.sign_in(person.login_id, PASSWORD, "192.0.2.9")
        assert elsewhere.status_code == 201 or int(elsewhere.headers["Retry-After"]) <= 60
