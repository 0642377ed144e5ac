"""The Monday morning of an office in Chromium: 130 renewals, from the calendar to the receipts in hand."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pypdfium2
import pytest
from playwright.async_api import FilePayload
from sqlalchemy import insert, select

from services.application.sheets.book import RowRead
from services.application.sheets.reading import read_book
from services.application.sheets.templates import FilledRow, SheetPlan, plan_for, template_xlsx
from services.application.tables import Application, Progress
from shared.auth import Actor, Role
from shared.clock import legal_date
from shared.events.review import ReviewCompleted, ReviewStarted
from shared.ids import new_id
from tests.browser.bulk import Hand, attach_papers, worked
from tests.browser.looking import PHONE, Tab, Visitors
from tests.services.application.people import Filer, complete_form
from tests.services.registration.site import Person
from tests.support import tokens

pytestmark = pytest.mark.asyncio(loop_scope="session")
PEOPLE = 130
MONTH, ENDS = "2027-01", date(2027, 1, 31)
# Field and value of each mistake in the workbook, by the number of its row.
WRONG = {4: ("birth_date", "31 June 1990"), 77: ("residence_card_no", "AB123"), 130: ("name_roman", "グエン")}
# The clicks from the home page to both documents, for any number of people of whom three rows are wrong: docs/bulk.md
# has the number beside that of the official way.
CLICKS = 21


async def test_the_renewals_of_130_people_are_filed_on_a_monday_morning(visitors: Visitors) -> None:
    async with visitors.tab("ja") as tab:
        officer = await visitors.site.officer(login_id="approver.monday")
        person = await visitors.site.person(officer, applicant={"email": "monday@example.co.jp"})
        await visitors.exchange()
        await _last_year(visitors, person)
        await visitors.sign_in(tab, person.login_id)
        page, hand = tab.page, Hand(tab)

        await hand.press(".bar a[href='/stays']")
        await hand.press(f"main a[href='/stays?month={MONTH}']")
        await tab.look("monday-stays")
        assert str(PEOPLE) in await page.inner_text("button[value=import]")
        await hand.press("button[value=import]")
        await tab.look("monday-reading")
        await worked(visitors, tab)
        await tab.look("monday-missing")
        assert await page.locator("tbody tr").count() == 50, "the first page of them"

        hand.clicks += 1
        async with page.expect_download() as taken:
            await page.click("a[href$='/workbook']")
        workbook = Path(await (await taken.value).path()).read_bytes()
        keys, answers = _filled(workbook, legal_date(visitors.clock.now()))
        await hand.press("main a[href='/imports#send']")
        hand.clicks += 2
        await page.set_input_files("#file", _file("renewals.xlsx", answers))
        await page.click("form[data-upload] .actions button")
        await worked(visitors, tab)
        await tab.look("monday-wrong")
        here = page.url
        assert await page.locator("tbody tr").count() == len(WRONG)

        for number, (field, _) in WRONG.items():
            await hand.press(f"tr:has(span:text-is('{keys[number - 1]}')) a[href$='#{field}']")
            await tab.look("monday-correction")
            await page.fill(f"#{field}", str(_good(number, legal_date(visitors.clock.now()))[field]))
            await hand.press("#topic .actions button[value=import]")
            assert page.url == here
        await tab.look("monday-corrected")

        await attach_papers(visitors, hand, keys, "monday")
        await worked(visitors, tab)
        await tab.look("monday-ready")
        assert f"{PEOPLE}件" in await page.inner_text("form:has(#truth_confirmed) button")
        await hand.tick("#intent_confirmed")
        await hand.tick("#truth_confirmed")
        # The last of it on a phone, on the way.
        await page.set_viewport_size({"width": PHONE, "height": 800})
        await hand.press("form:has(#truth_confirmed) button")
        await tab.look("monday-filing")
        await worked(visitors, tab)
        await tab.look("monday-filed")
        printed, book = [await _taken(hand, place) for place in ("/receipts/pdf", "/workbook")]
        numbers = await _numbers(tab)
        assert len(numbers) == PEOPLE
        text = _text(printed)
        assert all(number in text and name in text for number, name in numbers.items())
        assert len(read_book(book, "receipts.xlsx", legal_date(visitors.clock.now()))[0].problems) == 0
        assert hand.clicks == CLICKS

        await hand.press("main a[href$='/receipts']")
        await tab.look("monday-receipts")
        await page.goto("/home")
        await tab.look("monday-home")


async def _last_year(visitors: Visitors, person: Person) -> None:
    """Everybody was granted a stay that ends in the month: one application is filed, and the others are like it."""
    service = visitors.application
    actor = Actor(
        kind="person",
        id=person.account_id,
        organisation_id=person.organisation_id,
        roles=frozenset({Role.ORG_STAFF}),
        session_id=new_id(),
    )
    async with _tokens_of_tests(visitors):
        filer = Filer(service, actor)
        first = UUID(await filer.filed(form=_good(1, legal_date(visitors.clock.now()))))
    await filer.review(ReviewStarted, str(first))
    await filer.review(ReviewCompleted, str(first), stay_until=ENDS)
    async with service.app.state.runtime.db.transaction() as session:
        row = await session.get(Application, first)
        progress = await session.scalar(select(Progress).where(Progress.application_id == first))
        applications, standing = [], []
        for number in range(2, PEOPLE + 1):
            own = {"id": uuid4(), "receipt_number": f"東オンＥＮ25{number:06}", "person": None, "person_key": None}
            own |= {"form": json.dumps(_good(number, legal_date(visitors.clock.now())), ensure_ascii=False)}
            applications.append(_columns(row) | own)
            standing.append(_columns(progress) | {"application_id": own["id"]})
        connection = await session.connection()
        await connection.execute(insert(Application), applications)
        await connection.execute(insert(Progress), standing)


@asynccontextmanager
async def _tokens_of_tests(visitors: Visitors) -> AsyncIterator[None]:
    """Work of a person by a program: the service takes the tokens of the tests."""
    state = visitors.application.app.state
    kept, state.verifier = state.verifier, tokens.verifier(visitors.clock)
    await state.verifier.keys.refresh()
    try:
        yield
    finally:
        state.verifier = kept


def _columns(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}


def _good(number: int, today: date) -> dict[str, Any]:
    """The right answers of a person; their names are letters alone."""
    letters = "".join(chr(ord("A") + number // 26**place % 26) for place in (1, 0))
    return complete_form(today, f"MO{number:08}DY", name_roman=f"TRAN THI {letters}", stay_expiry=ENDS.isoformat())


def _filled(workbook: bytes, today: date) -> tuple[list[str], bytes]:
    """The keys of the rows, and the workbook with what was missing, three mistakes in it."""
    _, read = read_book(workbook, "renewals.xlsx", today)
    rows = [row for row in read if isinstance(row, RowRead)]
    assert len(rows) == PEOPLE
    numbers = {str(_good(number, today)["name_roman"]): number for number in range(1, PEOPLE + 1)}
    plan = plan_for("EXTEND", "ENG_HUM_INT", today)
    assert plan is not None
    keys, filled = {}, []
    for row in rows:
        number = numbers[str(row.form["name_roman"])]
        keys[number] = row.key
        form = _good(number, today) | dict([WRONG[number]] if number in WRONG else [])
        filled.append(FilledRow(row.key, form, notify_email=row.notify_email, notify_language=row.notify_language))
    return [keys[number] for number in sorted(keys)], template_xlsx([SheetPlan(plan, filled)], "ja")


def _file(name: str, content: bytes) -> FilePayload:
    return FilePayload(name=name, mimeType="application/octet-stream", buffer=content)


async def _taken(hand: Hand, place: str) -> bytes:
    hand.clicks += 1
    async with hand.tab.page.expect_download() as taken:
        await hand.tab.page.click(f"#content a[href$='{place}']")
    return Path(await (await taken.value).path()).read_bytes()


async def _numbers(tab: Tab) -> dict[str, str]:
    """The name of the applicant of each receipt number, as the service has them."""
    rows = f"/api/v1{urlsplit(tab.page.url).path}/rows?state=filed&limit=200"
    answer = await (await tab.page.request.get(rows)).json()
    assert answer["next"] is None
    return {row["receipt_number"]: row["applicant_name"] for row in answer["items"]}


def _text(content: bytes) -> str:
    document = pypdfium2.PdfDocument(BytesIO(content))
    try:
        return "\n".join(document[number].get_textpage().get_text_range() for number in range(len(document)))
    finally:
        document.close()
