"""Behaviour that only a real browser shows: forced colours, what is printed, cards that are links as a whole."""

import pytest
from playwright.async_api import FilePayload

from tests.browser.looking import PHONE, Visitors
from tests.services.document import files

_LINE = """(one) => { const style = getComputedStyle(one);
  return [style.borderTopStyle, style.borderTopWidth, style.borderTopColor]; }"""


async def test_buttons_have_an_edge_in_forced_colours(visitors: Visitors) -> None:
    """[newcomers S2-27] Without a background of its own a button is known by its edge."""
    async with visitors.tab("en", forced_colors="active") as tab:
        await tab.page.goto("/sign-in")
        for selector in ("main form button", "main a.button"):
            style, width, colour = await tab.page.locator(selector).first.evaluate(_LINE)
            assert (style, width) == ("solid", "2px"), selector
            assert not colour.startswith("rgba"), (selector, colour)


async def test_the_focus_is_on_the_summary_of_mistakes(visitors: Visitors) -> None:
    """[newcomers S2-18] And Enter on one of its links leads to the field."""
    async with visitors.tab("en") as tab:
        await tab.page.goto("/sign-in")
        await tab.press("main form button")
        assert await tab.page.evaluate("document.activeElement.id") == "problem"
        assert await tab.page.locator("#problem").is_visible()
        await tab.page.keyboard.press("Tab")
        await tab.page.keyboard.press("Enter")
        assert tab.page.url.endswith("#login_id")


async def test_a_form_is_printed_with_what_was_typed(visitors: Visitors) -> None:
    """[newcomers S3] Fields stay, menus and buttons go."""
    async with visitors.tab("en") as tab:
        await tab.page.goto("/sign-in")
        await tab.page.fill("#login_id", "ZR-7K3M-9QXT")
        await tab.page.emulate_media(media="print")
        assert await tab.page.is_visible("#login_id")
        assert await tab.page.input_value("#login_id") == "ZR-7K3M-9QXT"
        for hidden in ("header nav", "footer nav", "main form button"):
            assert not await tab.page.locator(hidden).first.is_visible(), hidden


async def test_a_card_of_a_user_class_is_a_link_as_a_whole(visitors: Visitors) -> None:
    """[newcomers S3] A click beside the title leads on."""
    async with visitors.tab("en") as tab:
        await tab.page.goto("/register")
        card = tab.page.locator(".whole > li", has_text="Staff of an organisation")
        async with tab.page.expect_navigation():
            await card.click(position={"x": 10, "y": 10})
        assert tab.page.url.endswith("/usage-registration?role=org_staff")


async def test_the_start_page_has_two_columns_where_there_is_room(visitors: Visitors) -> None:
    """[newcomers S1-1] How it works beside signing in and registering; below each other on a phone."""
    async with visitors.tab("ja") as tab:
        await tab.page.goto("/")
        left, right = tab.page.locator(".opening > div"), tab.page.locator(".opening > aside")
        one, other = await left.bounding_box(), await right.bounding_box()
        assert one and other and one["x"] + one["width"] <= other["x"]
        await tab.page.set_viewport_size({"width": PHONE, "height": 900})
        one, other = await left.bounding_box(), await right.bounding_box()
        assert one and other and one["y"] + one["height"] <= other["y"]


async def test_the_focus_ring_is_black_with_yellow_inside(visitors: Visitors) -> None:
    """It is seen on every background: the outline of the Digital Agency Design System."""
    async with visitors.tab("ja") as tab:
        await tab.page.goto("/sign-in")
        for selector in ("a.skip", ".site a", "#login_id", "main form button", "main .links a"):
            one = tab.page.locator(selector).first
            await tab.page.keyboard.press("Tab")  # the ring is for people at a keyboard
            await one.focus()
            ring = await one.evaluate(
                "(one) => { const style = getComputedStyle(one); return [style.outlineColor, style.outlineWidth, "
                "style.boxShadow.startsWith('rgb(255, 212, 61)')]; }"
            )
            assert ring == ["rgb(0, 0, 0)", "4px", True], selector


