"""The filing of an extension in Chromium: with and without the script, with the keyboard alone, on a phone."""

import asyncio

import pytest
from playwright.async_api import FilePayload, Route

from tests.browser.filing import SAVE, answer_questions, filer, fill, send
from tests.browser.looking import Tab, Visitors
from tests.gateway.portal import WAY, complete_extension, typed_answers
from tests.services.document import files

LANGUAGES = pytest.mark.parametrize("lang", ["ja", "en"])


async def _begin(tab: Tab) -> str:
    await tab.page.goto("/applications/new/forms")
    await tab.page.select_option("#status-EXTEND", "EXTEND:ENG_HUM_INT:")
    await tab.press("form:has(#status-EXTEND) button")
    return tab.page.url.partition("?")[0]


@LANGUAGES
async def test_an_extension_from_the_questions_to_the_receipt(visitors: Visitors, lang: str) -> None:
    """Every page of it, with the script."""
    async with visitors.tab(lang) as tab:
        await filer(visitors, tab, f"filer.{lang}")
        path = await _begin_by_questions(tab)
        await _fill_topics(visitors, tab, path)
        await _attach(visitors, tab, path)
        await _submit(tab, path)
        await visitors.exchange()
        await tab.page.goto("/messages")
        await tab.look("messages-listed")
        await tab.page.click("main table a")
        await tab.look("message")


async def _begin_by_questions(tab: Tab) -> str:
    page = tab.page
    for name, address in (("", ""), ("-forms", "/forms"), ("-question", "/questions")):
        await page.goto(f"/applications/new{address}")
        await tab.look(f"new-application{name}")
    await tab.press("main form button")
    await tab.look("new-application-question-errors")
    path = await answer_questions(tab, WAY)
    await tab.look("draft-overview-empty")
    return path


async def _fill_topics(visitors: Visitors, tab: Tab, path: str) -> None:
    page = tab.page
    # Nobody files twice at the same time: each language has an applicant of its own.
    card = {"ja": "AB12345678CD", "en": "AB87654321CD"}[tab.lang]
    answers = typed_answers(complete_extension(visitors.clock) | {"residence_card_no": card})
    await tab.press("main .actions .button")
    await tab.look("topic-person-empty")
    await page.fill("#birth_date", "never")
    await tab.press(SAVE)
    await tab.look("topic-errors")
    while "/form/" in page.url:
        code = page.url.partition("?")[0].rpartition("/")[2]
        await fill(tab, answers)
        if code in ("person", "contact", "family", "education", "organisation", "job"):
            await tab.look(f"topic-{code}")
        await tab.press(SAVE)
    await page.goto(path)
    await tab.look("draft-overview")
    await page.goto(f"{path}/review")
    await tab.look("review-incomplete")


async def _attach(visitors: Visitors, tab: Tab, path: str) -> None:
    page = tab.page
    await page.goto(f"{path}/photo")
    await tab.look("photo-empty")
    await _choose_part(tab)
    await tab.press("main form:has(#PHOTO) > button")
    await page.wait_for_selector("main .file")
    # Kept was what lay in the frame.
    assert await page.locator("main .warning li").count() >= 1
    await send(tab, "PHOTO", "photo.jpg", files.jpeg(), "main:not(:has(.warning)) .file")
    await tab.look("photo-sent")
    await _move_part(tab)
    await visitors.exchange()
    await page.goto(f"{path}/documents")
    await tab.look("documents-empty")
    await page.check("#several-PASSPORT_CARD")
    await send(tab, "SEVERAL", "papers.pdf", files.pdf(3), "li:has(#PASSPORT_CARD-title) .file")
    await send(tab, "CAT_PROOF", "papers.pdf", b"no PDF", "#CAT_PROOF-wrong")
    await tab.look("documents-refused")
    await send(tab, "CAT_PROOF", "papers.pdf", files.pdf(), "li:has(#CAT_PROOF-title) .file")
    await visitors.exchange()
    await tab.look("documents-sent")
    sent = page.locator("li[id^=file-]").first
    await sent.locator("summary").click()
    await tab.look("documents-codes")
    await tab.press("li[id^=file-] button[value=codes] >> nth=0")
    assert await page.locator("main .success").count() == 1
    await tab.press("li[id^=file-] button[value=down] >> nth=0")
    assert await page.locator("main .success").count() == 1
    await page.locator("a.thumb").first.click()
    await page.wait_for_selector(".pages img")
    await page.fill("#q", "x")
    await tab.press("main form[role=search] button")
    await page.locator(".pages img").first.evaluate("image => image.decode()")
    await page.locator("main summary").click()
    await tab.look("file-pages")


