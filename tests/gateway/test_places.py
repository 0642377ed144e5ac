"""From where the site may be used: rules as data, countries by a mounted file, officers' networks, stays abroad."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.gateway.edge.exposure import is_from_everywhere
from services.gateway.edge.places.places import LOOK_AGAIN, NOT_READ, OUTDATED, Places, Reason
from services.gateway.texts import OFFERED, PAGES
from shared.auth import Actor, Role
from shared.clock import ManualClock, SystemClock
from tests.gateway.conftest import LOGIN, GatewayClient, site
from tests.support import tokens
from tests.support.mmdb import write_mmdb
from tests.support.web import serving

NOW = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
JAPAN, AMERICA, NOWHERE, VPN, OUTSIDE_SYSTEM, OFFICE = (
    "133.11.0.1",
    "8.8.8.8",
    "9.9.9.9",
    "133.12.0.1",
    "8.8.4.4",
    "133.13.0.1",
)
JAPAN_6, AMERICA_6 = "2400:2410::1", "2600::1"
COUNTRIES = {
    "133.0.0.0/8": {"country": {"iso_code": "JP"}},
    "8.0.0.0/8": {"registered_country": {"iso_code": "US"}},
    "2400:2410::/32": {"country_code": "JP"},
    "2600::/16": {"country": {"iso_code": "US"}},
    "9.0.0.0/8": {"continent": {"code": "NA"}},
}
RULES = """
countries = ["JP"]
country_data = "country.mmdb"
oldest_days = 30
relays = "relays.txt"
allowed_networks = ["8.8.4.0/24"]
officer_networks = ["133.13.0.0/16"]
"""


@pytest.fixture
def rules(tmp_path: Path) -> Callable[..., str]:
    """Writes rules, with the files that they name; answers their path."""

    def write(text: str = RULES, built_at: datetime = NOW) -> str:
        write_mmdb(tmp_path / "country.mmdb", COUNTRIES, built_at)
        (tmp_path / "relays.txt").write_text("# VPN\n133.12.0.0/24\n\n2400:2410:1::/48 # another\n")
        (tmp_path / "rules.toml").write_text(text)
        return str(tmp_path / "rules.toml")

    return write


@pytest.mark.parametrize(
    ("address", "people", "officers"),
    [
        (JAPAN, None, Reason.OFFICERS),
        (JAPAN_6, None, Reason.OFFICERS),
        (f"::ffff:{JAPAN}", None, Reason.OFFICERS),
        (AMERICA, Reason.ABROAD, Reason.OFFICERS),
        (AMERICA_6, Reason.ABROAD, Reason.OFFICERS),
        (NOWHERE, Reason.UNKNOWN, Reason.OFFICERS),
        ("1.1.1.1", Reason.UNKNOWN, Reason.OFFICERS),
        ("unknown", Reason.UNKNOWN, Reason.OFFICERS),
        (VPN, Reason.RELAY, Reason.OFFICERS),
        ("2400:2410:1::7", Reason.RELAY, Reason.OFFICERS),
        (OUTSIDE_SYSTEM, None, Reason.OFFICERS),
        (OFFICE, None, None),
        # Networks that are routed nowhere are the operator's own.
        ("10.0.0.1", None, Reason.OFFICERS),
        ("127.0.0.1", None, Reason.OFFICERS),
    ],
)
def test_a_place_is_judged_by_its_address(
    rules: Callable[..., str], address: str, people: Reason | None, officers: Reason | None
) -> None:
    verdict = Places(rules(), ManualClock(NOW)).verdict(address)
    assert (verdict.people, verdict.officers) == (people, officers)


@pytest.mark.parametrize(
    ("changed", "days", "address", "people"),
    [
        ('without_data = "allow"\n', 31, AMERICA, None),
        ("", 31, AMERICA, Reason.NO_DATA),
        ("", 31, JAPAN, Reason.NO_DATA),
        ("", 30, JAPAN, None),
        ('unknown = "allow"\n', 0, NOWHERE, None),
        ('unknown = "allow"\n', 0, AMERICA, Reason.ABROAD),
    ],
)
def test_data_that_is_missing_is_open_or_closed_as_the_rules_say(
    rules: Callable[..., str], changed: str, days: int, address: str, people: Reason | None
) -> None:
    path = rules(changed + RULES, built_at=NOW - timedelta(days=days))
    assert Places(path, ManualClock(NOW)).verdict(address).people == people


def test_without_rules_nothing_is_refused_and_without_countries_only_what_is_listed(rules: Callable[..., str]) -> None:
    clock = ManualClock(NOW)
    assert Places("", clock).verdict(AMERICA).kinds == ""
    places = Places(rules('relays = "relays.txt"'), clock)
    assert (places.verdict(AMERICA).kinds, places.verdict(VPN).kinds) == ("", "person officer")


def test_a_stay_abroad_opens_the_site_to_people_until_it_ends_and_never_to_officers(rules: Callable[..., str]) -> None:
    verdict = Places(rules(), ManualClock(NOW)).verdict(AMERICA)
    away = Actor(kind="person", abroad_until=NOW + timedelta(days=1))
    assert verdict.reason_for(away, NOW) is None
    assert verdict.reason_for(away, NOW + timedelta(days=1)) == Reason.ABROAD
    assert verdict.reason_for(replace(away, kind="officer"), NOW) == Reason.OFFICERS
    assert verdict.reason_for(Actor.anonymous(), NOW) == Reason.ABROAD


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('countries = ["Japan"]', "countries"),
        ("countries = []", "countries"),
        ('countries = ["JP"]', "country_data: name the file"),
        ('country_data = "missing.mmdb"', "missing.mmdb"),
        ('country_data = "relays.txt"', "relays.txt"),
        ('officer_networks = ["10.0.0.1/8"]', "officer_networks: Value error, '10.0.0.1/8' is no network"),
        ('relays = "rules.toml"', "rules.toml: 'relays = \"rules.toml\"' is no network"),
        ('whatever = "else"', "whatever"),
        ("oldest_days = 0", "oldest_days"),
        ("countries =", "rules.toml"),
    ],
)
def test_rules_that_cannot_be_read_say_what_is_wrong(rules: Callable[..., str], text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint.replace("(", "\\(")) as refused:
        Places(rules(text), ManualClock(NOW))
    assert "rules.toml" in str(refused.value) or complaint in str(refused.value)


async def test_files_that_are_replaced_hold_within_a_minute_and_broken_ones_never(rules: Callable[..., str]) -> None:
    clock = ManualClock(NOW)
    path = rules()
    places = Places(path, clock)
    _replace(path, RULES.replace('"JP"', '"JP", "US"'))
    await places.look_again()
    assert places.verdict(AMERICA).people == Reason.ABROAD, "looked at once a minute"
    clock.advance(LOOK_AGAIN)
    await places.look_again()
    assert (places.verdict(AMERICA).people, places.failed) == (None, "")
    _replace(path, "countries = 1")
    clock.advance(LOOK_AGAIN)
    await places.look_again()
    assert places.verdict(AMERICA).people is None
    assert "countries" in places.failed
    assert await places.look() == {NOT_READ}
    _replace(path, RULES)
    clock.advance(timedelta(days=31))
    assert await places.look() == {OUTDATED}


def _replace(path: str, text: str) -> None:
    Path(path).write_text(text)
    os.utime(path, ns=(0, Path(path).stat().st_mtime_ns + 1_000_000_000))


@pytest.mark.parametrize(
    ("path", "is_open"),
    [
        ("/", True),
        ("/help", True),
        ("/verify/ABCD", True),
        ("/certificate/secret", True),
        ("/static/zairyu.css", True),
        ("/sign-in/second-step", True),
        ("/session", True),
        ("/session/second-factor", True),
        ("/session/step-up", False),
        ("/identity/callback", True),
        ("/api/v1/unsubscribe", True),
        ("/home", False),
        ("/helpless", False),
        ("/sessions", False),
        ("/api/v1/applications", False),
        ("/oauth/token", False),
        ("/desk/board", False),
        ("/register", False),
        ("/password/secret", False),
        ("//home", False),
        ("/help/../home", False),
    ],
)
def test_what_informs_and_the_way_in_are_open_from_everywhere(path: str, is_open: bool) -> None:
    assert is_from_everywhere(path) is is_open


FORM = {"login_id": LOGIN["login_id"], "password": LOGIN["password"]}
SIGN_INS: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "/session", {"json": LOGIN}),
    ("POST", "/session/second-factor", {"json": {"challenge": "one", "code": "123456"}}),
    ("POST", "/session/passkey/options", {}),
    ("POST", "/session/passkey", {"json": {"credential": {"id": "known"}}}),
    ("POST", "/sign-in", {"data": FORM}),
    ("POST", "/sign-in", {"data": {"passkey": '{"id": "known"}'}}),
    (
        "POST",
        "/sign-in/second-step",
        {"data": {"code": "123456"}, "headers": {"Cookie": "zairyu_session_step=one.totp"}},
    ),
    ("GET", "/identity/start", {}),
    ("GET", "/identity/callback?state=one&code=two", {}),
]
OTHERS: list[tuple[str, str]] = [
    ("POST", "/session/step-up"),
    ("POST", "/account/step-up"),
    ("GET", "/password/one"),
    ("POST", "/password/one"),
    ("POST", "/api/v1/password-links/one"),
    ("POST", "/forgot-password"),
    ("POST", "/forgot-login-id"),
    ("POST", "/api/v1/password-resets"),
    ("POST", "/register/personal"),
    ("POST", "/oauth/token"),
    ("POST", "/oauth/authorize"),
]


async def test_registration_is_informed_of_the_place_on_every_way_in_and_no_other_way_leads_there(
    rules: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with _behind_proxy(rules(built_at=SystemClock().now())) as (gateway, url):
        upstreams = gateway.app.state.gateway.upstreams
        reached: list[dict[str, str]] = []
        send = upstreams.send

        async def recorded(service: str, *arguments: Any, headers: Any, **options: Any) -> Any:
            if service == "registration":
                reached.append({name.lower(): value for name, value in dict(headers).items()})
            return await send(service, *arguments, headers=headers, **options)

        monkeypatch.setattr(upstreams, "send", recorded)
        for method, path, sent in SIGN_INS:
            headers = {"X-Forwarded-For": AMERICA, "Origin": gateway.url, **sent.get("headers", {})}
            await gateway.browser.request(method, f"{url}{path}", **sent | {"headers": headers})
            assert [each.get("x-forwarded-refused") for each in reached] == ["person officer"], path
            reached.clear()
            gateway.browser.cookies.clear()
        for method, path in OTHERS:
            headers = {"X-Forwarded-For": AMERICA, "Origin": gateway.url}
            refused = await gateway.browser.request(method, f"{url}{path}", headers=headers)
            assert (refused.status_code, refused.json()["code"]) == (403, "not-from-here"), path
        assert reached == []


async def test_pages_say_in_the_readers_language_why_and_what_to_do(rules: Callable[..., str]) -> None:
    async with _behind_proxy(rules(built_at=SystemClock().now())) as (gateway, url):
        wrong = FORM | {"password": "wrong"}
        for lang in OFFERED:
            texts, headers = PAGES[lang], {"Accept": "text/html", "Accept-Language": lang, "Origin": gateway.url}
            away, home = headers | {"X-Forwarded-For": AMERICA}, headers | {"X-Forwarded-For": JAPAN}
            page = await gateway.browser.get(f"{url}/register", headers=away)
            assert (page.status_code, page.headers["content-language"]) == (403, lang)
            assert texts["errors"]["todo_place"] in unescape(page.text)
            page = await gateway.browser.get(f"{url}/sign-in", headers=away)
            assert (page.status_code, texts["sign_in"]["abroad"] in unescape(page.text)) == (200, True)
            # At home nobody reads anything of it, but who could not sign in: they may be an officer.
            said = texts["sign_in"]["officers_elsewhere"]
            shown = [
                said
                in unescape((await gateway.browser.request(method, f"{url}/sign-in", headers=home, data=data)).text)
                for method, data in (("GET", None), ("POST", wrong))
            ]
            assert shown == [False, True]


@asynccontextmanager
async def _behind_proxy(place_rules: str) -> AsyncIterator[tuple[GatewayClient, str]]:
    """A gateway with rules on places, and its address for requests that say where they come from."""
    proxied: dict[str, Any] = {"proxy_headers": True, "forwarded_allow_ips": "127.0.0.1", "lifespan": "off"}
    async with site(place_rules=place_rules) as gateway, serving(gateway.app, **proxied) as url:
        yield gateway, url


async def test_the_gateway_refuses_by_place_and_by_who_asks(rules: Callable[..., str]) -> None:
    async with _behind_proxy(rules(built_at=SystemClock().now())) as (gateway, url):
        await _refuses_by_place(gateway, url)


async def _refuses_by_place(gateway: GatewayClient, url: str) -> None:
    def ask(path: str, address: str, **headers: str) -> Any:
        return gateway.browser.get(f"{url}{path}", headers={"X-Forwarded-For": address, **headers})

    async def code(path: str, address: str, **headers: str) -> tuple[int, str]:
        answer: httpx.Response = await ask(path, address, **headers)
        return answer.status_code, answer.json().get("code", "")

    assert (await ask("/", AMERICA)).status_code == 200
    assert await code("/api/v1/applications/1", JAPAN) == (200, "")
    assert await code("/api/v1/applications/1", AMERICA) == (403, "not-from-here")
    page = await ask("/register", AMERICA, Accept="text/html", **{"Accept-Language": "en"})
    assert (page.status_code, "Not available from where you are" in page.text) == (403, True)
    # Registration is informed who cannot sign in from there.
    place = {"X-Forwarded-For": AMERICA, "Origin": gateway.url, "X-Forwarded-Refused": ""}
    await gateway.browser.post(f"{url}/session", json=LOGIN, headers=place)
    assert gateway.registration.seen[-1].headers["x-forwarded-refused"] == "person officer"
    assert await code("/api/v1/applications/1", AMERICA) == (403, "not-from-here")
    # A stay abroad and an officer's network, by the claims of a token.
    now = SystemClock().now()
    person = tokens.person()
    for actor, address, expected in (
        (person, AMERICA, (403, "not-from-here")),
        (replace(person, abroad_until=now + timedelta(days=1)), AMERICA, (200, "")),
        (tokens.officer(Role.EXAMINER), JAPAN, (403, "not-from-here")),
        (tokens.officer(Role.EXAMINER), OFFICE, (200, "")),
        (person, OFFICE, (200, "")),
    ):
        token, _ = gateway.registration.issuer.issue(actor)
        assert await code("/api/v1/applications/1", address, Authorization=f"Bearer {token}") == expected
    assert await code("/api/v1/applications/1", AMERICA, Authorization="Bearer invented") == (403, "not-from-here")
    assert gateway.app.state.gateway.places.refused[Reason.ABROAD, "US"] >= 4
