"""Pages in every language that is offered: the choice, refusals, words of services, and the officers' desk."""

import re

import pytest

from services.gateway.pages.kit.form_answers import Answered, answered_rows
from services.gateway.pages.kit.form_data import Item
from services.gateway.pages.kit.words import official_words, say
from services.gateway.texts import AT_DESK, OFFERED, PAGES
from shared.errors import NotFound, Text
from shared.languages import LANGUAGES, OFFICIAL, Lang, official
from tests.gateway.browser import Page
from tests.gateway.conftest import GatewayClient
from tests.gateway.identity import Identity
from tests.guards.sources import ROOT

TRANSLATED = [lang for lang in OFFERED if lang not in OFFICIAL]


async def test_every_language_is_a_link_to_the_same_page(gateway: GatewayClient) -> None:
    """With its query, under its own name, and the current one marked; the choice is kept."""
    for lang in OFFERED:
        gateway.browser.cookies.clear()
        headers = {"Accept": "text/html", "Accept-Language": f"xx, {lang};q=0.8"}
        page = Page(await gateway.browser.get("/terms?version=2026-11-29", headers=headers))
        assert page.answer.headers["content-language"] == lang
        links = [attributes for tag, attributes in page.tags if tag == "a" and "hreflang" in attributes]
        assert [(one["lang"], one["hreflang"], one["href"]) for one in links] == [
            (each, each, f"?version=2026-11-29&lang={each}") for each in OFFERED
        ]
        assert [one["lang"] for one in links if one.get("aria-current") == "true"] == [lang]
        assert {LANGUAGES[each].name for each in OFFERED} <= set(page.links)
        chosen = await gateway.browser.get(f"/?lang={lang}", headers={"Accept": "text/html"})
        assert f"zairyu_language={lang};" in chosen.headers["set-cookie"]
        refused = Page(await gateway.browser.get("/nothing-here", headers={"Accept": "text/html"}))
        assert refused.h1 == say(NotFound.title, lang)
        assert refused.answer.headers["content-language"] == lang


async def test_a_language_that_is_not_offered_is_no_choice(gateway: GatewayClient) -> None:
    headers = {"Accept": "text/html", "Accept-Language": "en"}
    for lang in (lang for lang in LANGUAGES if lang not in OFFERED):
        answer = await gateway.browser.get("/", params={"lang": lang}, headers=headers)
        assert (answer.status_code, answer.headers["content-language"]) == (200, "en")
        assert "zairyu_language" not in answer.headers.get("set-cookie", "")


@pytest.mark.skipif(not TRANSLATED, reason="no language beside the official ones is offered")
async def test_refusals_come_in_the_readers_language_and_the_desk_in_one_that_it_has(people: Identity) -> None:
    """Answers of registration too; behind the desk, the reader is back in the own language."""
    lang = TRANSLATED[-1]
    browser = await people.browser(lang)
    said = []
    for one in (*OFFICIAL, lang):
        page = await browser.open(f"/sign-in?lang={one}")
        wrong = await browser.send(page, PAGES[one]["frame"]["sign_in"], login_id="TYO-000001", password="wrong")
        assert (wrong.status, wrong.answer.headers["content-language"]) == (422, one)
        said.append(" ".join(wrong.texts["li"]))
    assert len(set(said)) == 3, said
    desk = await browser.open(f"/desk/nothing-here?lang={lang}")
    assert desk.answer.headers["content-language"] == (lang if lang in AT_DESK else official(lang))
    assert desk.h1 == say(NotFound.title, lang if lang in AT_DESK else official(lang))
    assert set(desk.values("a", "hreflang")) == set(AT_DESK)
    assert (await browser.open("/help")).answer.headers["content-language"] == lang


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_field_and_its_answer_have_the_official_words_beside_a_translation(lang: Lang) -> None:
    """They are there if they differ. Words that a service brings in the reader's language come first."""
    label = {"ja": "国籍・地域", "en": "Nationality or region"}
    option = {"ja": "ベトナム", "en": "Viet Nam", "vi": "Việt Nam"}
    published = {"code": "a", "label": label, "help": None, "sample": None, "most": None, "unit": None}
    published |= {"kind": "choice", "required": "always", "when": None, "options_by": None, "rows": None}
    item = Item.of(published | {"options": [{"code": "VNM", "label": option}]})
    answered = Answered.of(item, "VNM", lang)
    assert (answered.label, answered.text) == (say(label, lang), say(option, lang))
    assert answered.official_text == ("" if lang in OFFICIAL or say(option, lang) == "ベトナム" else "ベトナム")
    assert answered.official_label == ("" if lang in OFFICIAL or say(label, lang) == label["ja"] else label["ja"])
    assert say(option, "vi") == "Việt Nam"
    assert official_words(Text("同じ", "Same"), "ja") == ""
    table = Item.of(published | {"options": None, "rows": {"most": 2, "fields": [published | {"options": None}]}})
    assert answered_rows(table, [{"a": "x"}, {}], lang)[0][0].text == "x"
    assert answered_rows(item, "VNM", lang) == ()
    # People type what they read.
    assert [item.codes[text] for text in ("ベトナム", "vietnam", "vnm")] == ["VNM"] * 3


def test_every_font_stack_is_chosen_by_a_language_that_there_is() -> None:
    sheet = ROOT / "services/gateway/static/zairyu.css"
    named = set(re.findall(r'\[lang\|="([\w-]+)"\]', sheet.read_text(encoding="utf-8")))
    assert named == {lang for lang in LANGUAGES if lang not in ("ja-simple", "en")}
