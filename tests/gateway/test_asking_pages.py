"""Questions between officer and applicant on both their pages: documents, more time for them, interviews."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from deploy.local.object_store import ObjectStore as S3Server
from shared.auth import Role
from shared.clock import ManualClock
from tests.gateway.browser import Page
from tests.gateway.desk import Office, office_site
from tests.infra.databases import Databases


@pytest.fixture
async def office(databases: Databases, object_store: S3Server) -> AsyncIterator[Office]:
    """An office with an examiner who has started the case of the filed application."""
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    with databases.lent() as new:
        async with office_site(new, clock, object_store) as made:
            await made.officer("examiner", Role.EXAMINER)
            await made.step("examiner", "start", "Start")
            yield made


def linked(page: Page) -> set[str]:
    """The fields that the list of mistakes links to."""
    return {href[1:] for href in page.values("a", "href") if href.startswith("#")} - {"content", "problem"}


async def _requested(office: Office) -> Page:
    page = await office.step(
        "examiner",
        "document-request",
        "Request documents",
        due_on="2026-12-04",
        **{"code-0": "RES_TAX", "text-0": "latest_year", "code-1": "OTHER", "message-1": "家系図"},
    )
    assert "The documents were requested." in page.shown, page.shown
    await office.exchange()
    return page


async def _asked(office: Office) -> Page:
    page = await office.clerk.open("/requested-documents")
    return await office.clerk.browser.send(
        page, "Ask for more time", wanted_on="2026-12-18", more_time_reason="発行に2週間かかるため"
    )


async def test_a_standard_sentence_is_read_in_the_language_of_the_reader(office: Office) -> None:
    page = await _requested(office)
    assert "Submit the one for the latest year." in page.shown
    english, japanese = [await office.clerk.open("/requested-documents", lang) for lang in ("en", "ja")]
    assert "Submit the one for the latest year." in english.shown
    assert "直近年度のものを提出してください。" in japanese.shown
    assert "家系図" in english.shown


async def test_more_time_is_asked_for_given_and_shown_to_both(office: Office) -> None:
    await _requested(office)
    clerk = office.clerk
    page = await clerk.open("/requested-documents")
    early = await clerk.browser.send(page, "Ask for more time", wanted_on="2026-12-04", more_time_reason="遅れるため")
    assert (early.status, linked(early)) == (422, {"wanted_on"})
    assert early.form("Ask for more time").fields["more_time_reason"] == "遅れるため", "what was typed stays"
    without = await clerk.browser.send(page, "Ask for more time", wanted_on="2026-12-18", more_time_reason="")
    assert linked(without) == {"more_time_reason"}
    asked = await _asked(office)
    assert "You asked for more time." in asked.shown
    assert "Wait for the examiner" in asked.shown
    await office.exchange()
    case = await office.browsers["examiner"].open(f"/desk/cases/{office.case_id}?lang=en")
    assert "more time until 18 December 2026" in case.shown
    assert "発行に2週間かかるため" in case.shown
    page = await office.step("examiner", "more-time", "Answer", agreed="no")
    assert (page.status, linked(page)) == (422, {"reason"})
    page = await office.browsers["examiner"].send(page, "Answer", agreed="yes", due_on="2026-12-04")
    assert (page.status, linked(page)) == (422, {"due_on"})
    page = await office.browsers["examiner"].send(page, "Answer", agreed="yes", due_on="2026-12-11")
    assert "The request for more time was answered." in page.shown
    assert "Agreed until 11 December 2026" in page.shown
    await office.exchange()
    shown = (await clerk.open("/requested-documents")).shown
    assert "The new due date is 11 December 2026." in shown
    assert "Due on 11 December 2026" in shown
    assert "More time was given" in (await clerk.open()).shown


async def test_declined_more_time_tells_why(office: Office) -> None:
    await _requested(office)
    await _asked(office)
    await office.exchange()
    page = await office.step("examiner", "more-time", "Answer", agreed="no", reason="期限内に取得できるため")
    assert "Declined" in page.shown
    await office.exchange()
    shown = (await office.clerk.open()).shown
    assert "Why there is no more time" in shown
    assert "期限内に取得できるため" in shown
    assert "The due date stays." in (await office.clerk.open("/requested-documents")).shown


async def test_an_interview_is_announced_moved_and_cancelled(office: Office) -> None:
    page = await office.step(
        "examiner",
        "interview",
        "Invite",
        interview_kind="inquiry",
        held_on="2026-12-10",
        held_time="10:00",
        place="港区1-2-3",
        instructions="賃金台帳",
    )
    assert "Planned" in page.shown
    await office.exchange()
    shown = (await office.clerk.open()).shown
    assert "An interview or visit is planned. Time: 10 December 2026 10:00 (Japan), Place: 港区1-2-3" in shown
    assert "賃金台帳" in shown
    browser = office.browsers["examiner"]
    page = await browser.open(f"/desk/cases/{office.case_id}/interview-move?lang=en")
    fields = page.form("Move").fields
    assert (fields["held_on"], fields["held_time"], fields["place"]) == ("2026-12-10", "10:00", "港区1-2-3")
    wrong = await browser.send(page, "Move", held_on="")
    assert (wrong.status, linked(wrong)) == (422, {"held_on"})
    past = await browser.send(page, "Move", held_on="2026-11-19")
    assert (past.status, linked(past)) == (422, {"held_on"})
    page = await browser.send(page, "Move", held_on="2026-12-11", held_time="14:30")
    assert "The interview or visit was moved." in page.shown
    await office.exchange()
    shown = (await office.clerk.open()).shown
    assert "The time or place was changed." in shown
    assert "11 December 2026 14:30" in shown
    page = await office.step("examiner", "interview-cancel", "Cancel it", reason="")
    assert (page.status, linked(page)) == (422, {"reason"})
    page = await browser.send(page, "Cancel it", reason="資料により確認できたため")
    assert "Cancelled" in page.shown
    assert await office.state() == "UNDER_REVIEW"
    await office.exchange()
    shown = (await office.clerk.open()).shown
    assert "It does not take place: 資料により確認できたため" in shown
    assert "Nothing to do now" in shown


async def test_the_case_tells_how_long_it_waited_for_the_applicant(office: Office) -> None:
    page = await _requested(office)
    assert "0 days (0 with the office, 0 waiting for the applicant)" in page.shown
