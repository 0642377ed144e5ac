"""Pictures of a document in Chromium: sent together, in parts where they are large, and put in order by hand."""

from playwright.async_api import FilePayload

from tests.browser.filing import filer
from tests.browser.looking import Tab, Visitors
from tests.services.document import files
from tests.services.document.test_picture_documents import saved, sheet

_PAGES = "form[data-pages]"


async def _order(tab: Tab) -> list[str]:
    names: list[str] = await tab.page.locator(f"{_PAGES} ol p").all_inner_texts()
    return names


async def test_pictures_are_sent_together_and_their_pages_are_moved_by_keys_and_dragged(visitors: Visitors) -> None:
    large = files.encoded(sheet(2).convert("L"), "PNG", compress_level=0)
    async with visitors.tab("en") as tab:
        await filer(visitors, tab, "pictures")
        await tab.page.goto("/applications/new/forms")
        await tab.page.select_option("#status-EXTEND", "EXTEND:ENG_HUM_INT:")
        await tab.press("form:has(#status-EXTEND) button")
        await tab.page.goto(f"{tab.page.url.partition('?')[0]}/documents")
        await tab.page.check("#several-PASSPORT_CARD")
        chosen = [
            FilePayload(name="one.jpg", mimeType="image/jpeg", buffer=saved(1)),
            FilePayload(name="two.png", mimeType="image/png", buffer=large),
            FilePayload(name="three.jpg", mimeType="image/jpeg", buffer=saved(3)),
        ]
        await tab.page.set_input_files("#SEVERAL", chosen)
        await tab.page.click("form:has(#SEVERAL) button")
        await tab.page.wait_for_selector(_PAGES, state="attached", timeout=60_000)
        await tab.page.click(f"details:has({_PAGES}) > summary")
        assert await _order(tab) == ["one.jpg", "two.png", "three.jpg"]
        await tab.look("picture-pages")

        # A button moves the page without loading, and keeps the focus where there is something to press.
        await tab.page.click(f"{_PAGES} li:nth-child(3) button:has-text('Up')")
        await tab.page.keyboard.press("Enter")
        assert await _order(tab) == ["three.jpg", "one.jpg", "two.png"]
        last = await tab.page.locator(f"{_PAGES} li:nth-child(3)").bounding_box()
        assert last is not None
        await tab.page.hover(f"{_PAGES} li:nth-child(1) p")
        await tab.page.mouse.down()
        for below in (8, 4):
            await tab.page.mouse.move(last["x"] + 20, last["y"] + last["height"] - below)
        await tab.page.mouse.up()
        assert (await _order(tab))[-1] == "three.jpg"
        places = tab.page.locator(f"{_PAGES} [name=place]")
        assert [await one.input_value() for one in await places.all()] == ["1", "2", "3"]
        await tab.press(f"{_PAGES} button.second")
        await tab.page.click(f"details:has({_PAGES}) > summary")
        assert await _order(tab) == ["one.jpg", "two.png", "three.jpg"]
