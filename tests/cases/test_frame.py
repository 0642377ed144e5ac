"""The frame of every page: who is signed in, who runs the site, files that caches keep, links that lead somewhere."""

import gzip
import re
from datetime import date
from urllib.parse import urljoin, urlsplit

import httpx
import pytest

from services.gateway.edge.operator import operators
from services.gateway.pages.kit.static import address
from services.gateway.pages.public.site_texts import site_texts
from services.gateway.pages.public.start import procedures
from services.gateway.settings import Settings
from services.gateway.texts import PAGES
from shared.auth import Role
from shared.reference.fees import fee
from shared.texts import Text
from shared.translations import language_of
from tests.cases.pages import DraftPages, house
from tests.gateway.browser import Browser, Page
from tests.gateway.conftest import GatewayClient
from tests.gateway.identity import Identity
from tests.services.registration.site import PASSWORD

__all__ = ["house"]
ABOUT = ["/verify", "/help", "/contact", "/terms", "/privacy", "/accessibility", "/docs"]
EVERYBODY = ["/", "/register", "/sign-in", "/usage-registration", "/nothing-here", *ABOUT]


async def _signed_in(people: Identity) -> Browser:
    person = await people.site.person()
    browser = await people.browser()
    await browser.sign_in(person.login_id, PASSWORD)
    return browser


@pytest.mark.parametrize("path", ["/", "/help", "/sign-in", "/nothing-here", "/register", "/account", "/docs"])
async def test_every_page_says_who_is_signed_in_with_a_menu(people: Identity, path: str) -> None:
    """[newcomers S2-17] Name, organisation and role; the start page, error pages and the sign-in page too."""
    browser = await _signed_in(people)
    page = await browser.open(path)
    head = page.answer.text.partition("<main")[0]
    assert "見本 花子" in head
    assert "株式会社見本" in head
    assert "Staff of an organisation" in head
    for menu in ("/account", "/account/security", "/account/sessions", "/account/systems", "/usage-registration"):
        assert f'href="{menu}"' in head
    assert 'href="/sign-in"' not in page.answer.text
    assert 'href="/register"' not in head
    assert page.forms[0].attributes["action"] == "/sign-out"
    out = await browser.send(page, page.forms[0])
    assert (out.path, browser.cookie) == ("/sign-in?done=signed-out", None)


async def test_the_sign_in_page_leads_on_who_is_signed_in(people: Identity) -> None:
    """[newcomers S2-17] No form for the login id: the way on, and the way out for another account."""
    browser = await _signed_in(people)
    page = await browser.open("/sign-in?return_to=%2Faccount%2Fsessions")
    assert "You are signed in as 見本 花子." in page.shown
    assert page.links["Continue"] == "/account/sessions"
    assert "login_id" not in {name for form in page.forms for name in form.fields}


async def test_the_head_costs_no_call_beyond_the_session(gateway: GatewayClient) -> None:
    """[newcomers S2-17] Name and organisation come with the token, which is remembered."""
    await gateway.sign_in()
    for path in ("/", "/help", "/register", "/"):
        assert (await gateway.browser.get(path)).status_code == 200
    assert gateway.registration.exchanged == 1


async def test_a_session_that_is_over_is_forgotten_by_public_pages_too(people: Identity) -> None:
    """[newcomers S2-17] The page is shown as to everybody, and the cookie goes."""
    browser = await people.browser()
    browser.client.cookies.set("zairyu_session", "over", domain="127.0.0.1")
    page = await browser.open("/")
    assert (page.status, browser.cookie) == (200, None)
    assert "/sign-in" in page.values("a", "href")


async def test_an_officer_without_a_second_factor_has_the_way_out_alone(people: Identity) -> None:
    """[newcomers S2-17] The menu offers nothing that would be refused."""
    await people.site.officer(Role.EXAMINER, login_id="examiner.tyo")
    browser = await people.browser()
    page = await browser.sign_in("examiner.tyo", PASSWORD)
    head = page.answer.text.partition("<main")[0]
    assert 'action="/sign-out"' in head
    assert 'href="/account' not in head


