"""Contact sheets of the emails: every template in every language as pictures, for people to look at before a release.

`python -m tests.browser.sheets FOLDER [LANGUAGE...]` writes `LANGUAGE-NUMBER.png`, and ends with the names of those
that are wider than a telephone.
"""

import asyncio
import sys
from datetime import date
from html import escape
from pathlib import Path
from re import search

from playwright.async_api import async_playwright

from services.notification.channels.mail.rendering import Site, render
from services.notification.messages.catalogue import WRITERS
from services.notification.messages.samples import SAMPLE_NAME, sample_of
from services.notification.settings import CONTACT, SERVICE
from shared.languages import LANGUAGES, known
from tests.browser.chromium import FLAGS, program

_SITE = Site("https://zairyu.example.jp", SERVICE, CONTACT)
_ON_A_SHEET = 15
_STYLE = """
body { margin: 16px; display: grid; grid-template-columns: repeat(5, 346px); gap: 16px; align-items: start }
article { border: 1px solid #999; font: 14px sans-serif }
h2 { font-size: 14px; margin: 0; padding: 8px; background: #eee }
article > div { width: 320px; padding: 12px; font: 16px/1.7 sans-serif; color: #1a1a1a }
"""
# Names of the templates whose text goes beyond its card.
_WIDE = "() => [...document.querySelectorAll('article')].filter(a => a.scrollWidth > a.clientWidth).map(a => a.id)"


async def draw(folder: Path, languages: list[str]) -> list[str]:
    """Draw the sheets; what is too wide, as `LANGUAGE TEMPLATE`."""
    found: list[str] = []
    names = sorted(WRITERS)
    folder.mkdir(parents=True, exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program(), args=list(FLAGS))
        page = await browser.new_page(viewport={"width": 1840, "height": 1000})
        page.set_default_timeout(300_000)
        for language in languages:
            for number in range(0, len(names), _ON_A_SHEET):
                cards = "".join(_card(template, language) for template in names[number : number + _ON_A_SHEET])
                await page.set_content(f"<!doctype html><html lang={language}><style>{_STYLE}</style><body>{cards}")
                found += [f"{language} {template}" for template in await page.evaluate(_WIDE)]
                await page.screenshot(path=folder / f"{language}-{number // _ON_A_SHEET + 1}.png", full_page=True)
        await browser.close()
    return found


def _card(template: str, language: str) -> str:
    """The subject and the part in the reader's language."""
    mail = render(template, dict(sample_of(template, date(2026, 7, 1))), known(language), _SITE, SAMPLE_NAME)
    section = search(r"(?s)<section.*?</section>", mail.html)
    assert section is not None
    return f"<article id={template}><h2>{template}: {escape(mail.subject)}</h2><div>{section[0]}</div></article>"


if __name__ == "__main__":
    wide = asyncio.run(draw(Path(sys.argv[1]), sys.argv[2:] or list(LANGUAGES)))
    sys.exit("\n".join(["too wide:", *wide]) if wide else 0)
