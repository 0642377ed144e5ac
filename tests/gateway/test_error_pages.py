"""Error pages for people, in their language; programs still get problem+json."""

import re
from pathlib import Path

import pytest

import services.gateway
from services.gateway.edge.context import CurrentGateway
from services.gateway.pages.kit.static import address
from services.gateway.texts import PAGES
from shared.auth import Role, public
from tests.gateway.browser import Browser, Page
from tests.gateway.conftest import GatewayClient

PEOPLE = {"Accept": "text/html", "Accept-Language": "ja"}
HERE = Path(services.gateway.__file__).parent
_GAP = re.compile(r"\{(\w+)(?::\w+)?\}")


@pytest.fixture
def browser(gateway: GatewayClient) -> Browser:
    gateway.browser.headers.update(PEOPLE)
    return Browser(gateway.url, gateway.browser)


async def test_an_address_that_leads_nowhere(browser: Browser) -> None:
    page = await browser.open("/nowhere")
    assert (page.status, page.h1) == (404, "見つかりません")
    assert "アドレスが正しいか確認してください" in page.shown
    assert page.answer.headers["x-request-id"] in page.shown
    assert (await browser.open("/sign-in/nowhere")).status == 404
    assert Page(await browser.client.post("/docs")).status == 405


async def test_programs_get_problems_whatever_they_accept(browser: Browser) -> None:
    for path in ("/api/v1/nowhere", "/session"):
        answer = await browser.client.get(path)
        assert answer.headers["content-type"] == "application/problem+json"
    answer = await browser.client.get("/nowhere", headers={"Accept": "*/*"})
    assert answer.headers["content-type"] == "application/problem+json"


async def test_the_language_that_was_chosen_goes_along(browser: Browser) -> None:
    assert (await browser.open("/nowhere")).answer.headers["content-language"] == "ja"
    page = await browser.follow(await browser.open("/sign-in?return_to=/account/email"), "English")
    assert page.path == "/sign-in?return_to=%2Faccount%2Femail&lang=en"
    assert {"HttpOnly", "SameSite=lax"} <= set(page.answer.headers["set-cookie"].split("; "))
    assert (await browser.open("/nowhere")).h1 == "Not found"
    assert (await browser.open("/")).answer.headers["content-language"] == "en"
    # Also what registration answers, and what the page says itself.
    wrong = await browser.send(page, "Sign in", login_id="TYO-000001", password="wrong")
    assert "Sign in first" in wrong.shown
    assert "日本語" in wrong.links
    assert (await browser.open("/?lang=fr")).status == 422


async def test_a_service_that_is_away_and_a_body_that_is_too_large(gateway: GatewayClient, browser: Browser) -> None:
    large = Page(await browser.client.post("/sign-in", content=b"x" * 70_000, headers={"Origin": browser.url}))
    assert (large.status, "ファイルを25MB以下にして" in large.shown) == (413, True)
    headers = {"Origin": browser.url, "Content-Type": "application/x-www-form-urlencoded"}
    for content in (b"&".join(b"a%d=1" % n for n in range(50)), b"login_id=\xff"):
        assert Page(await browser.client.post("/sign-in", content=content, headers=headers)).status == 400
    page = await browser.open("/sign-in")
    gateway.app.state.gateway.upstreams.services["registration"] = "http://127.0.0.1:1"
    away = await browser.send(page, "ログイン", login_id="TYO-000001", password="anything")
    assert (away.status, away.h1) == (503, "サービスに接続できません")
    assert "保存済みの内容は失われていません" in away.shown
    assert away.answer.headers["retry-after"]


async def test_a_defect_of_ours_shows_a_number_and_nothing_else(gateway: GatewayClient, browser: Browser) -> None:
    async def broken(desk: CurrentGateway) -> None:
        raise ValueError("a secret of the inside")

    gateway.app.add_api_route("/broken", broken, dependencies=[public])
    page = await browser.open("/broken")
    assert (page.status, page.answer.headers["x-request-id"] in page.shown) == (500, True)
    assert "secret" not in page.answer.text


async def test_a_session_that_is_over_takes_its_cookie_along_to_the_sign_in_page(browser: Browser) -> None:
    browser.client.cookies.set("zairyu_session", "over", domain="127.0.0.1")
    page = await browser.open("/account/security?lang=en")
    assert page.path == "/sign-in?return_to=%2Faccount%2Fsecurity%3Flang%3Den&done=ended"
    assert (browser.cookie, page.h1) == (None, "Sign in"), "and the language that was chosen stays"


async def test_the_one_script_is_served_to_our_own_pages(browser: Browser) -> None:
    answer = await browser.client.get(address("passkeys.js"))
    assert answer.headers["content-type"].startswith("text/javascript")
    assert not re.search(r"document\.cookie|localStorage|sessionStorage|innerHTML|eval|https?:", answer.text)
    assert (
        "script-src 'self'; connect-src 'self'"
        in (await browser.open("/sign-in")).answer.headers["content-security-policy"]
    )


def test_every_text_is_used_and_every_role_and_state_has_one() -> None:
    sources = [*HERE.glob("templates/**/*.html"), *HERE.glob("pages/**/*.py")]
    said = "\n".join(path.read_text() for path in sources)
    # Names that are put together from a beginning and a code, and subjects that are looked up by code alone.
    begun = tuple({*re.findall(r'f"(\w+_)\{', said), *re.findall(r'"(\w+_)" ~', said)})
    # Or of a code and an end, by subject; the page of a step says `texts` for those of its record's subject.
    of_steps = re.findall(r'\btexts\[[^\]]+ ~ "(_\w+)"\]', said)
    by_code = set(re.findall(r'\bt\.(\w+)\[[^\]]+ ~ "(_\w+)"\]', said))
    by_code |= {(subject, end) for subject, _ in by_code for end in of_steps}
    codes = {code.replace("-", "_") for code in re.findall(r'"([\w-]+)"', said)}
    whole = (
        "roles",
        "progress",
        "personal_registration",
        "components",
    )  # for the last: tests/gateway/test_components.py
    by_field = ("organisation_", "applicant_", "self", "family", "staff", "professional")
    # A text is named by its subject and its name, or by its name alone where the subject is chosen elsewhere.
    named = set(re.findall(r"\bt\.(\w+\.\w+)", said)) | set(re.findall(r'"(\w+)"', said))
    unused = [
        f"{subject}.{name}"
        for subject, texts in PAGES["ja"].items()
        for name in texts
        if subject not in whole
        and not name.startswith((*begun, *by_field))
        and not any(of == subject and name in {f"{code}{end}" for code in codes} for of, end in by_code)
        and named.isdisjoint((f"{subject}.{name}", name))
    ]
    assert unused == []
    assert set(Role) <= set(PAGES["ja"]["roles"])
    states = ("applied", "active", "expired", "ended", "rejected")
    assert {f"state_{state}" for state in states} <= set(PAGES["ja"]["overview"])


def test_sentences_with_gaps_have_the_same_gaps_in_both_languages() -> None:
    for subject, texts in PAGES["ja"].items():
        for name, text in texts.items():
            in_english = PAGES["en"][subject][name]
            assert sorted(_GAP.findall(text)) == sorted(_GAP.findall(in_english)), name