@pytest.mark.parametrize("lang", ["ja", "en"])
async def test_the_foot_says_who_runs_the_site_and_that_it_is_not_the_agencys(
    gateway: GatewayClient, lang: str
) -> None:
    """[newcomers S3] Links to help, contact, terms, privacy and accessibility; what is not set says so."""
    words = {
        "ja": ("運営者", "未設定（見本のサイトです）", "出入国在留管理庁のウェブサイトではありません"),
        "en": ("Operator", "Not configured (this is a sample site)", "It is not the website of the Immigration"),
    }[lang]
    for path in EVERYBODY:
        answer = await gateway.browser.get(path, headers={"Accept-Language": lang, "Accept": "text/html"})
        foot = answer.text.rpartition("<footer")[2]
        assert all(word in foot for word in words), path
        assert set(ABOUT) <= set(re.findall(r'href="([^"]+)"', foot))


def test_the_operator_is_named_in_both_languages() -> None:
    """[newcomers S3] Settings with one text for each language; a telephone number and a URL, and nothing else."""
    settings = Settings(
        operator_name="見本機構/Sample", contact_hours="平日/Weekdays", contact_telephone="03-1234-5678"
    )
    said = operators(settings)
    assert (said["ja"].name, said["en"].name, said["en"].hours) == ("見本機構", "Sample", "Weekdays")
    assert said["ja"].is_reachable
    with pytest.raises(ValueError, match="contact_url"):
        Settings(contact_url="javascript:alert(1)")
    with pytest.raises(ValueError, match="contact_telephone"):
        Settings(contact_telephone="<b>")


@pytest.mark.parametrize("path", ["/help", "/contact", "/privacy", "/accessibility"])
async def test_texts_about_the_site_have_a_date_and_say_that_they_are_samples(people: Identity, path: str) -> None:
    """[newcomers S3] In both languages, until the operator replaces them."""
    browser = await people.browser()
    english = await browser.open(path)
    assert "Last updated: 29 November 2026" in english.shown
    assert "This is a sample" in english.shown
    assert "見本です" in (await browser.open(f"{path}?lang=ja")).shown


@pytest.mark.parametrize(
    ("path", "lang", "said"), [("/help", "vi", "Tôi không nhận được email"), ("/contact", "zh-Hant", "關於審查")]
)
async def test_samples_are_in_the_language_of_the_page(people: Identity, path: str, lang: str, said: str) -> None:
    page = await (await people.browser()).open(f"{path}?lang={lang}")
    assert said in page.shown
    assert f'<h1 lang="{lang}">' in page.answer.text


def test_texts_that_are_not_whole_in_a_language_are_in_the_official_one() -> None:
    """A paragraph of the operator's own has no translation; beside the others it would be half of a text."""
    text = site_texts().current("help", date(2026, 12, 1))
    own = Text("年末年始は休みます。", "We are closed at the turn of the year.")
    assert [language_of(text.texts, lang) for lang in ("ja", "en", "ko", "ja-simple")] == [
        "ja",
        "en",
        "ko",
        "ja-simple",
    ]
    assert [language_of([*text.texts, own], lang) for lang in ("ja", "ko", "ja-simple")] == ["ja", "en", "ja"]


def test_an_operators_own_texts_need_all_four(tmp_path: object) -> None:
    """[newcomers S3] A missing text is reported with the name of its file."""
    with pytest.raises(ValueError, match=r"privacy-YYYY-MM-DD\.toml"):
        site_texts(str(tmp_path))


async def _crawled(browser: Browser, beginning: str) -> dict[str, int]:
    """Every page of the site that links lead to from `beginning`, with its status."""
    seen: dict[str, int] = {}
    waiting = [beginning]
    while waiting:
        path = waiting.pop()
        answer = await browser.get(path)
        seen[path] = answer.status_code
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        for href in Page(answer).values("a", "href") + Page(answer).values("link", "href"):
            target = urlsplit(urljoin(str(answer.url), href.replace("&amp;", "&")))
            found = target.path + (f"?{target.query}" if target.query else "")
            known = found in seen or found in waiting or "lang=" in found or "done=" in found
            if href[0] in "/?" and not known and not found.startswith("/identity/start"):
                waiting.append(found)
    return seen