async def _choose_part(tab: Tab) -> None:
    """The frame over a photo follows its corner and the mouse, and never leaves the picture."""
    page = tab.page
    photo = FilePayload(name="photo.jpg", mimeType="image/jpeg", buffer=files.jpeg(1200, 1600))
    await page.set_input_files("#PHOTO", photo)
    await page.click("details[data-ratio] summary")
    frame = page.locator(".cropper canvas").first
    await frame.wait_for()
    assert [await page.input_value(f"#crop_{side}") for side in ("left", "top", "width")] == ["0", "0", "100"]
    await frame.scroll_into_view_if_needed()
    box = await frame.bounding_box()
    assert box is not None
    wide, tall = box["width"], box["height"]

    async def drag(start: tuple[float, float], end: tuple[float, float]) -> None:
        await page.mouse.move(box["x"] + wide * start[0], box["y"] + tall * start[1])
        await page.mouse.down()
        await page.mouse.move(box["x"] + wide * end[0], box["y"] + tall * end[1], steps=3)
        await page.mouse.up()

    await drag((0.98, 0.98), (0.7, 0.7))
    width = float(await page.input_value("#crop_width"))
    assert 65 < width < 79
    await drag((0.3, 0.3), (0.9, 0.1))
    left, top = [float(await page.input_value(f"#crop_{side}")) for side in ("left", "top")]
    assert (round(left + width), top) == (100, 0)
    await tab.look("photo-part")


async def _move_part(tab: Tab) -> None:
    """The frame over the photo that was sent begins with the part that is kept, and follows the fields."""
    page = tab.page
    await page.locator("form[data-fields=part] .cropper canvas").first.wait_for()
    await page.fill("#part_width", "80")
    await page.keyboard.press("Tab")
    await tab.press("button[value=cut]")
    await page.wait_for_selector("main .success")
    assert await page.input_value("#part_width") == "80"
    await tab.press("button[value=propose]")
    await page.wait_for_selector("main:not(:has(.warning)) .file")


async def _submit(tab: Tab, path: str) -> None:
    page = tab.page
    await page.goto(f"{path}/notify")
    await tab.look("contact")
    await page.fill("#email", "an.nguyen@example.com")
    await tab.press("main form button[value=save]")
    await page.wait_for_url("**/review")
    await tab.look("review")
    await page.check("#intent_confirmed")
    await page.check("#truth_confirmed")
    await tab.press("main form button")
    await tab.look("receipt")
    assert "東オンＥＮ26" in await page.inner_text("main")


async def test_what_is_entered_is_saved_as_it_is_entered(visitors: Visitors) -> None:
    """The line below the form says so, a mistake is shown at its field, and a reload shows what was typed."""
    async with visitors.tab("en") as tab:
        page = tab.page
        await filer(visitors, tab, "autosave")
        path = await _begin(tab)
        await page.goto(f"{path}/form/person")
        await page.fill("#occupation", "engineer")
        await page.fill("#birth_date", "never")
        await page.press("#birth_date", "Tab")
        await page.wait_for_selector("#birth_date-wrong")
        assert "except where something has to be corrected" in await page.inner_text("#saved")
        await page.fill("#birth_date", "1995/4/12")
        await page.press("#birth_date", "Tab")
        await page.wait_for_selector("#birth_date-wrong", state="detached")
        await tab.look("topic-saved")
        await page.reload()
        assert await page.input_value("#occupation") == "engineer"
        assert await page.input_value("#birth_date") == "1995-04-12"


