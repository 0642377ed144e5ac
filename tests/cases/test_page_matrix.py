"""The access to the portal's pages: every page and form of the gateway, against everybody whose it is not.

The routes are the gateway's own: a page that this file does not know fails.
"""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from deploy.local.object_store import ObjectStore as S3Server
from services.gateway.pages import portal
from services.registration.officers.commands.creation import create_officer
from shared.auth import Role
from shared.clock import ManualClock
from shared.events.fields import RequestedItem
from shared.events.review import AdditionalDocumentsRequested
from shared.ids import new_id
from tests.gateway.browser import Browser
from tests.gateway.filed import Clerk, clerk_site
from tests.gateway.portal import begin
from tests.infra.databases import Databases
from tests.services.document import files
from tests.services.registration.life import add_role
from tests.services.registration.site import PASSWORD

# What a path names besides the application: something that fits, so that nothing but the right is missing.
PARTS = {"code": "person", "place:int": "0", "request_id:uuid": "00000000-0000-7000-8000-000000000000"}
CODES = {"/upload/applications/": "RES_TAX", "/upload/corrections/": "PHOTO"}
# Uploads whose reload leads to the page of their application, which says whether there is one.
RETURNS = (
    "/upload/applications/{application_id:uuid}/{code}",
    "/upload/requested-documents/{application_id:uuid}/{request_id:uuid}/{place:int}",
    "/upload/corrections/{application_id:uuid}/{code}",
)
# Pages that name no record: they show what the visitor has. POST questions leads on to the next question.
OWN = {
    ("GET", "/home"),
    ("GET", "/applications"),
    ("GET", "/applications/new"),
    ("POST", "/applications/new"),
    ("GET", "/applications/new/copy"),
    ("GET", "/applications/new/questions"),
    ("POST", "/applications/new/questions"),
    ("GET", "/applications/new/forms"),
    ("GET", "/imports"),
    ("GET", "/imports/template"),
    ("GET", "/upload/imports"),
    ("POST", "/upload/imports"),
    ("GET", "/stays"),
    ("POST", "/stays"),
    ("GET", "/messages"),
    ("POST", "/messages"),
    ("GET", "/applications/export"),
    ("GET", "/applications/several/export"),
    *(
        (method, f"/applications/several/{action}")
        for action in ("hand-over", "documents", "withdrawal", "deletion")
        for method in ("GET", "POST")
    ),
    ("GET", "/upload/applications/several/documents"),
    ("POST", "/upload/applications/several/documents"),
    ("POST", "/applications/searches"),
}
# What is no application: imports (tests/gateway/test_imports_pages.py), messages
# (tests/gateway/test_message_pages.py), pictures of pages
# (tests/gateway/test_file_pages.py), and searches and copies of files, for which the service is asked
# (tests/cases/test_access_matrix.py).
ELSEWHERE = re.compile(
    r"/previews/.*|(/upload)?/imports/\{import_id:uuid\}.*|/applications/searches/\{filter_id:uuid\}/delete"
    r"|/messages/\{message_id:uuid\}|/applications/copies/\{document_id:uuid\}"
)
# What a form has to bring to be a form of that page.
FORMS: dict[str, dict[str, str]] = {
    "procedure": {"choice": "EXTEND:ENG_HUM_INT:"},
    "form": {"occupation": "x", "base": "{}", "do": "back"},
    "autosave": {"occupation": "x", "base": "{}"},
    "notify": {"email": "x@example.com", "language": "ja"},
    "review": {"intent_confirmed": "yes", "truth_confirmed": "yes"},
    "withdrawal": {"reason": "x", "confirmed": "yes"},
    "contact": {"do": "contact", "email": "x@example.com", "language": "ja"},
    "requested-documents": {"do": "why:0", "why-0": "x"},
    "after-grant": {"carrier": "letter_pack_plus", "tracking_number": "123456789012", "residence_card_enclosed": "yes"},
    "payment": {"method": "bank"},
    "visit": {"starts_at": "2026-12-01T09:00:00+09:00"},
    "correction": {"do": "go", "occupation": "x", "reason": "x", "revision": "1"},
    "pages": {"file_name": "x.pdf"},
    "photo": {"document_id": "00000000-0000-7000-8000-000000000000"},
    "documents": {"document_id": "00000000-0000-7000-8000-000000000000", "do": "remove"},
}
MANY = {"requests_per_minute": 100_000, "session_requests_per_minute": 100_000}
# Who asks, and what each is answered to any page or form of an application that is not theirs.
WANTED = {"stranger": 404, "other role": 404, "examiner": 403, "auditor": 403, "nobody": 303}
OFFICERS = {"examiner": Role.EXAMINER, "auditor": Role.AUDITOR}
SECOND = {"corporate_number": "2120901007402", "name": "見本工業株式会社"}


@dataclass(frozen=True)
class Route:
    """A page, or its form."""

    method: str
    path: str

    def address(self, application_id: object, document_id: object) -> str:
        path = re.sub(r"\{application_id:uuid\}", str(application_id), self.path)
        path = path.replace("{document_id:uuid}", str(document_id))
        for start, code in CODES.items():
            if path.startswith(start):
                path = path.replace("{code}", code)
        return re.sub(r"\{([^}]+)\}", lambda found: PARTS[found[1]], path)


