"""The page of components in Chromium: looked at like every page, and each component compared with its picture."""

import json
import os
from io import BytesIO

import pytest
from PIL import Image

from tests.browser.looking import DESKTOP, Visitors
from tests.browser.pictures import FONTS, HERE, TOLERANCE, difference, fonts_of, keep, known_fonts, reduced

SCALE = 0.5
_BOXES = """() => Object.fromEntries([...document.querySelectorAll("[data-component]")].map((one) => {
  const { left, top, right, bottom } = one.getBoundingClientRect();
  return [one.dataset.component, [left, top + scrollY, right, bottom + scrollY]]; }))"""
_RENEW = os.environ.get("ZAIRYU_TEST_PICTURES") == "renew"


@pytest.mark.parametrize("lang", ["ja", "en"])
async def test_components_are_accessible_at_every_width(visitors: Visitors, lang: str) -> None:
    async with visitors.tab(lang) as tab:
        await tab.page.goto("/components")
        await tab.look("components")


async def test_every_component_looks_as_in_its_picture(visitors: Visitors) -> None:
    """`ZAIRYU_TEST_PICTURES=renew` writes them again. Other fonts draw other pictures: then they are not compared."""
    async with visitors.tab("ja") as tab:
        await tab.page.set_viewport_size({"width": DESKTOP, "height": 900})
        await tab.page.goto("/components")
        fonts = await fonts_of(tab.page)
        if not _RENEW and fonts != known_fonts():
            pytest.skip(f"the pictures were drawn with other fonts: {known_fonts()}, not {fonts}")
        whole = Image.open(BytesIO(await tab.page.screenshot(full_page=True, animations="disabled", caret="hide")))
        boxes: dict[str, list[float]] = await tab.page.evaluate(_BOXES)
        wrong: dict[str, object] = {}
        for name, box in boxes.items():
            path, (left, top, right, bottom) = HERE / f"{name}.png", map(round, box)
            picture = reduced(whole.crop((left, top, right, bottom)), SCALE)
            if _RENEW:
                keep(picture, path, 128)
            elif not path.exists() or difference(picture, path) > TOLERANCE:
                wrong[name] = difference(picture, path) if path.exists() else "no picture"
        if _RENEW:
            FONTS.write_text(json.dumps(fonts, indent=2) + "\n", encoding="utf-8")
        assert wrong == {}
        assert {path.stem for path in HERE.glob("*.png")} <= set(boxes), "a picture of no component"
