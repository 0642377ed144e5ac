"""Behaviour that only a real browser shows: forced colours, what is printed, cards that are links as a whole."""

import pytest

from tests.browser.looking import PHONE, Visitors

pytestmark = pytest.mark.asyncio(loop_scope="session")
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
