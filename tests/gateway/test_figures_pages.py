"""Figures in a browser without scripts: the page of chiefs and operators with its CSV, and the times for everybody."""

import csv
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest

from deploy.local.object_store import ObjectStore as S3Server
from services.review.figures.commands import count_figures
from shared.auth import Actor, Role
from shared.clock import ManualClock
from shared.work import RequestIdentity
from tests.gateway.desk import Office, office_site
from tests.infra.databases import TestDatabase


@pytest.fixture
async def office(service_database: Callable[[str], TestDatabase], object_store: S3Server) -> AsyncIterator[Office]:
    """With five extensions that were granted after 30 days, and one that is open."""
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    async with office_site(service_database, clock, object_store) as made:
        for name, roles in {"both": (Role.EXAMINER,), "chief": (Role.CHIEF_EXAMINER,)}.items():
            if name not in made.browsers:
                await made.officer(name, *roles)
        for _ in range(5):
            case = await made.open_case(submitted_at=(clock.now() - timedelta(days=30, hours=1)).isoformat())
            await made.step("both", "start", "Start", case)
            await made.step("both", "proposal", "Propose", case, outcome="grant", period_of_stay="Y1")
            await made.step("chief", "decision", "Confirm", case, approve="yes")
        await count(made)
        yield made


async def count(office: Office) -> None:
    """One round of the job."""
    commands = office.review.app.state.runtime.commands
    async with office.review.db.transaction() as session:
        work = commands.begin(session, Actor.system("test"), RequestIdentity(request_id="test"))
        await count_figures(work)
        await work.finish()


async def test_a_chief_reads_figures_and_takes_them_along(office: Office) -> None:
    chief = office.browsers["chief"]
    assert (await chief.open("/desk?lang=en")).links["Figures"] == "/desk/figures"
    page = await chief.open("/desk/figures?lang=en")
    for text in ("By month", "2026-11", "Extension of period of stay", "mean 30, 90% within 30", "Under review"):
        assert text in page.shown, text
    (label,) = page.values("svg", "aria-label")
    assert label.startswith("Received and closed by month: 2026-10: 5 / 0, 2026-11: ")
    narrowed = await chief.open("/desk/figures?by=status_of_residence&months=3&office=OSA&lang=ja")
    assert "この期間の案件はありません" in narrowed.shown
    odd = await chief.open("/desk/figures?by=x&months=x&office=x&procedure=x&lang=en")
    assert (odd.status, "By procedure" in odd.shown) == (200, True)
    file = await chief.client.get("/desk/figures/csv?by=procedure")
    (row,) = csv.DictReader(StringIO(file.text.lstrip("\ufeff")))
    assert (row["procedure"], row["granted"], row["total_median"]) == ("EXTEND", "5", "30")
    assert (await chief.client.get("/desk/figures/csv?by=moon", follow_redirects=False)).status_code == 303


async def test_nobody_else_reads_them(office: Office) -> None:
    page = await office.browsers["both"].open("/desk/figures?lang=en")
    assert page.status == 403
    assert "Figures" not in (await office.browsers["both"].open("/desk?lang=en")).links
    assert (await office.clerk.browser.open("/desk/figures?lang=en")).status in (403, 404)


async def test_everybody_sees_how_long_it_takes_now(office: Office) -> None:
    browser = await office.clerk.front.browser()
    assert "not granted" not in (await browser.open("/times?lang=en")).shown
    office.clerk.front.clock.advance(timedelta(days=31))
    page = await browser.open("/times?lang=en")
    for text in ("How long a decision takes now", "30 days", "2026-09 to 2026-11"):
        assert text in page.shown, text
    assert "現在の処理日数" in (await browser.open("/times?lang=ja")).shown
    assert (await browser.open("/?lang=en")).links["How long a decision takes now"] == "/times"