def _elsewhere(seen: dict[str, int]) -> set[str]:
    """Pages of services that do not run here; these pages have tests of their own."""
    others = ("/account/messages", "/account/webhooks", "/applications", "/imports", "/stays", "/messages", "/times")
    return {path for path in seen if path.startswith(others)}


async def test_no_link_of_a_public_page_is_dead(house: DraftPages) -> None:
    """[newcomers S1-1, newcomers S3] Every link of every page that is reached from the start page leads to a page."""
    seen = await _crawled(await house.front.browser(), "/")
    assert {path for path, status in seen.items() if status >= 400} <= _elsewhere(seen)
    assert set(EVERYBODY) - {"/nothing-here"} <= set(seen)


async def test_no_link_of_ones_own_pages_is_dead(house: DraftPages) -> None:
    """[newcomers S1-1, newcomers S3] The same for who is signed in."""
    person = await house.site.person()
    browser = await house.front.browser()
    await browser.sign_in(person.login_id, PASSWORD)
    seen = await _crawled(browser, "/account")
    assert {path for path, status in seen.items() if status >= 400} <= _elsewhere(seen)
    assert {"/account/security", "/account/systems/add", "/account/email", "/usage-registration"} <= set(seen)


async def test_the_start_page_promises_what_is_there(people: Identity) -> None:
    """[newcomers S1-1] For each kind of visitor what they can do and where they register; procedures with the fees of
    the day; nothing for programs."""
    browser = await people.browser("ja")
    page = await browser.open("/")
    for kind in ("self", "family", "staff", "professional"):
        assert PAGES["ja"]["start"][kind] in page.texts["h3"]
    assert "準備中" not in page.shown and "API" not in page.answer.text.partition("<footer")[0]
    # Without an identity provider persons cannot register here, and the page says so.
    assert "本人確認サービスが設定されていません" in page.shown
    assert "/register/personal?role=self" not in page.values("a", "href")
    day = people.clock.now().date()
    shown = {row.name.en: (row.online, row.counter) for row in procedures(day, "en")}
    assert shown["Extension of period of stay"] == tuple(
        f"¥{fee('EXTEND', channel, day, stay='M3'):,} to ¥{fee('EXTEND', channel, day, stay='Y5'):,}, "
        "by the period of stay granted"
        for channel in ("online", "counter")
    )
    assert shown["Permanent residence"][0] == "–"
    channels = {row.name.en: row.channel for row in procedures(day, "en")}
    assert channels["Permanent residence"] == "no" and channels["Re-entry permit"] == "with_main"
    assert shown["Re-entry permit"][1] == "¥4,000 (single), ¥7,000 (multiple)"


def test_fees_on_the_start_page_are_those_of_the_day() -> None:
    """[newcomers S1-1] The rule is asked: before the rise of 2025 it said less."""
    before = {row.name.en: row.counter for row in procedures(date(2025, 3, 31), "en")}
    assert before["Extension of period of stay"] == "¥4,000"
    before = {row.name.ja: row.online for row in procedures(date(2026, 9, 30), "ja")}
    since = {row.name.ja: row.online for row in procedures(date(2026, 10, 1), "ja")}
    assert before["在留期間更新許可申請"] == "5,500円"
    assert since["在留期間更新許可申請"] == "10,000円～65,000円（許可される在留期間による）"


async def test_static_files_are_kept_for_a_year_under_a_name_that_changes_with_them(gateway: GatewayClient) -> None:
    """[newcomers S3] A release never meets an old style sheet; the old name is gone."""
    page = (await gateway.browser.get("/")).text
    for name, kind in (("zairyu.css", "text/css"), ("mark.svg", "image/svg+xml")):
        assert f'"{address(name)}"' in page
        answer = await gateway.browser.get(address(name))
        assert answer.headers["content-type"].startswith(kind)
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert (await gateway.browser.get("/static/zairyu.css")).status_code == 404
    assert (await gateway.browser.get("/static/..%2fsettings.py")).status_code == 404


