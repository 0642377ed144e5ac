"""Pictures of pages and components: made small, and compared where the same fonts are."""

import json
from pathlib import Path

from PIL import Image, ImageChops, ImageStat
from playwright.async_api import Page

HERE = Path(__file__).parent / "pictures"
FONTS = HERE / "fonts.json"
# Of all 255 steps of a channel, on average over the picture: two shades of a line, and no moved or recoloured part.
TOLERANCE = 1.5
# Widths of texts say which fonts draw them, and the browser's version how.
_MEASURED = """() => { const context = document.createElement("canvas").getContext("2d");
  const family = getComputedStyle(document.documentElement).fontFamily;
  return ["在留資格認定証明書", "Certificate of Eligibility", "0123456789"].map((text) => {
    context.font = `16px ${family}`;
    return Math.round(context.measureText(text).width * 100) / 100; }); }"""


async def fonts_of(page: Page) -> dict[str, object]:
    """The fonts and the browser that draw a page."""
    browser = page.context.browser
    version = browser.version.partition(".")[0] if browser else ""
    return {"browser": version, "widths": await page.evaluate(_MEASURED)}


def known_fonts() -> dict[str, object]:
    """Those that drew the pictures that are kept."""
    known: dict[str, object] = json.loads(FONTS.read_text(encoding="utf-8")) if FONTS.exists() else {}
    return known


def keep(picture: Image.Image, path: Path, colours: int = 64) -> None:
    """Write a picture as a small file, with a palette."""
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.quantize(colours).save(path, optimize=True)


def reduced(picture: Image.Image, scale: float) -> Image.Image:
    """A picture in three channels, reduced in size."""
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.convert("RGB").resize(size, Image.Resampling.BOX)


def difference(now: Image.Image, path: Path) -> float:
    """Distance of a picture from the one that is kept, in steps of a channel; 255 for another size."""
    kept = Image.open(path).convert("RGB")
    if abs(now.width - kept.width) > 1 or abs(now.height - kept.height) > 1:
        return 255.0
    one, other = (Image.new("RGB", (max(now.width, kept.width), max(now.height, kept.height)), "white") for _ in "12")
    one.paste(now)
    other.paste(kept)
    return float(max(ImageStat.Stat(ImageChops.difference(one, other)).mean))
