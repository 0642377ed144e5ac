"""The board in Chromium, at both widths: an operator finds what is wrong, and has it replayed."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.async_api import Browser, expect
from sqlalchemy import insert

from services.registration.authentication.store.sign_in import throttles
from shared.ids import new_id
from shared.invariants.results import results
from shared.operations.samples import store
from shared.operations.state.schemas import ConsumerState, TopicState, WorkState
from shared.rebuilding.tables import rebuilds
from shared.timers import at, runs
from tests.browser.looking import Visitors
from tests.browser.test_bureau import _as
from tests.gateway.board import operators
from tests.infra.databases import TestDatabase
from tests.services.registration.test_gateways import OF_GATEWAY, report
from tests.services.review.desk import filed
from tests.support.letters import LetterBox

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


async def _report(box: LetterBox) -> None:
    """Another process reports. After half a minute without a report it would be a silent one."""
    topics = [TopicState(topic="application.events", partitions=12, end=141_009, lag=3, arrived=1_204, taken=1_198)]
    consumer = ConsumerState(phase="running", since=NOW, reason=None, partitions=12, lag=3, topics=topics)
    work = [WorkState(kind="job:seal_journal", seconds=2.5)]
    await box.report(["consumer", "jobs"], consumer=consumer, working_on=work, memory_bytes=181_403_648, open_files=41)


async def _fill(box: LetterBox) -> None:
    """A process that reports, a job that has run, and numbers of some hours."""
    await _report(box)
    async with box.service.db.transaction() as session:
        await at(session, "job:seal_journal", new_id(), NOW + timedelta(minutes=1))
        await runs.keep(session, "job:seal_journal", NOW, 18)
        for minutes in range(0, 170, 2):
            values = {"outbox": (minutes * 7) % 60, "requests": 1_200 - minutes, "slow": 80.5}
            if not 60 < minutes < 90:
                await store.keep(session, NOW - timedelta(minutes=minutes), values)


async def test_a_poisoned_event_from_the_board_to_its_end(
    service_database: Callable[[str], TestDatabase], chromium: Browser
) -> None:
    async with operators(service_database) as site:
        site.release(correct=False)
        await site.poison(waiting=2, body={"procedure": ["x"]})
        await site.poison()
        nothing: Any = None
        visitors = Visitors(chromium, site.front.url, nothing, nothing, nothing, site.front.clock)
        async with visitors.tab("en") as tab:
            page = tab.page
            await _as(tab, site, "operator")
            await page.goto("/desk")
            await page.get_by_role("link", name="Board").first.click()
            await tab.look("board")
            await _fill(site.box)
            await page.locator("tbody th a[href='/desk/board/review']").first.click()
            await tab.look("board-service")
            await page.get_by_role("button", name="Verify the whole journal now").click()
            await expect(page.get_by_text("Under way")).to_be_visible()
            await page.get_by_role("link", name="Over time").click()
            await page.get_by_text("In numbers: Events not sent yet").click()
            await tab.look("board-charts")
            answers = {"requests": 1_234, "errors": 0, "by_duration": [1_234], "routes": [], "slow": []}
            other = report(host="gateway-b", version="1.4.1", requests=answers, notices=["limits-store-away"])
            registration = site.front.site.service.client
            await registration.put(f"/v1/gateways/{new_id()}", json=other, headers=OF_GATEWAY)
            await page.goto("/desk/board/gateway")
            await expect(page.get_by_text("gateway-b")).to_be_visible()
            await tab.look("board-gateway")
            async with site.front.site.context.db.transaction() as session:
                row = {"scope": "sign-in:account", "key": b"\x3f\xa1\xc0\x9b" * 8, "charged": 64}
                row |= {"window_ends": NOW + timedelta(hours=1), "blocked_until": NOW + timedelta(minutes=1)}
                await session.execute(insert(throttles).values(row))
            await page.goto("/desk/board/attacks")
            await expect(page.get_by_text("3fa1c09b")).to_be_visible()
            await tab.look("board-attacks")
            await page.goto("/desk/board/review/letters")
            await tab.look("board-letters")
            await page.locator("#letters + table tbody th a").first.click()
            await expect(page.get_by_text("list_type")).to_be_hidden()
            await tab.look("board-letter")
            await page.goto("/desk/board/review/letters")
            site.release(correct=True)
            await page.get_by_role("link", name="TaxColumnMissing").click()
            await page.get_by_label("Replay").check()
            await page.get_by_label("Reason").fill("release 1.4.2 is deployed")
            await tab.look("board-order")
            await page.get_by_role("button", name="Give the order").click()
            await site.box.carry_out()
            await page.get_by_role("link", name="Refresh").click()
            await expect(page.get_by_text("1 done, 0 failed again, of 1")).to_be_visible()
            await expect(page.get_by_role("link", name="TaxColumnMissing")).to_have_count(0)

            event = filed()
            await site.box.service.deliver(event)
            await page.goto(f"/desk/board/follow?reference={event.receipt_number}")
            await expect(page.get_by_text("case:open")).to_be_visible()
            await tab.look("board-follow")
            async with site.box.service.db.transaction() as session:
                for state, count in (("holds", 0), ("violated", 2)):
                    row = {"name": f"card-has-{state}", "state": state, "violations": count, "milliseconds": 7}
                    row |= {"since": NOW, "checked_at": NOW, "ids": [str(new_id())] * count, "error": None}
                    await session.execute(insert(results).values(row))
            await _report(site.box)
            await page.goto("/desk/board/topics")
            # Of one process or of both: the first is silent by now where the walk took longer than half a minute.
            await expect(page.get_by_text(re.compile("141,009|282,018"))).to_be_visible()
            await tab.look("board-topics")
            await page.goto("/desk/board/invariants")
            await expect(page.get_by_text("Does not hold")).to_be_visible()
            await tab.look("board-invariants")


async def test_an_operator_has_facts_sent_again_stops_it_and_switches_a_rebuild(
    service_database: Callable[[str], TestDatabase], chromium: Browser
) -> None:
    async with operators(service_database) as site:
        nothing: Any = None
        visitors = Visitors(chromium, site.front.url, nothing, nothing, nothing, site.front.clock)
        waits = {"id": new_id(), "projection": "cases", "started_at": NOW, "state": "held", "measured_at": NOW}
        async with site.box.service.db.transaction() as session:
            await session.execute(insert(rebuilds).values(waits | {"expected": 3, "received": 3, "different": 3}))
        async with visitors.tab("en") as tab:
            page = tab.page
            await _as(tab, site, "operator")
            await page.goto("/desk/board/review")
            await page.get_by_role("link", name="Send facts again").click()
            await page.get_by_role("button", name="Begin to send").click()
            await tab.look("board-snapshot-errors")
            await page.get_by_label("Cases").check()
            await page.get_by_label("Reason").fill("the office of a case differs")
            await tab.look("board-snapshot")
            await page.get_by_role("button", name="Begin to send").click()
            await expect(page.get_by_text("Sending has started.")).to_be_visible()
            await tab.look("board-service-copies")
            await page.get_by_role("link", name="Stop sending").click()
            await page.get_by_label("Reason").fill("the wrong kind")
            await tab.look("board-snapshot-stop")
            await page.get_by_role("button", name="Stop sending").click()
            await expect(page.get_by_text("Sending was stopped.")).to_be_visible()
            await page.get_by_role("link", name="Switch").click()
            await page.get_by_label("Reason").fill("looked at all three")
            await tab.look("board-rebuild-switch")
            await page.get_by_role("button", name="Switch").click()
            await expect(page.get_by_text("The switch has started.")).to_be_visible()


async def test_an_operator_blocks_a_network_and_lifts_it(
    service_database: Callable[[str], TestDatabase], chromium: Browser
) -> None:
    async with operators(service_database) as site:
        nothing: Any = None
        visitors = Visitors(chromium, site.front.url, nothing, nothing, nothing, site.front.clock)
        async with visitors.tab("en") as tab:
            page = tab.page
            await _as(tab, site, "operator")
            await page.goto("/desk/board/blocks")
            await page.get_by_role("button", name="Block").click()
            await tab.look("board-blocks-errors")
            await page.get_by_label("Network", exact=True).check()
            await page.get_by_label("Subject").fill("203.0.113.0/24")
            await page.get_by_label("For how long").select_option("24")
            await page.get_by_label("Reason").fill("guesses passwords")
            await page.get_by_role("button", name="Block").click()
            await tab.look("board-blocks")
            await page.get_by_role("link", name="Lift the block").click()
            await tab.look("board-blocks-lift")
            await page.get_by_label("Reason").fill("the proxy of an office")
            await page.get_by_role("button", name="Lift the block").click()
            await expect(page.get_by_text("The block is lifted.")).to_be_visible()
