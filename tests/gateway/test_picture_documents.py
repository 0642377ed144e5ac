"""Pictures of documents in a browser without scripts: several become one document, whose pages are put in order."""

import re
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from deploy.local.object_store import ObjectStore as S3Server
from shared.clock import ManualClock
from tests.gateway.browser import Browser, Form, Page
from tests.gateway.portal import Portal, begin, portal_site
from tests.infra.databases import TestDatabase
from tests.services.document import files
from tests.services.document.pdfs import good, text
from tests.services.document.test_picture_documents import numbers, saved


@pytest.fixture
async def portal(service_database: Callable[[str], TestDatabase], object_store: S3Server) -> AsyncIterator[Portal]:
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    async with portal_site(service_database, clock, object_store) as made:
        yield made


async def choose(browser: Browser, page: Page, *pictures: bytes, codes: tuple[str, ...] = ("RES_TAX",)) -> Page:
    """Choose several files in the form for several documents, and send them."""
    form = page.form_to("/SEVERAL")
    fields = {name: value for name, value in form.fields.items() if name not in ("file", "codes")}
    sent = await browser.client.post(
        form.attributes["action"],
        data={**fields, "codes": list(codes)},
        files=[("file", (f"IMG_{number}.jpg", data, "image/jpeg")) for number, data in enumerate(pictures, 1)],
        headers={"Origin": browser.url},
    )
    return await browser.open(sent.headers["location"]) if sent.is_redirect else Page(sent)


def order_form(page: Page) -> Form:
    return next(form for form in page.forms if "Save this order" in form.buttons)


async def press(browser: Browser, shown: Page, do: str, **fields: Any) -> Page:
    """Press a button of the form of the order, with these fields in place of its own."""
    form = order_form(shown)
    kept = {name: form.fields[name] for name in ("csrf_token", "document_id")}
    action = form.attributes["action"].partition("#")[0]
    sent = await browser.client.post(action, data={**kept, "do": do, **fields}, headers={"Origin": browser.url})
    return await browser.open(sent.headers["location"]) if sent.is_redirect else Page(sent)


def shown_order(page: Page) -> list[str]:
    """The numbers of the pages in the order in which the form has them."""
    text = page.answer.text.partition("data-pages")[2].partition("</form>")[0]
    return re.findall(r'name="page" value="(\d+)"', text)


async def content(browser: Browser, portal: Portal, path: str) -> tuple[list[int], dict[str, Any]]:
    """The numbers that the pages of the only document show, and the document as the draft has it."""
    (document,) = (await portal.kept(browser, path))["documents"]
    answer = await browser.client.get(f"{path}/documents/{document['document_id']}")
    async with httpx.AsyncClient() as store:
        return numbers((await store.get(answer.headers["location"])).content), document


async def test_pictures_that_are_chosen_together_become_one_document_whose_pages_are_moved(portal: Portal) -> None:
    browser = await portal.filer()
    path = await begin(browser)
    page = await browser.open(f"{path}/documents")
    page = await choose(browser, page, saved(3), saved(1), saved(7))
    assert "IMG_2.jpg" in page.shown
    assert (await content(browser, portal, path))[0] == [3, 1, 7]

    # Buttons and numbers change the form alone; nothing is kept until it is saved.
    page = await press(browser, page, "up:3", page=["1", "2", "3"], place=["1", "2", "3"])
    assert shown_order(page) == ["1", "3", "2"]
    page = await press(browser, page, "down:1", page=["1", "3", "2"], place=["1", "2", "3"])
    assert shown_order(page) == ["3", "1", "2"]
    assert (await content(browser, portal, path))[0] == [3, 1, 7]
    page = await press(browser, page, "pages", page=["3", "1", "2"], place=["1", "2", "3"])
    shown, document = await content(browser, portal, path)
    assert (shown, document["codes"]) == ([7, 3, 1], ["RES_TAX"])
    # A number that is typed moves the page there, up or down; what is left out is gone.
    page = await press(browser, page, "pages", page=["1", "2", "3"], place=["3", "2", "3"])
    assert (await content(browser, portal, path))[0] == [3, 1, 7]
    page = await press(browser, page, "pages", page=["1", "2", "3"], place=["1", "2", "1"], out=["2"])
    assert (await content(browser, portal, path))[0] == [7, 3]
    listed = (await browser.client.get("/api/v1/documents")).json()["items"]
    assert len(listed) == 1, "those whose pages were taken are deleted"