def _routes() -> Iterator[Route]:
    """All of the portal, as the gateway serves it."""
    for router in portal.ROUTERS:
        for route in router.routes:
            for method in sorted(route.methods - {"HEAD"}):
                yield Route(method, route.path)


ROUTES = list(_routes())
OF_A_RECORD = [route for route in ROUTES if "{application_id" in route.path]


@dataclass
class House:
    """A filed application and a draft of one organisation, and everybody else's browsers."""

    clerk: Clerk
    draft: str
    photo: str
    others: dict[str, Browser]

    @property
    def ids(self) -> tuple[str, str]:
        return self.clerk.application_id, self.draft

    async def kept(self, application_id: str) -> Any:
        """The application as its owner sees it, with its history and files."""
        client = self.clerk.browser.client
        paths = ("", "/timeline", "/corrections", "/requested-documents")
        found = [await client.get(f"/api/v1/applications/{application_id}{path}") for path in paths]
        files = await client.get(f"/api/v1/documents?application_id={application_id}")
        return [answer.text for answer in (*found, files)]

    async def ask(self, browser: Browser, route: Route, application_id: object) -> Any:
        """The answer to the page, or to its form with the visitor's own token."""
        address = route.address(application_id, self.photo)
        if route.method == "GET":
            return await browser.client.get(address)
        token = await self._token(browser)
        headers = {"Origin": self.clerk.front.url}
        if address.startswith("/upload/"):
            body = {"kind": "pdf", "codes": "RES_TAX", "application_id": str(application_id)}
            sent = {"file": ("scan.pdf", files.pdf(), "application/pdf")}
            return await browser.client.post(f"{address}?csrf_token={token}", data=body, files=sent, headers=headers)
        words = [word for word in route.path.split("/") if word in FORMS]
        form = FORMS[words[-1]] if words else {}
        return await browser.client.post(address, data={**form, "csrf_token": token}, headers=headers)

    async def _token(self, browser: Browser) -> str:
        if browser.cookie is None:
            return "none"
        return str(self.clerk.front.app.state.gateway.csrf.token(browser.cookie))


@pytest.fixture(scope="module")
async def house(databases: Databases, object_store: S3Server) -> AsyncIterator[House]:
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    with databases.lent() as new:
        async with clerk_site(new, clock, object_store, settings=MANY) as clerk:
            yield await _opened(clerk)


async def _opened(clerk: Clerk) -> House:
    front = clerk.front
    item = (RequestedItem(code="RES_TAX"),)
    await clerk.review(AdditionalDocumentsRequested, request_id=new_id(), items=item)
    draft = (await begin(clerk.browser)).rpartition("/")[2]
    second = await front.site.person(clerk.officer, applicant={"email": "two@example.co.jp"}, organisation=SECOND)
    others = {name: await front.browser() for name in WANTED}
    await others["stranger"].sign_in(second.login_id, second.password)
    for name, role in OFFICERS.items():
        login_id = f"{name}.tyo"
        await create_officer(
            front.site.context, login_id=login_id, name=name, roles=[role], office="TYO", password=PASSWORD
        )
        app = await front.site.app_of(login_id)
        page = await others[name].sign_in(login_id, PASSWORD)
        await others[name].send(page, "Check the code", code=app.next())
    await others["other role"].sign_in(clerk.login_id, PASSWORD)
    own = await front.site.header(await _secret(clerk))
    await add_role(front.site, own, "rso_staff", clerk.officer)
    await clerk.exchange()
    page = await others["other role"].open("/account?lang=en")
    await others["other role"].send(page, "Switch to this role")
    return House(clerk, draft, (await clerk.kept())["photo_id"], others)


async def _secret(clerk: Clerk) -> str:
    opened = await clerk.front.site.sign_in(clerk.login_id, PASSWORD)
    secret: str = opened.json()["session_secret"]
    return secret


def plain(answer: Any, *ids: object) -> tuple[int, dict[str, str], str]:
    """An answer without what differs each time: ids that were asked for, of requests and of the moment."""
    text = answer.text
    headers = {name: value for name, value in answer.headers.items() if name not in ("x-request-id", "date")}
    for each in ids:
        text = text.replace(str(each), "ID")
        headers = {name: value.replace(str(each), "ID") for name, value in headers.items()}
    text = re.sub(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32,64}", "-", text)
    return answer.status_code, headers, text


def test_every_page_of_the_portal_is_known() -> None:
    """A page that names no application is one of those that show what the visitor has."""
    others = [route for route in ROUTES if route not in OF_A_RECORD and not ELSEWHERE.fullmatch(route.path)]
    assert {(route.method, route.path) for route in others} == OWN


@pytest.mark.parametrize("who", WANTED)
async def test_nobody_sees_or_changes_an_application_of_somebody_else(house: House, who: str) -> None:
    """[attacks P5] Each page and form, of what is filed and of a draft, is as if there were no such application."""
    before = [await house.kept(application_id) for application_id in house.ids]
    browser = house.others[who]
    wrong = []
    for route in OF_A_RECORD:
        wanted = 303 if route.method == "GET" and route.path in RETURNS else WANTED[who]
        strange = new_id()
        missing = plain(await house.ask(browser, route, strange), strange)
        for application_id in house.ids:
            there = plain(await house.ask(browser, route, application_id), application_id)
            if there != missing or there[0] != wanted:
                wrong.append((route, there[0], missing[0], there[1].get("location")))
    assert wrong == []
    assert [await house.kept(application_id) for application_id in house.ids] == before