async def test_every_page_can_be_used_with_the_keyboard_alone(visitors: Visitors) -> None:
    """From the skip link to the content, and from the first field to the button that sends the form."""
    async with visitors.tab("en") as tab:
        await tab.page.goto("/sign-in")
        await tab.page.keyboard.press("Tab")
        assert await tab.page.evaluate("document.activeElement.className") == "skip"
        await tab.page.keyboard.press("Enter")
        await tab.page.keyboard.press("Tab")
        assert await tab.page.evaluate("document.activeElement.id") == "login_id"
        for _ in range(2):
            await tab.page.keyboard.press("Tab")
        async with tab.page.expect_navigation():
            await tab.page.keyboard.press("Enter")
        assert await tab.page.locator("#problem").is_visible()


def _scan(content: bytes) -> FilePayload:
    return {"name": "scan.pdf", "mimeType": "application/pdf", "buffer": content}


@pytest.mark.parametrize("scripts", [True, False])
async def test_a_file_is_uploaded_with_and_without_scripts(visitors: Visitors, scripts: bool) -> None:
    """With scripts its progress is shown; the page after it is the same, at the same address."""
    async with visitors.tab("en", java_script_enabled=scripts) as tab:
        path = await visitors.draft(tab, f"upload.{scripts}@example.co.jp".lower())
        await tab.page.goto(f"{path}/documents")
        await tab.page.locator("#UA_CATEGORY").set_input_files(_scan(b"no pdf"))
        await tab.page.locator("form:has(#UA_CATEGORY) button").click()
        await tab.page.locator("#UA_CATEGORY-wrong").wait_for()
        assert await tab.page.locator("#problem").count() == 1
        await tab.page.locator("#UA_CATEGORY").set_input_files(_scan(files.pdf()))
        await tab.page.locator("form:has(#UA_CATEGORY) button").click()
        await tab.page.get_by_role("link", name="scan.pdf").wait_for()
        assert tab.page.url.endswith("/documents#UA_CATEGORY-title")
        assert await tab.page.locator("progress").count() == 0


async def test_the_progress_of_an_upload_is_shown(visitors: Visitors) -> None:
    """While the answer is not there, the page says so, and the button cannot be pressed again."""
    async with visitors.tab("en") as tab:
        path = await visitors.draft(tab, "progress@example.co.jp")
        await tab.page.goto(f"{path}/documents")
        await tab.page.route("**/upload/**", lambda route: None)
        await tab.page.locator("#UA_CATEGORY").set_input_files(_scan(files.pdf()))
        button = tab.page.locator("form:has(#UA_CATEGORY) button")
        await button.click()
        assert await tab.page.locator("progress").is_visible()
        assert (await tab.page.locator("#UA_CATEGORY-progress").inner_text()).startswith("Uploading")
        assert await button.is_disabled()


async def test_nothing_moves_for_people_who_asked_for_that(visitors: Visitors) -> None:
    async with visitors.tab("ja", reduced_motion="reduce") as tab:
        await tab.page.goto("/components")
        moving = await tab.page.evaluate(
            "() => [...document.querySelectorAll('*')].filter((one) => { const style = getComputedStyle(one);"
            " return style.transitionDuration !== '0s' || style.animationName !== 'none'; }).length"
        )
        assert moving == 0


async def test_a_page_is_printed_by_its_button(visitors: Visitors) -> None:
    """The button is there for scripts alone."""
    async with visitors.tab("ja") as tab:
        await tab.page.add_init_script("window.print = () => { document.title = 'printed'; };")
        await tab.page.goto("/components")
        await tab.page.locator("button[data-print]").click()
        assert await tab.page.title() == "printed"
    async with visitors.tab("ja", java_script_enabled=False) as tab:
        await tab.page.goto("/components")
        assert not await tab.page.locator("button[data-print]").is_visible()