async def test_a_button_waits_for_the_saving_under_way(visitors: Visitors) -> None:
    """Answers of one's own are never reported as somebody else's, however slow saving is."""
    kept, released = asyncio.Event(), asyncio.Event()

    async def answer_late(route: Route) -> None:
        answer = await route.fetch()
        kept.set()
        await released.wait()
        await route.fulfill(response=answer)

    async with visitors.tab("en") as tab:
        page = tab.page
        await filer(visitors, tab, "waits")
        path = await _begin(tab)
        await page.goto(f"{path}/form/family")
        await page.route("**/autosave", answer_late)
        await page.check("#has_family-yes")
        await page.fill("#family-0-name", "TRAN THI BINH")
        await page.press("#family-0-name", "Tab")
        await kept.wait()
        async with page.expect_navigation():
            await page.click("button[value='row:family']")
            released.set()
        await page.unroute("**/autosave")
        await page.fill("#family-0-name", "TRAN THI CHI")
        await tab.press(SAVE)
        assert "Somebody else" not in await page.inner_text("main")
        await page.goto(f"{path}/form/family")
        assert await page.input_value("#family-0-name") == "ＴＲＡＮ　ＴＨＩ　ＣＨＩ"


async def test_what_a_button_sends_is_not_saved_beside_it(visitors: Visitors) -> None:
    """A row that was typed a moment before the next one is added is one's own, too."""
    async with visitors.tab("en") as tab:
        page = tab.page
        await filer(visitors, tab, "beside")
        path = await _begin(tab)
        await page.goto(f"{path}/form/family")
        saved: list[str] = []
        await page.check("#has_family-yes")
        await page.wait_for_selector("#saved:not(:empty)")
        page.on("request", lambda request: saved.append(request.url))
        await page.fill("#family-0-name", "TRAN THI BINH")
        await tab.press("button[value='row:family']")
        assert not [url for url in saved if url.endswith("/autosave")]
        await page.fill("#family-0-name", "TRAN THI CHI")
        await tab.press(SAVE)
        assert "Somebody else" not in await page.inner_text("main")


async def test_fields_that_do_not_apply_are_hidden_by_the_script_and_explained_without_it(visitors: Visitors) -> None:
    async with visitors.tab("en") as tab, visitors.tab("en", java_script_enabled=False) as plain:
        login_id = await filer(visitors, tab, "conditions")
        path = await _begin(tab)
        await tab.page.goto(f"{path}/form/stay")
        assert not await tab.page.is_visible("#residence_card_no")
        await tab.page.check("#has_card-yes")
        assert await tab.page.is_visible("#residence_card_no")
        assert not await tab.page.is_visible("#ed_num")
        await visitors.sign_in(plain, login_id)
        await plain.page.goto(f"{path}/form/stay")
        assert await plain.page.is_visible("#residence_card_no")
        assert "Only if “Holds a residence card” is “Yes”." in await plain.page.inner_text("main")


async def test_a_topic_is_filled_in_with_the_keyboard_alone(visitors: Visitors) -> None:
    """Every field is reached by Tab in the order of the page, and Enter saves and goes on."""
    async with visitors.tab("en") as tab:
        page = tab.page
        await filer(visitors, tab, "keyboard")
        path = await _begin(tab)
        await page.goto(f"{path}/form/contact")
        for name, value in (
            ("jp_postal", "1000013"),
            ("jp_address", "東京都千代田区霞が関1-1-1"),
            ("tel", "03-1234-5678"),
        ):
            while await page.evaluate("document.activeElement.id") != name:
                await page.keyboard.press("Tab")
            await page.keyboard.insert_text(value)
        async with page.expect_navigation():
            await page.keyboard.press("Enter")
        assert page.url == f"{path}/form/stay"
        await page.goto(f"{path}/form/contact")
        assert await page.input_value("#tel") == "0312345678"


async def test_the_postal_code_fills_in_the_address(visitors: Visitors) -> None:
    async with visitors.tab("en", java_script_enabled=False) as tab:
        page = tab.page
        await filer(visitors, tab, "postal")
        path = await _begin(tab)
        await page.goto(f"{path}/form/contact")
        await page.fill("#jp_postal", "100-0013")
        await page.fill("#tel", "03-1234-5678")
        await tab.press("button[value='address:jp_postal']")
        assert await page.input_value("#jp_address") == "東京都千代田区霞が関"
        assert await page.input_value("#tel") == "03-1234-5678"
