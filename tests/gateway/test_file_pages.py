"""The pages of a file in a browser without scripts: seen, searched, named, and put in order."""

import re
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image

from deploy.demo.portraits import Look, portrait
from deploy.local.object_store import ObjectStore as S3Server
from services.document.scanner import MemoryScanner
from shared.clock import ManualClock
from tests.gateway.browser import Browser, Form, Page
from tests.gateway.portal import Portal, begin, photo_form, portal_site
from tests.infra.databases import TestDatabase
from tests.services.document import files
from tests.services.document.test_previews import written

# Of the picture that a photo was cut from, and of the photo as it is printed.
SIZES = ("sent", "thumbnail")


@pytest.fixture
async def portal(service_database: Callable[[str], TestDatabase], object_store: S3Server) -> AsyncIterator[Portal]:
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    async with portal_site(service_database, clock, object_store) as made:
        yield made


async def upload(browser: Browser, path: str, code: str, data: bytes) -> Page:
    page = await browser.open(f"{path}/documents")
    return await browser.upload(page, page.form_to("/SEVERAL"), data, codes=code)


def viewer(page: Page) -> str:
    """The address of the pages of the first file."""
    return next(href for href in page.values("a", "href") if href.endswith("/pages"))


async def test_a_file_is_looked_at_searched_and_renamed(portal: Portal) -> None:
    browser = await portal.filer()
    path = await begin(browser)
    page = await upload(browser, path, "RES_TAX", written("Nothing", "", "Annual income: 4,800,000 yen"))
    thumbnail = next(source for source in page.values("img", "src") if source.startswith("/previews/"))
    picture = await browser.client.get(thumbnail)
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/jpeg")
    assert picture.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert picture.headers["x-content-type-options"] == "nosniff"
    assert "content-disposition" not in picture.headers
    with Image.open(BytesIO(picture.content)) as image:
        assert max(image.size) == 320

    pages = await browser.open(viewer(page))
    sources = [source for source in pages.values("img", "src") if source.startswith("/previews/")]
    assert len(sources) == 3
    assert "Page 3 of 3 of scan.pdf" in pages.values("img", "alt")
    assert (await browser.client.get(sources[2])).status_code == 200

    found = await browser.open(f"{pages.path}?q=ＩＮＣＯＭＥ")
    assert "“ＩＮＣＯＭＥ” found: 1" in found.shown
    assert "#page-3" in found.values("a", "href")
    assert "These pages are pictures and are not searched: 2" in found.shown
    assert "found: 0" in (await browser.open(f"{pages.path}?q=absent")).shown
    assert (await browser.open(f"{pages.path}?q={'x' * 101}")).status == 422

    wrong = await browser.send(pages, "Save the file name", file_name=" ")
    assert (wrong.status, "file_name-wrong" in wrong.values("ul", "id")) == (422, True)
    renamed = await browser.send(pages, "Save the file name", file_name="C:\\scans\\tax 2025.pdf")
    assert "The file was renamed." in renamed.shown
    assert renamed.h1.endswith("tax 2025.pdf")
    assert "tax 2025.pdf" in (await browser.open(f"{path}/documents")).shown

    # The link is of this person and of these minutes.
    officer = await portal.site.officer(login_id="another")
    elsewhere = {"corporate_number": "2120901007402", "name": "見本工業株式会社"}
    other = await portal.browser(
        await portal.site.person(officer, applicant={"email": "other@example.co.jp"}, organisation=elsewhere)
    )
    assert (await other.client.get(sources[0])).status_code == 404
    assert (await other.client.get(pages.path)).status_code == 404
    portal.clock.advance(timedelta(minutes=15))
    assert (await browser.client.get(sources[0])).status_code == 404


async def test_photo_has_its_page_too(portal: Portal) -> None:
    browser = await portal.filer()
    path = await begin(browser)
    page = await browser.open(f"{path}/photo")
    await browser.upload(page, photo_form(page), files.jpeg())
    photo_id = (await portal.kept(browser, path))["photo_id"]
    pages = await browser.open(f"{path}/documents/{photo_id}/pages")
    assert len([source for source in pages.values("img", "src") if source.startswith("/previews/")]) == 1
    assert "q" not in {name for form in pages.forms for name in form.fields}


async def press(browser: Browser, path: str, form: Form, do: str, **typed: str) -> Page:
    """Press a button of a file."""
    sent = form.fields | {"do": do} | typed
    return Page(
        await browser._follow(
            await browser.client.post(path + "/documents", data=sent, headers={"Origin": browser.url})
        )
    )


