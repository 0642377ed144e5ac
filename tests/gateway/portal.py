"""The gateway with the services of a filing behind it, and people who file."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from deploy.local.object_store import ObjectStore as S3Server
from services.application.forms.extend.n import EXTEND_N
from services.document.archives.commands.steps import step
from services.document.archives.commands.taking import STEP
from shared.auth import Actor, Role
from shared.clock import ManualClock, legal_date
from shared.events.base import Event
from shared.ids import new_id
from shared.timers import TimerWorker
from tests.gateway.browser import Browser, Form, Page
from tests.gateway.identity import Identity, documents, identity, trusting
from tests.services.application.people import Filer
from tests.services.document import files
from tests.services.registration.site import Person, RegistrationClient
from tests.support.service import RunningService, running
from tests.support.web import serving

NEXT, BACK = "Save and continue", "Save and return to the list"
EXTENSION = "EXTEND:ENG_HUM_INT:"
# The answers of somebody who stays in the same office work, by question.
WAY = {
    "where": "japan",
    "need": "stay",
    "end": "soon",
    "held": "none",
    "purpose": "work",
    "work": "office",
    "office": "contract",
}
# Documents that an extension for work asks for, where the organisation is of category 3.
CAT3_DOCUMENTS = ("CAT_PROOF", "ACTIVITY", "REP_DECL", "RES_TAX")


@dataclass
class Portal:
    """The gateway before registration, the application service and the document service."""

    front: Identity
    application: RunningService
    document: RunningService

    @property
    def site(self) -> RegistrationClient:
        return self.front.site

    @property
    def clock(self) -> ManualClock:
        return self.front.clock

    async def browser(self, person: Person, lang: str = "en") -> Browser:
        """A browser in which this person has signed in."""
        browser = await self.front.browser()
        await browser.sign_in(person.login_id, person.password)
        if lang != "en":
            await browser.open(f"/account?lang={lang}")
        return browser

    async def filer(self) -> Browser:
        """A browser of an organisation's clerk, who may file."""
        person = await self.site.person()
        await self.exchange()
        return await self.browser(person)

    async def exchange(self) -> None:
        """Deliver the events of each of the services to the others."""
        await exchange_events(self.site.service, self.application, self.document)

    async def kept(self, browser: Browser, path: str) -> dict[str, Any]:
        """The application as the service shows it to the same person."""
        answer = await browser.client.get(f"/api/v1{path}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


async def exchange_events(*services: RunningService) -> None:
    """Deliver the events of each service to the others."""
    sent: list[tuple[RunningService, Event]] = [(one, event) for one in services for event in await one.events()]
    for service in services:
        handled = service.app.state.handlers
        await service.deliver(*(event for owner, event in sent if owner is not service and type(event) in handled))


def filer_of(application: RunningService, person: Person) -> Filer:
    """A person of an organisation, who files by a program."""
    actor = Actor(
        kind="person",
        id=person.account_id,
        organisation_id=person.organisation_id,
        roles=frozenset({Role.ORG_STAFF}),
        session_id=new_id(),
    )
    return Filer(application, actor)


@asynccontextmanager
async def as_filer(filer: Filer) -> AsyncIterator[Filer]:
    """Work by a program: the tokens are those of the tests."""
    state = filer.service.app.state
    kept, state.verifier = state.verifier, state.of_tests
    try:
        yield filer
    finally:
        state.verifier = kept


@asynccontextmanager
async def applications(database: Any, clock: ManualClock) -> AsyncIterator[tuple[RunningService, str]]:
    """The application service on `database`, and its address. Whose tokens it takes, `trusting` says."""
    async with (
        running("application", database, clock=clock) as application,
        serving(application.app, lifespan="off") as url,
    ):
        yield application, url


@asynccontextmanager
async def portal_site(
    database: Callable[[str], Any], clock: ManualClock, store: S3Server, **changes: Any
) -> AsyncIterator[Portal]:
    """All of it; `changes` are settings of the gateway."""
    async with (
        documents(database("document"), clock, store) as (document, document_url),
        applications(database("application"), clock) as (application, application_url),
        identity(
            database("registration"), clock, document_url=document_url, application_url=application_url, **changes
        ) as front,
    ):
        for service in (document, application):
            trusting(service, front.site, clock)
        yield Portal(front, application, document)


def complete_extension(clock: ManualClock) -> dict[str, Any]:
    """The answers of an invented person whose stay ends in 60 days."""
    form = deepcopy(dict(EXTEND_N.example))
    form["stay_expiry"] = (legal_date(clock.now()) + timedelta(days=60)).isoformat()
    return form


def typed_answers(values: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Answers by the names of the fields of pages."""
    typed: dict[str, str] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            typed |= typed_answers(value, f"{prefix}{name}-")
        elif isinstance(value, list):
            for number, row in enumerate(value):
                typed |= typed_answers(row, f"{prefix}{name}-{number}-")
        else:
            typed[prefix + name] = ("yes" if value else "no") if isinstance(value, bool) else str(value)
    return typed


def form_of(page: Page, procedure: str) -> Form:
    """The form of the list that begins this procedure."""
    ids = [form.inputs[-1].get("id") for form in page.forms]
    return page.forms[ids.index(f"status-{procedure}")]


async def begin(browser: Browser, choice: str = EXTENSION) -> str:
    """Begin a draft from the list of forms; the address of its overview."""
    page = await browser.open("/applications/new/forms")
    page = await browser.send(page, form_of(page, choice.partition(":")[0]), choice=choice)
    assert "The draft was started." in page.shown
    return page.path.partition("?")[0]


async def fill_topic(browser: Browser, page: Page, values: Mapping[str, Any], button: str = NEXT) -> Page:
    """Fill in every field of the page that `values` have an answer for, with as many rows as they need."""
    typed = typed_answers(values)
    while rows := [text for text in page.form(NEXT).buttons if text.startswith("Add a row")]:
        table = next((text for text in rows if _needs_row(page, text, typed)), None)
        if table is None:
            break
        page = await browser.send(page, table, **_fitting(page, typed))
    return await browser.send(page, button, **_fitting(page, typed))


def _fitting(page: Page, typed: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in typed.items() if name in page.form(NEXT).fields}


def _needs_row(page: Page, button: str, typed: Mapping[str, str]) -> bool:
    """Whether the table of this button has an answer for the row after its last."""
    form = page.form(NEXT)
    code = form.buttons[button][1].removeprefix("row:").replace(".", "-")
    shown = {int(name.removeprefix(f"{code}-").split("-")[0]) for name in form.fields if name.startswith(f"{code}-")}
    return any(name.startswith(f"{code}-{max(shown, default=-1) + 1}-") for name in typed)


def photo_form(page: Page) -> Form:
    """The form in which a photo is chosen; the one before it is for the camera of a phone."""
    return [form for form in page.forms if form.fields.get("kind") == "photo"][-1]


async def attach(portal: Portal, browser: Browser, path: str) -> None:
    """A photo, and one PDF for all required documents."""
    page = await browser.open(f"{path}/photo")
    await browser.upload(page, photo_form(page), files.jpeg())
    await portal.exchange()
    page = await browser.open(f"{path}/documents")
    await upload_several(browser, page, CAT3_DOCUMENTS)
    await portal.exchange()


async def upload_several(browser: Browser, page: Page, codes: tuple[str, ...]) -> Page:
    """Send one PDF with ticks for the documents it holds."""
    form = page.form_to("/SEVERAL")
    fields = {name: value for name, value in form.fields.items() if name not in ("file", "codes")}
    sent = await browser.client.post(
        form.attributes["action"],
        data={**fields, "codes": list(codes)},
        files={"file": ("papers.pdf", files.pdf(), "application/pdf")},
        headers={"Origin": browser.url},
    )
    return await browser.open(sent.headers["location"]) if sent.is_redirect else Page(sent)


async def ready(portal: Portal, browser: Browser) -> str:
    """A draft to which nothing is missing; the address of its overview."""
    path = await begin(browser)
    values = complete_extension(portal.clock)
    page = await browser.follow(await browser.open(path), "Continue")
    while "/form/" in page.path:
        page = await fill_topic(browser, page, values)
    await attach(portal, browser, path)
    page = await browser.open(f"{path}/notify")
    await browser.send(page, NEXT, email="an.nguyen@example.com")
    return path


async def work_on_archives(service: RunningService) -> None:
    """Check the files of every ZIP that was sent."""
    state = service.app.state
    worker = TimerWorker(state.runtime.commands, {STEP: step(state.uploads, state.objects, at_once=3)})
    while await worker.work_one():
        pass
