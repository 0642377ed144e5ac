"""No form, address or cookie makes a page answer with an error of ours.

The pages are found by following links, as somebody who has not signed in, as an organisation's staff, as a person
without a password and as an officer. `make test-system` sends some of the made-up forms, the same each time;
`make fuzz` all.
"""

import os
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from itertools import count, islice, product
from random import randrange
from urllib.parse import quote_from_bytes, urljoin, urlsplit

import httpx
import pytest
from fastapi.routing import APIRoute

from deploy.local.object_store import ObjectStore as S3Server
from tests.fuzz.hostile import VALUES, Filled, filled
from tests.fuzz.visitors import VISITORS, Site, opened
from tests.gateway.browser import Browser, Form, Page
from tests.infra.databases import Databases
from tests.services.registration.site import PASSWORD

pytestmark = pytest.mark.system

# `make fuzz` sends one made-up request of so many, and with 600 examples or more every one.
EXAMPLES = int(os.environ.get("ZAIRYU_FUZZ_EXAMPLES", "2"))
EVERY = max(1, 600 // EXAMPLES)
FIRST = randrange(EVERY) if "ZAIRYU_FUZZ_EXAMPLES" in os.environ else 0
# Signing out would end the rest; the others are no pages, and have tests of their own.
LEFT_OUT = re.compile(r"/(?:sign-out|api/|static|session|oauth/|healthz|identity/(?:start|callback))")
# What the forms ask for, so that they get beyond their first mistake.
PLAUSIBLE = {
    "login_id": "TYO-000001",
    "password": PASSWORD,
    "new_password": "seven quiet umbrellas dry",
    "email": "hanako@example.co.jp",
    "phone": "0312345678",
    "prefecture": "13",
    "organisation_corporate_number": "4011001098993",
    "organisation_name": "株式会社見本",
    "organisation_postal_code": "100-0013",
    "organisation_address": "東京都千代田区霞が関1-1-1",
    "organisation_capital_yen": "10,000,000円",
    "organisation_employees": "25",
    "organisation_category": "CAT4",
    "category": "CAT4",
    "name": "Payroll",
    "networks": "203.0.113.0/24",
    "redirect_uris": "https://vendor.example/callback",
    "expires_on": "2030-03-31",
    "code": "123456",
}


@pytest.fixture(scope="module")
async def site(databases: Databases, object_store: S3Server) -> AsyncIterator[Site]:
    with databases.lent() as new:
        async with opened(new, object_store) as found:
            yield found


@dataclass(frozen=True)
class Found:
    """A form and its page."""

    page: str
    action: str
    fields: tuple[str, ...]


def kind(address: str) -> str:
    """An address without its ids: pages of one kind have one."""
    path, _, query = address.partition("?")
    names = sorted(pair.partition("=")[0] for pair in query.split("&") if pair)
    return re.sub(r"/[^/]*(?:\d[^/]*){5}", "/{}", path) + "?" + "&".join(names)


def checked(answer: httpx.Response, what: object) -> httpx.Response:
    """The answer, which is none of an error of ours, and whole where it is a page."""
    assert answer.status_code < 500, (what, answer.status_code, answer.text[:500])
    if "html" in answer.headers.get("content-type", ""):
        Page(answer)
    return answer


def goal(page: str, form: Form) -> str:
    """The address that a form of a page goes to."""
    return urljoin(page, form.attributes.get("action", page))


def forms(answer: httpx.Response) -> list[Form]:
    """The forms of a page, but the one that signs out."""
    is_page = answer.status_code < 500 and "html" in answer.headers.get("content-type", "")
    return (
        [form for form in Page(answer).forms if "/sign-out" not in form.attributes.get("action", "")] if is_page else []
    )


async def crawled(browser: Browser, site: Site) -> tuple[dict[str, str], dict[Found, None]]:
    """The pages that can be reached by links, one of each kind; and their forms."""
    waiting = [address for address in _seeds(site) if not LEFT_OUT.match(address)]
    pages: dict[str, str] = {}
    found: dict[Found, None] = {}
    met: Counter[str] = Counter()
    while waiting:
        address = waiting.pop(0)
        met[kind(address)] += 1
        if met[kind(address)] > 2 or LEFT_OUT.match(address):
            continue
        answer = checked(await browser.client.get(address), address)
        pages.setdefault(kind(address), address)
        if answer.is_redirect:
            waiting.append(_within(site, address, answer.headers["location"]))
            continue
        if "html" not in answer.headers.get("content-type", ""):
            continue
        page = Page(answer)
        waiting += [_within(site, address, href) for href in page.values("a", "href")]
        for form in forms(answer):
            found.setdefault(Found(address, kind(goal(address, form)), tuple(form.fields)))
    one_of_each = {(kind(form.page), form.action, form.fields): form for form in found}
    return pages, dict.fromkeys(one_of_each.values())


def _seeds(site: Site) -> list[str]:
    routes = (route for route in site.app.routes if isinstance(route, APIRoute))
    return sorted({route.path for route in routes if "GET" in (route.methods or ()) and "{" not in route.path})


def _within(site: Site, at: str, href: str) -> str:
    """The address of a link; the first page's where it leads elsewhere."""
    there = urlsplit(urljoin(f"{site.url}{at}", href))
    if f"{there.scheme}://{there.netloc}" != site.url:
        return "/"
    return there.path + (f"?{there.query}" if there.query else "")


async def again(browser: Browser, found: Found) -> Form | None:
    """The form as its page shows it now; None where it is gone."""
    for form in forms(checked(await browser.client.get(found.page), found)):
        if kind(goal(found.page, form)) == found.action and set(form.fields) == set(found.fields):
            return form
    return None


async def sent(browser: Browser, found: Found, form: Form, way: Filled) -> httpx.Response:
    """The answer to a form that was filled in some way."""
    headers = {"Origin": browser.url} | ({"Content-Type": way.content_type} if way.content_type else {})
    return await browser.client.post(goal(found.page, form), content=way.body, headers=headers)


@pytest.mark.parametrize("who", VISITORS)
async def test_no_form_address_or_cookie_ends_in_an_error_of_ours(site: Site, who: str) -> None:
    """[attacks F13, faults 1] Values of every kind in every form, address and cookie of the pages that are found."""
    browser = await VISITORS[who](site)
    pages, found = await crawled(browser, site)
    assert (len(pages) >= 10, len(found) >= 5) == (True, True)
    turns = count(FIRST)
    for address in _odd(sorted(pages.values()), site):
        if next(turns) % EVERY == 0:
            checked(await browser.client.get(address), address)
    for address, why, line in _cookies(pages.values(), sorted(browser.client.cookies)):
        if next(turns) % EVERY == 0:
            async with httpx.AsyncClient(base_url=site.url, headers={"Accept": "text/html"}) as stranger:
                checked(await stranger.get(address, headers=[(b"Cookie", line)]), (address, "cookie", why))
    for one in found:
        # The names of its fields say how many ways there are; what they hold may change with every answer.
        for place, _ in enumerate(filled(dict.fromkeys(one.fields, ""))):
            if next(turns) % EVERY:
                continue
            form = await again(browser, one)
            if form is None:
                browser = await VISITORS[who](site)
                form = await again(browser, one)
            if form is None:
                break
            way = next(islice(filled(_plausible(form)), place, None))
            checked(await sent(browser, one, form, way), (one, way.why))


def _plausible(form: Form) -> dict[str, str]:
    return {name: value or PLAUSIBLE.get(name, "yes") for name, value in form.fields.items()}


def _cookies(pages: Iterable[str], names: list[str]) -> Iterator[tuple[str, str, bytes]]:
    """(page, why, header): cookies of ours that hold what we never put in."""
    for page, (why, value) in product(pages, VALUES.items()):
        printable = bytes(byte for byte in value[:3_000] if byte >= 32 and byte != 127)
        yield page, why, b"; ".join(name.encode() + b"=" + printable for name in names or ["zairyu_session"])


def _odd(pages: list[str], site: Site) -> Iterator[str]:
    """Addresses that no link has."""
    routes = sorted({r.path for r in site.app.routes if isinstance(r, APIRoute) and "{" in r.path})
    for value in VALUES.values():
        odd = quote_from_bytes(value[:2_000], safe="")
        query = "&".join(f"{name}={odd}" for name in ("role", "lang", "return_to", "done", "rows", "state", "code"))
        for page in pages:
            path, _, its = page.partition("?")
            yield f"{path}?{query}"
            for name in (pair.partition("=")[0] for pair in its.split("&") if pair):
                yield f"{path}?{name}={odd}"
        for route in routes:
            if not LEFT_OUT.match(route) or route.startswith("/static"):
                yield "/".join(odd or "-" if part.startswith("{") else part for part in route.split("/"))
