"""Whatever a form or an address brings, a page answers it: never with an error of ours."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from itertools import product
from urllib.parse import quote
from uuid import UUID

import httpx
import pytest
from fastapi.routing import APIRoute

from deploy.local.object_store import ObjectStore as S3Server
from shared.clock import ManualClock
from tests.gateway.browser import Browser, Form, Page
from tests.gateway.identity import Identity, with_documents
from tests.infra.databases import TestDatabase
from tests.services.registration.site import PASSWORD

VALUES = {
    "nothing": "",
    "null": "a\x00b",
    "control": "a\r\nBcc: b@example.com\x1b[2J\u202e\ufffe\uffff<script>alert(1)</script>{{ 7 * 7 }}%s' OR 1=1; --",
    "long": "字" * 600,
    "number": "-1e999",
}
# Bodies that no form of ours sends.
BODIES = {
    "not UTF-8": b"role=\xed\xa0\x80&email=%ED%A0%80&csrf_token=%FF",
    "many fields": b"&".join(b"field_%d=x" % number for number in range(5_000)),
    "JSON": b'{"role": ["self"]}',
    "no pairs": b"&&&=&=;%%%",
}
KINDS = ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x")
# Not pages: their bodies are JSON, and the services' own tests make them up. Signing out would end the rest.
LEFT_OUT = ("/api/", "/static", "/session", "/oauth/token", "/oauth/revoke", "/sign-out")


@pytest.fixture
async def front(service_database: Callable[[str], TestDatabase], object_store: S3Server) -> AsyncIterator[Identity]:
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    # Who asks often is slowed, and would see little of what follows.
    often = dict.fromkeys(("requests_per_minute", "session_requests_per_minute", "sign_ins_per_minute"), 100_000)
    async with with_documents(service_database, clock, object_store, **often) as (front, _):
        yield front


def _places(front: Identity) -> list[str]:
    routes = (route for route in front.app.routes if isinstance(route, APIRoute))
    return sorted({route.path for route in routes if not route.path.startswith(LEFT_OUT)})


async def _visitor(front: Identity) -> tuple[Browser, UUID]:
    """Somebody who has signed in, and has begun another usage registration: its draft's id."""
    person = await front.site.person()
    browser = await front.browser()
    await browser.sign_in(person.login_id, PASSWORD)
    draft = await browser.send(await browser.open("/usage-registration?role=rso_staff"), "Start a new one")
    return browser, UUID(draft.path.rpartition("/")[2].partition("?")[0])


def _path(place: str, value: str, draft_id: UUID) -> str:
    made = place.replace("{draft_id:uuid}", str(draft_id))
    while "{" in made:
        made = made[: made.index("{")] + quote(value or "-", safe="") + made[made.index("}") + 1 :]
    return made


def _told(answer: httpx.Response, what: object) -> None:
    assert answer.status_code < 500, (what, answer.status_code, answer.text[:500])


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES.keys())
async def test_made_up_addresses_and_fields_are_answered(front: Identity, value: str) -> None:
    browser, draft_id = await _visitor(front)
    for place in _places(front):
        path = _path(place, value, draft_id)
        query = httpx.QueryParams(dict.fromkeys(("role", "lang", "return_to", "done", "rows", "state", "code"), value))
        for address in (path, f"{path}?{query}"):
            _told(await browser.client.get(address), address)
        for form in await _forms(browser, path):
            if form.attributes.get("action") == "/sign-out":
                continue
            filled = {name: _kept(name, old, value) for name, old in form.fields.items()}
            action = form.attributes.get("action") or path
            sent = await browser.client.post(action, data=filled, headers={"Origin": front.url})
            _told(sent, (path, action, filled))


async def test_bodies_that_no_form_sends_are_answered(front: Identity) -> None:
    browser, draft_id = await _visitor(front)
    for place in _places(front):
        path = _path(place, "x", draft_id)
        for (name, body), kind in product(BODIES.items(), KINDS):
            headers = {"Origin": front.url, "Content-Type": kind}
            _told(await browser.client.post(path, content=body, headers=headers), (path, name, kind))


async def _forms(browser: Browser, path: str) -> list[Form]:
    answer = await browser.client.get(path)
    is_page = answer.status_code == 200 and "html" in answer.headers.get("content-type", "")
    return Page(answer).forms if is_page else []


def _kept(name: str, old: str, value: str) -> str:
    # Without it the form is refused before anything in it is looked at.
    return old if name == "csrf_token" else value
