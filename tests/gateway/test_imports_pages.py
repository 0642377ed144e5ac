"""Bulk filing on pages, in a browser without scripts: template, upload, what is wrong, filing, receipts."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest

from deploy.local.object_store import ObjectStore as S3Server
from services.application.sheets.reading import read_book
from services.application.sheets.templates import FilledRow, SheetPlan, plan_for, template_xlsx
from services.gateway.pages.kit.menu import menu_of
from services.gateway.pages.kit.visitor import Visitor
from services.gateway.pages.portal.imports.shown import require_filer
from shared.auth import Actor, Role
from shared.clock import ManualClock, legal_date
from shared.errors import Forbidden
from shared.ids import new_id
from tests.gateway.browser import Browser, Page
from tests.gateway.portal import CAT3_DOCUMENTS, EXTENSION, Portal, portal_site, work_on_archives
from tests.infra.databases import TestDatabase
from tests.services.application.people import complete_form
from tests.services.application.sheet import work_on_imports
from tests.services.document import files
from tests.services.document.test_archives import zipped
from tests.support.waiting import eventually

LABEL = "Date of birth"


@pytest.fixture
async def portal(service_database: Callable[[str], TestDatabase], object_store: S3Server) -> AsyncIterator[Portal]:
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    async with portal_site(service_database, clock, object_store) as made:
        yield made


def workbook(today: date, **changes: dict[str, Any]) -> bytes:
    """A filled template; its rows have these keys, and what differs from a complete form."""
    plan = plan_for("EXTEND", "ENG_HUM_INT", today)
    assert plan is not None
    rows = [
        FilledRow(key, complete_form(today, f"AB{number:08}CD") | changed, notify_email="an@example.com")
        for number, (key, changed) in enumerate(changes.items(), start=1)
    ]
    return template_xlsx([SheetPlan(plan, rows)], "en")


async def sent(browser: Browser, content: bytes, *, dry_run: bool = False) -> str:
    """Send a file by the page; the address of the file."""
    page = await browser.open("/imports?lang=en")
    form = page.form("Send and check")
    answer = await browser.client.post(
        form.attributes["action"],
        data={"dry_run": "true"} if dry_run else {},
        files={"file": ("renewals.xlsx", content)},
        headers={"Origin": browser.url},
    )
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def send(
    portal: Portal, browser: Browser, content: bytes, *, dry_run: bool = False, stalled: bool = False
) -> Page:
    """Send a file by the page, and let it be worked on; the page of the file."""
    page = await browser.open(await sent(browser, content, dry_run=dry_run))
    assert "The file is being read." in page.shown and "Nothing has gone on since" not in page.shown
    if stalled:
        portal.clock.advance(timedelta(minutes=3))
        assert "Nothing has gone on since" in (await browser.open(page.path)).shown
    return await worked(portal, browser, page)


async def worked(portal: Portal, browser: Browser, page: Page) -> Page:
    """The page after the work that it shows is done."""
    assert page.values("progress", "aria-labelledby"), page.shown
    await work_on_imports(portal.application)
    return await browser.follow(page, "Show the latest progress")


async def test_a_file_is_corrected_on_the_pages_filed_with_one_press_and_deleted(portal: Portal) -> None:
    browser = await portal.filer()
    today = legal_date(portal.clock.now())
    page = await browser.follow(await browser.open("/home"), "Bulk filing")
    assert (page.h1, page.path) == ("Bulk filing", "/imports")
    assert "No files were sent yet." in page.shown
    for kind in ("xlsx", "csv"):
        template = await browser.get(f"/imports/template?{urlencode({'choice': EXTENSION, 'kind': kind})}")
        assert "attachment" in template.headers["content-disposition"]
        book, rows = read_book(template.content, f"template.{kind}", today)
        assert (book.problems, [*rows]) == ((), [])

    expired = {"stay_expiry": "2026-01-31"}
    page = await send(portal, browser, workbook(today, good={}, unread={"birth_date": "31 June 1990"}, late=expired))
    path = page.path
    assert {"To correct (2)", "Photo or documents missing (1)"} <= page.links.keys()
    assert {"unread", "late"} <= {*page.texts["span"]} and "good" not in page.texts["span"]
    cell = next(text for text in page.texts["strong"] if text.endswith("7"))
    assert cell[:-1].isalpha(), "the cell in which it stands"
    wrong = next(text for text in page.links if LABEL in text)
    assert page.links[wrong].endswith(f"/form/person?checked=true&import={path.rpartition('/')[2]}#birth_date")
    assert (
        "Correct 2 rows, on the pages or in the marked workbook" in page.links
        and "Attach photos and documents to 1 rows" in page.links
    )
    assert "NGUYEN VAN AN" in page.shown and "Extension of period of stay (Engineer" in page.shown
    marked = await browser.get(f"{path}/workbook")
    assert marked.headers["content-disposition"].startswith("attachment") and marked.content.startswith(b"PK")

    home = await browser.open("/home")
    assert "Files with rows that are not submitted" in home.texts["h2"]
    assert path in home.values("a", "href")

    draft = await browser.follow(page, wrong)
    refused = await browser.send(draft, "Save and return to the file", birth_date="31 June 1990")
    assert refused.status == 422
    page = await browser.send(refused, "Save and return to the file", birth_date="1990-06-30")
    assert page.path == path and "Changed since it was checked." in page.shown
    assert "Some rows were changed after they were checked." in page.shown
    overview = await browser.open(draft.path.partition("/form/")[0])
    assert overview.links["renewals.xlsx"] == path, "a draft leads back to its file"
    forged = await browser.send(draft, "Save and return to the file", **{"import": "//elsewhere.example"})
    assert forged.path.startswith("/applications/"), "not led away"
    content = {"nobody_PHOTO.jpg": files.jpeg(), "readme.txt": b"hello"}
    for key, paper in (("good", files.pdf()), ("unread", files.restricted_pdf())):
        content |= {f"{key}_PHOTO.jpg": files.jpeg(), f"{key}_{'+'.join(CAT3_DOCUMENTS)}.pdf": paper}
    page = await browser.upload(page, page.form("Send the ZIP"), zipped(content))
    assert "The files of the ZIP are being checked." in page.shown
    await work_on_archives(portal.document)
    await portal.exchange()
    page = await browser.follow(page, "Show the latest progress")
    assert "readme.txt" in page.texts["strong"], "what no name says"
    assert "Attach 4 files to their rows and check" in [button for form in page.forms for button in form.buttons]
    asked = await browser.send(page, "Use the chosen copies")
    assert (asked.status, "own_file-wrong" in asked.values("ul", "id")) == (422, True)
    page = await browser.send(asked, "Use the chosen copies", own_file="yes")
    await portal.exchange()
    page = await browser.send(page, "Attach 5 files to their rows and check")
    assert page.status == 422 and "nobody_PHOTO.jpg: No row has this key." in page.shown
    page = await worked(portal, browser, await browser.follow(page, "Back to the file"))
    page = await worked(portal, browser, await browser.send(page, "Check again"))
    assert {"To correct (1)", "Can be submitted (2)"} <= page.links.keys()

    refused = await browser.send(page, "Submit 2")
    assert refused.status == 422 and refused.values("div", "role") == ["alert"]
    boxes = {one["name"]: "yes" for one in page.form("Submit 2").inputs if one.get("type") == "checkbox"}
    page = await worked(portal, browser, await browser.send(page, "Submit 2", **boxes))
    assert "Applications received: 2" in page.texts["h2"]
    assert "Submitted (2)" in page.links and not [form for form in page.forms if "Submit 2" in form.buttons]
    printed = await browser.get(page.links["List of receipts (PDF)"])
    assert printed.content.startswith(b"%PDF") and "receipts.pdf" in printed.headers["content-disposition"]
    receipts = await browser.follow(page, "Show and print the receipt numbers")
    numbers = [
        text for text, href in receipts.links.items() if href.startswith("/applications/") and href[-3:] != "new"
    ]
    assert len(numbers) == 2
    assert {*receipts.texts["th"]} >= {"good", "unread"}
    application = await browser.follow(receipts, numbers[0])
    assert numbers[0] in application.shown

    question = await browser.follow(await browser.open(path), "Delete this file")
    assert question.h1 == "Delete the file"
    page, again = [await browser.send(question, "Delete") for _ in range(2)]
    assert again.shown == page.shown, "pressed twice"
    assert "The file was deleted." in page.shown and "No files were sent yet." in page.shown
    assert (await browser.get(path)).status_code == 404
    assert numbers[0] in (await browser.open("/applications")).shown


async def test_a_cell_that_nobody_needs_is_confirmed_as_it_is_in_the_draft(portal: Portal) -> None:
    browser = await portal.filer()
    today = legal_date(portal.clock.now())
    page = await send(portal, browser, workbook(today, one={"mobile": "none", "stay_expiry": "2026-01-31"}))
    confirm = next(button for form in page.forms for button in form.buttons if "right as it is" in button)
    field = await browser.open(next(href for href in page.links.values() if href.endswith("#mobile")).partition("#")[0])
    assert "9 to 12 digits" in field.shown, "the page says what its cell had wrong"
    alone = await browser.open(field.path.partition("?")[0])
    assert "9 to 12 digits" not in alone.shown
    forged = await browser.send(page, confirm, application_id=str(new_id()))
    assert forged.status < 500 and confirm in [
        button for form in (await browser.open(page.path)).forms for button in form.buttons
    ]
    page, again = [await browser.send(page, confirm) for _ in range(2)]
    assert page.shown == again.shown and "Cellular" not in page.shown, "pressed twice"
    assert any(href.endswith("#stay_expiry") for href in page.links.values()), "its other mistake stays"


async def test_a_broken_stream_of_progress_goes_on_where_it_was(portal: Portal) -> None:
    """The state that the browser has is not sent a second time, and none that follows is left out."""
    browser = await portal.filer()
    content = workbook(legal_date(portal.clock.now()), **{f"row-{number}": {} for number in range(150)})
    import_id = (await sent(browser, content)).rpartition("/")[2]
    seen: list[tuple[str, str, int]] = []

    async def watch() -> None:
        """Take one event, and break the connection off; the work goes on when the stream is open."""
        headers = {"Last-Event-ID": seen[-1][0]} if seen else {}
        async with browser.client.stream("GET", f"/api/v1/imports/{import_id}/events", headers=headers) as stream:
            assert stream.status_code == 200
            lines = stream.aiter_lines()
            assert await anext(lines) == "retry: 3000"
            # Nobody watches who has gone: the connection of before is not held open.
            await eventually(lambda: portal.application.app.state.imports.watching == 1)
            if seen:
                assert await work_on_imports(portal.application, 1) == 1
            event: dict[str, str] = {}
            async for line in lines:
                name, _, value = line.partition(": ")
                event[name] = value
                if name == "data":
                    break
        view = json.loads(event["data"])
        seen.append((event["id"], view["state"], view["done"]))

    while not seen or seen[-1][1] != "checked":
        await watch()
    first, last = seen[2][2], 150
    assert first in (50, 100), "one of two ranges"
    assert [(state, done) for _, state, done in seen] == [
        ("reading", 0),
        ("checking", 0),
        ("checking", first),
        ("checked", last),
    ]
    again = await browser.client.get(f"/api/v1/imports/{import_id}/events", headers={"Last-Event-ID": seen[-1][0]})
    assert again.status_code == 204, "browsers come again no more"


async def test_what_cannot_be_read_is_refused_and_what_is_only_checked_cannot_be_filed(portal: Portal) -> None:
    browser = await portal.filer()
    page = await send(portal, browser, b"not a workbook at all", stalled=True)
    assert "The file could not be read" in page.texts["h2"]
    assert page.links["Send the corrected file"] == "/imports#send"
    assert (await browser.open(f"{page.path}/workbook")).path == page.path
    refused = page.path

    wrong = {"birth_date": "31 June 1990"}
    page = await send(portal, browser, workbook(legal_date(portal.clock.now()), one=wrong), dry_run=True)
    assert "This file was only checked." in page.shown and "What to do next" not in page.shown
    assert any(text.startswith(LABEL) for text in page.texts["li"]), "the field is named without a draft too"
    assert [text for form in page.forms for text in form.buttons if text.startswith("Submit")] == []
    for place in ("receipts", "receipts/pdf"):
        assert (await browser.open(f"{page.path}/{place}")).path == page.path, "nothing is filed"
    assert (await browser.open(f"{page.path}?state=nonsense&cursor=nonsense")).path == page.path
    japanese = await browser.open("/imports?lang=ja")
    assert {"一括申請"} == {japanese.h1} and {"読み込めません", "確認済み"} <= {*japanese.texts["span"]}
    assert (await browser.open("/imports/template?choice=NONE:NONE:")).path == "/imports"

    other = {"organisation": {"corporate_number": "2120901007402", "name": "見本工業株式会社"}}
    officer = await portal.site.officer(login_id="another")
    stranger = await portal.browser(
        await portal.site.person(officer, applicant={"email": "other@example.co.jp"}, **other)
    )
    for place in (refused, f"{refused}/workbook", f"{refused}/receipts", f"{refused}/delete"):
        assert (await stranger.get(place)).status_code == 404, place
    assert "renewals.xlsx" not in (await stranger.open("/imports")).shown


@pytest.mark.parametrize(("role", "many"), [(Role.LAWYER_SCRIVENER, True), (Role.SELF, False), (Role.RELATIVE, False)])
def test_only_those_who_may_file_many_at_once_have_the_menu_and_the_pages(role: Role, many: bool) -> None:
    nothing: Any = SimpleNamespace(token="")
    visitor = Visitor(nothing, nothing, "en", "", Actor(kind="person", id=new_id(), roles=frozenset({role})), nothing)
    request: Any = SimpleNamespace(url=SimpleNamespace(path="/imports/1"))
    assert (("/imports", "true") in {(entry.path, entry.current) for entry in menu_of(visitor, request)}) == many
    with nullcontext() if many else pytest.raises(Forbidden):
        require_filer(visitor)
