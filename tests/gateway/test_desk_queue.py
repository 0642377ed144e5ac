"""Officers find their work: where signing in leads, what waits, the queue with its filters and pages."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from deploy.local.object_store import ObjectStore as S3Server
from services.registration.officers.commands.creation import create_officer
from shared.auth import Role
from shared.clock import ManualClock
from tests.gateway.browser import Page
from tests.gateway.desk import Office, office_site
from tests.infra.databases import Databases
from tests.services.registration.site import PASSWORD


@pytest.fixture(scope="module")
async def office(databases: Databases, object_store: S3Server) -> AsyncIterator[Office]:
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    with databases.lent() as new:
        async with office_site(new, clock, object_store) as made:
            yield made


def menu(page: Page) -> list[str]:
    """The addresses of the site's menu."""
    return [href for href in page.links.values() if href in ("/desk", "/desk/cases", "/home", "/applications")]


def numbers(page: Page) -> list[str]:
    """The addresses of the cases of a list."""
    return [attributes["href"] for tag, attributes in page.tags if tag == "a" and "data-row" in attributes]


async def test_signing_in_leads_an_officer_to_the_work_of_their_roles(office: Office) -> None:
    browser = await office.officer("審査 一子", Role.EXAMINER)
    assert (office.landed.path, office.landed.h1) == ("/desk", "What waits")
    assert {"/desk", "/desk/cases"} <= set(menu(office.landed))
    assert "Start of the examination" in office.landed.links and "Fee" not in office.landed.links
    assert (await browser.open("/home")).path == "/desk"
    await office.officer("交付 二郎", Role.CARD_OFFICE)
    assert "Fee" in office.landed.links and "Examination" not in office.landed.links
    await office.officer("監査 三郎", Role.AUDITOR, office="OSA")
    assert {"Fee", "Examination"} <= set(office.landed.links)
    for name, role, pages in (
        ("管理 四子", Role.ADMINISTRATOR, {"/desk/officers"}),
        ("承認 五子", Role.USER_APPROVAL, {"/desk/registrations", "/desk/reports"}),
        ("受付 六", Role.RECEPTION, {"/desk/applications"}),
    ):
        browser = await office.officer(name, role)
        found = {href for href in office.landed.links.values() if href.startswith("/desk/")}
        assert found == pages | {"/desk/inbox"}
        for page in pages:
            assert (await browser.get(page)).status_code == 200
        assert (await browser.get("/desk/cases")).status_code == 403
    japanese = await browser.open("/desk?lang=ja")
    assert japanese.h1 == "待っている案件"


async def test_an_officer_has_no_work_before_the_second_factor(office: Office) -> None:
    site = office.clerk.front.site
    await create_officer(
        site.context, login_id="bare.tyo", name="bare", roles=[Role.EXAMINER], office="TYO", password=PASSWORD
    )
    browser = await office.clerk.front.browser()
    assert (await browser.sign_in("bare.tyo", PASSWORD)).path == "/account/security/authenticator"
    assert (await browser.open("/desk")).path == "/account/security/authenticator"


async def test_people_who_file_see_no_desk(office: Office) -> None:
    for path in ("/desk", "/desk/cases", f"/desk/cases/{office.case_id}", f"/desk/cases/{office.case_id}/start"):
        assert (await office.clerk.browser.get(path)).status_code == 403, path
    stranger = await office.clerk.front.browser()
    assert (await stranger.open("/desk")).path.startswith("/sign-in")


async def test_the_queue_is_narrowed_by_what_waits_state_procedure_and_number(office: Office) -> None:
    browser = await office.officer("列 一", Role.EXAMINER, Role.CHIEF_EXAMINER)
    change = await office.open_case(procedure="CHANGE", receipt_number="東オンＣＮ26000777")
    await office.open_case(office="OSA", receipt_number="阪オンＥＮ26000778")
    page = await browser.open("/desk/cases")
    assert {f"/desk/cases/{office.case_id}", f"/desk/cases/{change}"} <= set(numbers(page))
    assert "阪オンＥＮ26000778" not in page.shown
    form = next(one for one in page.forms if "receipt_number" in one.fields)
    assert form.attributes["method"] == "get"

    async def found(query: str) -> list[str]:
        return numbers(await browser.open(f"/desk/cases?{query}"))

    assert await found("receipt_number=東オンＣＮ26000777") == [f"/desk/cases/{change}"]
    assert await found("procedure=CHANGE") == [f"/desk/cases/{change}"]
    assert await found("wait=decision") == []
    assert await found("state=PROPOSED") == []
    assert await found("mine=true") == []
    started = await browser.open(f"/desk/cases/{change}/start")
    await browser.send(started, "Start")
    assert await found("mine=true") == [f"/desk/cases/{change}"]
    assert await found("wait=examination&mine=true") == [f"/desk/cases/{change}"]
    assert "列 一 (you)" in (await browser.open("/desk/cases?mine=true")).shown
    for odd in ("state=LOST", "wait=x&cursor=!!", "cursor=AAAA", "mine=maybe", "procedure=%00", "office=OSA"):
        assert (await browser.open(f"/desk/cases?{odd}")).status == 200, odd
    assert "No case matches" in (await browser.open("/desk/cases?receipt_number=none")).shown


async def test_the_queue_goes_on_page_by_page_and_says_what_is_late_in_words(office: Office) -> None:
    browser = await office.officer("頁 二", Role.CHIEF_EXAMINER)
    for _ in range(51):
        await office.open_case(procedure="ACQUIRE")
    first = await browser.open("/desk/cases?procedure=ACQUIRE")
    second = await browser.follow(first, "Next")
    assert (len(numbers(first)), len(numbers(second))) == (50, 1)
    assert not set(numbers(first)) & set(numbers(second))
    assert "Late" not in second.texts["span"]
    clock = office.clerk.front.clock
    clock.advance(timedelta(days=4))
    browser = await office.officer("頁 三", Role.CHIEF_EXAMINER)
    assert "Late" in (await browser.open("/desk/cases?procedure=ACQUIRE")).texts["span"]
    assert re.search(r"\b5[0-9] late", " ".join((await browser.open("/desk")).texts["strong"]))


async def test_an_auditor_sees_every_office_and_no_step(office: Office) -> None:
    browser = await office.officer("監査 七", Role.AUDITOR, office="OSA")
    page = await browser.open("/desk/cases?office=TYO")
    assert f"/desk/cases/{office.case_id}" in numbers(page)
    case = await browser.open(f"/desk/cases/{office.case_id}")
    assert "There is nothing for you to do now" in case.shown
    assert "Your role does not see the form and the files" in case.shown