async def test_browsers_and_search_engines_find_what_they_look_for(gateway: GatewayClient) -> None:
    """[newcomers S3] A favicon, robots.txt, theme colour and description."""
    icon = await gateway.browser.get("/favicon.ico")
    assert (icon.status_code, icon.content[:4]) == (200, b"\x00\x00\x01\x00")
    robots = (await gateway.browser.get("/robots.txt")).text.splitlines()
    assert {"User-agent: *", "Disallow: /account", "Disallow: /password/"} <= set(robots)
    page = (await gateway.browser.get("/")).text
    assert '<meta name="theme-color" content="#0017c1">' in page
    assert re.search(r'<meta name="description" content="[^"]{20,}">', page)


async def _raw(gateway: GatewayClient, path: str) -> httpx.Response:
    return await gateway.browser.get(path, headers={"Accept-Encoding": "gzip", "Accept": "text/html"})


@pytest.mark.parametrize("path", ["/", "/docs", "/openapi.json", address("zairyu.css"), address("passkeys.js")])
async def test_answers_without_secrets_are_compressed(gateway: GatewayClient, path: str) -> None:
    """[newcomers S3] A third of the bytes or less."""
    answer = await _raw(gateway, path)
    assert answer.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["vary"]
    assert int(answer.headers["content-length"]) < len(answer.content) * 0.6
    plain = await gateway.browser.get(path, headers={"Accept-Encoding": "identity", "Accept": "text/html"})
    assert "content-encoding" not in plain.headers
    assert gzip.compress(plain.content)


async def test_pages_with_a_secret_are_not_compressed(gateway: GatewayClient) -> None:
    """[newcomers S3] The size of a compressed page would tell its CSRF token, guess by guess (BREACH)."""
    await gateway.sign_in()
    page = await _raw(gateway, "/")
    assert 'name="csrf_token"' in page.text
    assert "content-encoding" not in page.headers
    assert (await _raw(gateway, address("zairyu.css"))).headers["content-encoding"] == "gzip"
    gateway.browser.cookies.clear()
    gateway.browser.cookies.set("zairyu_session_draft", "a key", domain="127.0.0.1")
    assert "content-encoding" not in (await _raw(gateway, "/usage-registration")).headers
    assert "content-encoding" not in (await gateway.browser.get("/api/v1/applications/1")).headers


async def test_the_interface_is_a_page_for_phones_in_the_language_of_its_columns(gateway: GatewayClient) -> None:
    """[newcomers S2-28] Cells name their column, English ones say so; and it is made once for all readers."""
    answer = await gateway.browser.get("/docs", headers={"Accept-Language": "ja"})
    assert '<table class="stacked">' in answer.text
    assert 'data-label="内容"><span lang="en">' in answer.text
    made = gateway.app.state.gateway.contracts.pages["ja"]
    await gateway.browser.get("/docs?lang=ja")
    assert gateway.app.state.gateway.contracts.pages["ja"] is made
    await gateway.sign_in()
    assert 'action="/sign-out"' in (await gateway.browser.get("/docs?lang=ja")).text


async def test_the_steps_of_a_usage_registration_are_shown(house: DraftPages) -> None:
    """[newcomers S3] The page marks the current step among form, documents, check and done."""
    browser = await house.front.browser()
    page = await house.begun(browser)
    assert 'aria-current="step"><span>Form' in page.answer.text


async def test_the_periodic_report_is_linked_once_it_is_open(people: Identity) -> None:
    """[newcomers S3] Before, its days are told without a link."""
    browser = await _signed_in(people)
    page = await browser.open("/account")
    assert "Open from" in page.shown
    assert "/account/periodic-report" not in page.values("a", "href")