async def test_documents_of_pictures_are_joined_and_hold_what_both_held(portal: Portal) -> None:
    browser = await portal.filer()
    path = await begin(browser)
    page = await browser.open(f"{path}/documents")
    page = await choose(browser, page, saved(3))
    page = await choose(browser, page, saved(1), saved(2), codes=("CAREER",))
    kept = (await portal.kept(browser, path))["documents"]
    first = order_form(page).fields["document_id"]
    (other,) = [one["document_id"] for one in kept if one["document_id"] != first]
    page = await press(browser, page, "pages", page=["1"], place=["1"], more=[other, "no id"])
    shown, document = await content(browser, portal, path)
    assert sorted(shown) == [1, 2, 3]
    assert sorted(document["codes"]) == ["CAREER", "RES_TAX"]


async def test_odd_orders_change_nothing_or_say_what_is_wrong(portal: Portal) -> None:
    browser = await portal.filer()
    path = await begin(browser)
    page = await choose(browser, await browser.open(f"{path}/documents"), saved(3), saved(1))
    refused = await press(browser, page, "pages", page=["1", "2"], place=["1", "2"], out=["1", "2"])
    assert refused.status == 422
    assert "Keep at least one page" in refused.shown
    for odd in (
        {"page": ["9", "0", "-1", "x", "2"], "place": ["1"]},
        {"page": ["1", "1"], "place": ["²", "9" * 30]},
        {},
    ):
        assert shown_order(await press(browser, page, "up:9999", **odd)) in (["1", "2"], ["2", "1"])
    two = await choose(browser, page, saved(1), files.pdf())
    assert two.status == 422
    assert "Page 2" in two.shown
    assert "Send PDFs one at a time" in two.shown


async def test_repaired_copy_is_seen_before_it_is_taken_also_for_several_drafts(portal: Portal) -> None:
    browser = await portal.filer()
    path = await begin(browser)
    page = await browser.open(f"{path}/documents")
    page = await choose(browser, page, files.script_pdf())
    (link,) = re.findall(r'"(/applications/copies/[^"]+)"', page.answer.text)
    assert "See the repaired copy" in page.shown
    opened = await browser.client.get(link)
    assert opened.status_code == 303

    chosen = f"/applications/several/documents?application_id={path.rpartition('/')[2]}"
    page = await browser.open(chosen)
    form = page.form_to("/upload/applications/several/documents")
    page = await browser.upload(page, form, files.script_pdf(), codes="RES_TAX")
    assert "See the repaired copy" in page.shown
    page = await browser.send(page, "Use the repaired copy")
    assert page.status == 200
    assert "document_id=" in page.path


async def test_smaller_or_upright_copy_is_made_seen_and_taken_in_place_of_the_file(portal: Portal) -> None:
    browser = await portal.filer()
    path = await begin(browser)
    page = await browser.open(f"{path}/documents")
    page = await choose(browser, page, good(1, content=text("turned", b"0 1 -1 0 300 100", lines=12)))
    assert "This page seems to lie on its side" in page.shown
    page = await browser.send(page, "Make a copy with pages upright")
    assert page.status == 200
    (link,) = re.findall(r'"(/applications/copies/[^"]+)"', page.answer.text)
    assert (await browser.client.get(link)).status_code == 303
    (before,) = (await portal.kept(browser, path))["documents"]
    page = await browser.send(page, "Use the repaired copy")
    assert page.status == 200
    (after,) = (await portal.kept(browser, path))["documents"]
    assert (after["document_id"] != before["document_id"], after["codes"]) == (True, before["codes"])
    assert (await browser.client.get(f"/api/v1/documents/{before['document_id']}")).status_code == 404
    assert "Make a copy" not in page.shown
