"""Networks that operators have blocked are answered nowhere, until their end; operators block and lift on the board."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.gateway.edge.blocked_networks import BlockedNetworks, NetworkBlocked
from shared.auth import Role
from shared.auth.published import Document
from shared.clock import ManualClock, SystemClock
from tests.gateway.approval import linked
from tests.gateway.board import BOARD, Operators, operators
from tests.gateway.conftest import site
from tests.infra.databases import TestDatabase
from tests.support.web import serving

NOW = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
BLOCKED, FREE = "203.0.113.9", "198.51.100.7"


async def test_a_block_holds_until_its_end_and_while_registration_is_away() -> None:
    clock = ManualClock(NOW)
    answers: list[Document] = [
        {
            "networks": [
                {"network": "203.0.113.0/24", "until": (NOW + timedelta(hours=1)).isoformat()},
                {"network": "2001:db8::/48", "until": (NOW + timedelta(hours=2)).isoformat()},
            ]
        }
    ]

    async def fetch() -> Document:
        return answers.pop()

    blocked = BlockedNetworks(fetch, clock)
    blocked.check(BLOCKED)
    assert await blocked.refresh()
    assert not await blocked.refresh(), "nothing is published any more"
    for address in (BLOCKED, f"::ffff:{BLOCKED}", "2001:db8::1"):
        with pytest.raises(NetworkBlocked):
            blocked.check(address)
    for other in (FREE, "2001:db8:1::1", "unknown", None):
        blocked.check(other)
    clock.advance(timedelta(hours=1))
    blocked.check(BLOCKED)
    with pytest.raises(NetworkBlocked):
        blocked.check("2001:db8::1")


async def test_a_blocked_network_reaches_no_page_no_route_and_no_notice() -> None:
    proxied: dict[str, Any] = {"proxy_headers": True, "forwarded_allow_ips": "127.0.0.1", "lifespan": "off"}
    until = (SystemClock().now() + timedelta(hours=1)).isoformat()
    async with site() as gateway, serving(gateway.app, **proxied) as url:
        gateway.registration.blocked.append({"network": "203.0.113.0/24", "until": until})
        assert await gateway.app.state.gateway.blocked.refresh()
        headers = {"X-Forwarded-For": BLOCKED}
        for method, path in (("GET", "/api/v1/applications/1"), ("POST", "/payments/callback"), ("POST", "/session")):
            answer = await gateway.browser.request(method, f"{url}{path}", headers=headers, json={})
            assert (answer.status_code, answer.json()["code"]) == (403, "network-blocked"), path
        page = await gateway.browser.get(url, headers=headers | {"Accept": "text/html", "Accept-Language": "en"})
        assert (page.status_code, "Connections from your network are blocked" in page.text) == (403, True)
        assert "give the reference number" in page.text
        assert (await gateway.browser.get(url, headers={"X-Forwarded-For": FREE})).status_code == 200


@pytest.fixture
async def people(service_database: Callable[[str], TestDatabase]) -> AsyncIterator[Operators]:
    async with operators(service_database) as made:
        yield made


async def test_an_operator_blocks_and_lifts_on_the_board_and_nobody_else_sees_it(people: Operators) -> None:
    browser = people.browsers["operator"]
    board = await browser.open(f"{BOARD}?lang=en")
    page = await browser.follow(board, "Blocks and places")
    assert "Nothing is blocked" in page.shown
    assert "There are no rules" in page.shown
    empty = await browser.send(page, "Block")
    assert (empty.status, linked(empty)) == (422, {"kind", "subject", "hours", "why"})
    filled = {"kind": "network", "subject": "127.0.0.0/16", "hours": "24", "why": "guesses passwords"}
    own = await browser.send(page, "Block", **filled)
    assert (own.status, "You are connected from this network yourself" in own.shown) == (422, True)
    done = await browser.send(page, "Block", **filled | {"subject": "203.0.113.0/24"})
    assert "The block is set." in done.shown
    lift = await browser.follow(done, "Lift the block")
    assert "guesses passwords" in lift.shown
    lifted = await browser.send(lift, "Lift the block", why="an office's proxy")
    assert "an office's proxy" in lifted.shown
    assert (await browser.client.get(lift.path)).status_code == 404
    await people.officer("auditor", Role.AUDITOR)
    assert (await people.browsers["auditor"].client.get("/desk/board/blocks")).status_code == 403
