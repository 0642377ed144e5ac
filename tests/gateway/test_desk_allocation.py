"""The pages on the examiner of a case: next case, limits, handing over, another office, absences, deadlines."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from deploy.local.object_store import ObjectStore as S3Server
from services.review.jobs import sweep
from shared.auth import Actor, Role
from shared.clock import ManualClock
from shared.ids import new_id
from shared.reference import caseloads
from shared.reference.caseloads import Caseload
from shared.reference.dated import Table
from shared.timers import Due
from shared.work import RequestIdentity
from tests.gateway.browser import Page
from tests.gateway.desk import Office, office_site
from tests.gateway.test_desk_queue import numbers
from tests.infra.databases import Databases


@pytest.fixture
async def office(databases: Databases, object_store: S3Server) -> AsyncIterator[Office]:
    """A chief and two examiners of Tokyo, and a chief of Osaka."""
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    with databases.lent() as new:
        async with office_site(new, clock, object_store) as made:
            await made.officer("決裁 一", Role.CHIEF_EXAMINER)
            await made.officer("審査 二", Role.EXAMINER)
            await made.officer("審査 三", Role.EXAMINER)
            await made.officer("大阪 四", Role.CHIEF_EXAMINER, Role.EXAMINER, office="OSA")
            yield made


def addresses(page: Page) -> list[str]:
    """The addresses of all links of a page."""
    return [attributes.get("href", "") for tag, attributes in page.tags if tag == "a"]


async def test_the_next_case_is_opened_and_the_limit_is_named_beside_ones_own_cases(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [Caseload(office=caseloads.EVERY_OFFICE, cases=1, source="a test")]
    monkeypatch.setattr(caseloads, "CASELOADS", Table("caseloads", lambda row: row.office, rows))
    urgent = await office.open_case(stay_expiry="2026-11-25", special_period_end=None)
    browser = office.browsers["審査 二"]
    page = await browser.send(await browser.open("/desk?lang=en"), "Take the next case")
    assert page.path.startswith(f"/desk/cases/{urgent}") and "The case is yours now" in page.shown
    refused = await browser.send(await browser.open("/desk/cases?lang=en"), "Take the next case")
    assert (refused.status, numbers(refused)) == (409, [f"/desk/cases/{urgent}"])
    assert "You have 1 cases at work, and the limit of your office is 1" in refused.shown
    assert "Take the next case" not in (await office.browsers["決裁 一"].open("/desk?lang=en")).shown


async def test_a_case_goes_from_officer_to_officer_and_to_another_office(office: Office) -> None:
    case, path = office.case_id, f"/desk/cases/{office.case_id}"
    chief, second = office.browsers["決裁 一"], office.browsers["審査 三"]
    form = await chief.open(f"{path}/assignment?lang=en")
    assert "審査 二 (0 at work)" in form.shown
    two = office.ids["審査 二"]
    page = await office.step("決裁 一", "assignment", "Assign", examiner_id=two)
    assert "The case was assigned" in page.shown and "審査 二" in page.shown
    missing = await office.step("審査 二", "hand-over", "Hand over", examiner_id=office.ids["審査 三"], reason=" ")
    assert (missing.status, "Reason: Fill this in" in missing.shown) == (422, True)
    await office.step("審査 二", "hand-over", "Hand over", examiner_id=office.ids["審査 三"], reason="研修のため")
    await office.step("審査 三", "return", "Return", reason="出張のため")
    assert f"{path}/take" in addresses(await second.open(f"{path}?lang=en"))
    await office.step("審査 二", "take", "Take it")
    await office.step("決裁 一", "flag", "Set the flag", code="humanitarian", reason="家族の看護")
    assert "Humanitarian (家族の看護)" in (await chief.open(path)).shown
    assert numbers(await chief.open("/desk/cases?flag=humanitarian")) == [path]
    await office.step("決裁 一", "unflag", "Take away", code="humanitarian", reason="回復した")
    left = await office.step("決裁 一", "transfer", "Give to the office", office="OSA", reason="大阪市に転居")
    assert left.path.startswith("/desk/cases?") and "The case went to the other office" in left.shown
    assert (await chief.open(path)).status == 404
    there = await office.browsers["大阪 四"].open(f"{path}?lang=en")
    assert "大阪市に転居" in there.shown and f"{path}/take" in addresses(there)
    await office.exchange()
    applicant = await office.clerk.browser.open(f"/applications/{office.clerk.application_id}?lang=en")
    assert "Another office handles the case now" in applicant.shown
    assert "Osaka Regional Immigration Services Bureau" in applicant.shown
    assert case == office.case_id


async def test_an_absence_is_recorded_and_all_cases_are_moved_in_one_press(office: Office) -> None:
    chief, two, three = office.browsers["決裁 一"], office.ids["審査 二"], office.ids["審査 三"]
    await office.step("審査 二", "start", "Start")
    listed = await chief.open("/desk/examiners?lang=en")
    assert f"/desk/examiners/{two}" in addresses(listed) and "大阪 四" not in listed.shown

    async def step(name: str, page: str, button: str, who: str, **typed: str) -> str:
        browser = office.browsers[name]
        opened = await browser.open(f"/desk/examiners/{who}/{page}?lang=en")
        return (await browser.send(opened, button, **typed)).shown

    wrong = await step("審査 二", "absence", "Record", two, first_day="2026-11-20", last_day="2026-11-19")
    assert "The last day is before the first" in wrong
    assert "recorded" in await step("審査 二", "absence", "Record", two, first_day="2026-11-20", last_day="2026-12-20")
    assert "Away today" in (await chief.open(f"/desk/examiners/{two}?lang=en")).shown
    assert "審査 二" not in (await chief.open(f"/desk/cases/{office.case_id}/reassignment")).shown
    assert "moved" in await step("決裁 一", "move", "Move", two, examiner_id=three, reason="病気休暇")
    assert numbers(await office.browsers["審査 三"].open("/desk/cases?mine=true")) == [f"/desk/cases/{office.case_id}"]
    assert "Saved" in await step("決裁 一", "skill", "Save", three, **{"procedure-COE": "yes", "status-STUDENT": "yes"})
    empty = await office.browsers["審査 三"].open("/desk?lang=en")
    refused = await office.browsers["審査 三"].send(empty, "Take the next case")
    assert "No case of those that you examine" in refused.shown
    for path in (f"/desk/examiners/{two}/skill", f"/desk/examiners/{two}/move", f"/desk/examiners/{three}/absence"):
        page = await office.browsers["審査 二"].open(path)
        assert page.path.endswith("done=not_now"), path
    assert (await office.browsers["大阪 四"].open(f"/desk/examiners/{two}")).status == 404
    assert (await office.clerk.browser.get("/desk/examiners")).status_code == 403


async def test_deadlines_are_words_of_the_queue_and_lead_from_the_first_page(office: Office) -> None:
    ending = await office.open_case(special_period_end="2026-11-24T14:59:59Z")
    commands = office.review.app.state.runtime.commands
    async with office.review.db.transaction() as session:
        work = commands.begin(session, Actor.system("test"), RequestIdentity(request_id="test"))
        await sweep(work, Due("job:waiting-cases", new_id(), office.clerk.front.clock.now(), {}, 0))
        await work.finish()
    await office.pass_time(timedelta(seconds=1))
    chief = office.browsers["決裁 一"]
    first = await chief.open("/desk?lang=en")
    assert "Deadlines reported in the last seven days" in first.shown
    assert "Special period ends within 7 days: 1 cases" in first.links
    listed = await chief.follow(first, "Special period ends within 7 days: 1 cases")
    assert numbers(listed) == [f"/desk/cases/{ending}"]
    assert "Special period ends within 7 days" in listed.texts["span"]
    assert "Special period ends within 7 days" in (await chief.open(f"/desk/cases/{ending}?lang=en")).shown