async def test_files_are_put_in_order(portal: Portal) -> None:
    browser = await portal.filer()
    path = await begin(browser)
    for number, code in enumerate(("CAT_PROOF", "RES_TAX", "ACTIVITY"), 1):
        page = await upload(browser, path, code, files.pdf(number))

    async def order() -> list[str]:
        return [one["codes"][0] for one in (await portal.kept(browser, path))["documents"]]

    assert await order() == ["CAT_PROOF", "RES_TAX", "ACTIVITY"]
    ups = [form for form in page.forms if any(button.endswith("up") for button in form.buttons)]
    downs = [form for form in page.forms if any(button.endswith("down") for button in form.buttons)]
    assert (len(ups), len(downs)) == (2, 2)
    page = await press(browser, path, ups[-1], "up")
    assert "The order of the files was changed." in page.shown
    assert await order() == ["CAT_PROOF", "ACTIVITY", "RES_TAX"]
    await press(browser, path, downs[0], "down")
    assert await order() == ["ACTIVITY", "CAT_PROOF", "RES_TAX"]
    # Other documents for it leave it where it is.
    await press(browser, path, downs[0], "codes", codes="REP_DECL")
    assert await order() == ["ACTIVITY", "REP_DECL", "RES_TAX"]
    # Further than the first is the first.
    for _ in range(3):
        await press(browser, path, ups[0], "up")
    assert await order() == ["RES_TAX", "ACTIVITY", "REP_DECL"]


async def test_file_that_waits_for_its_scan_says_so_and_shows_nothing(portal: Portal) -> None:
    scanner = portal.document.app.state.scans.scanner = MemoryScanner({b"malware": "Test.Malware"})
    scanner.down = True
    browser = await portal.filer()
    path = await begin(browser)
    page = await upload(browser, path, "RES_TAX", files.pdf())
    assert "being scanned for malware" in page.shown
    assert not [source for source in page.values("img", "src") if source.startswith("/previews/")]
    document_id = (await portal.kept(browser, path))["documents"][0]["document_id"]
    pages = await browser.open(f"{path}/documents/{document_id}/pages")
    assert "The file is not scanned for malware yet" in pages.shown
    assert not re.findall(r"/previews/", pages.answer.text)


async def test_own_files_are_erased_and_the_proof_is_shown(portal: Portal) -> None:
    browser = await portal.filer()
    path = await begin(browser)
    await upload(browser, path, "RES_TAX", files.pdf())
    page = await browser.follow(await browser.open("/account"), "Erasure of files")
    wrong = await browser.send(page, "Ask for erasure")
    assert (wrong.status, "confirmed-wrong" in wrong.values("ul", "id")) == (422, True)
    document_id = (await portal.kept(browser, path))["documents"][0]["document_id"]
    assert (await browser.client.get(f"/api/v1/documents/{document_id}")).status_code == 200

    proof = await browser.send(wrong, "Ask for erasure", confirmed="yes")
    assert "Record of the erasure" in proof.h1
    assert "Within a few minutes" in proof.shown
    assert (await browser.client.get(f"/api/v1/documents/{document_id}")).status_code == 404
    assert proof.path.partition("?")[0] in (await browser.open("/account/erasure")).values("a", "href")
    again = await browser.send(page, "Ask for erasure", confirmed="yes")
    assert "There were no files to erase." in again.shown


async def test_another_part_of_the_photo_is_chosen_until_it_is_submitted(portal: Portal) -> None:
    browser = await portal.filer()
    path = await begin(browser)
    large = files.encoded(portrait(1800, 2400, Look(size=0.4, right=5)), "JPEG")
    page = await browser.open(f"{path}/photo")
    page = await browser.upload(page, photo_form(page), large)
    first = (await portal.kept(browser, path))["photo_id"]
    whole, printed = (next(src for src in page.values("img", "src") if f"size={size}" in src) for size in SIZES)
    for source, side in ((whole, 1200), (printed, 320)):
        with Image.open(BytesIO((await browser.client.get(source)).content)) as image:
            assert max(image.size) == side
    fields = page.form("Use this part").fields
    assert float(fields["part_left"]) > 35, "the part around the face"
    wrong = await browser.send(page, "Use this part", part_left="x", part_top="", part_width="60")
    assert wrong.status == 422
    assert {"part_left-wrong", "part_top-wrong"} <= set(wrong.values("ul", "id"))
    assert wrong.form("Use this part").fields["part_left"] == "x"
    outside = await browser.send(wrong, "Use this part", part_left="50", part_top="0", part_width="60")
    assert (outside.status, "part-wrong" in outside.values("ul", "id")) == (422, True)
    assert (await portal.kept(browser, path))["photo_id"] == first
    cut = await browser.send(outside, "Use this part", part_left="０", part_top="0%", part_width="100")
    assert "The photo was cropped again." in cut.shown
    second = (await portal.kept(browser, path))["photo_id"]
    assert second != first
    assert (await browser.client.get(f"/api/v1/documents/{first}")).status_code == 404, "the other one is deleted"
    back = await browser.send(cut, "Crop around the face again")
    assert back.form("Use this part").fields["part_left"] == fields["part_left"]
