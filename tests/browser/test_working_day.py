"""A working day of an office in Chromium: ten cases of different procedures, from the queue to the mail.

Four officers work on them. Applications are filed by a program; an applicant answers and pays in a browser without
scripts.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from playwright.async_api import Browser

from deploy.local.object_store import ObjectStore as S3Server
from deploy.local.payment.app import Provider, Site, create_app
from deploy.local.payment.book import Book
from services.application.forms.catalogue import current_form
from services.application.forms.examples import answers_on
from services.application.forms.together import PARTS
from services.review.cases.store import Case
from shared.auth import Role
from shared.clock import ManualClock, legal_date
from shared.reference.receipt_numbers import parse_receipt_number
from tests.browser.keyboard import Keyboard
from tests.browser.looking import Tab, Visitors
from tests.gateway.desk import Office, office_site
from tests.gateway.portal import as_filer
from tests.infra.databases import Databases
from tests.services.application.people import Filer
from tests.services.application.test_acquire import attach_all
from tests.services.document import files
from tests.services.review.paying import CALLBACK_KEY, SITE_KEY
from tests.support.tokens import person
from tests.support.web import serving

EXAMINER, SECOND, CHIEF, CARDS = "審査 一子", "審査 二郎", "決裁 三子", "交付 四郎"
OFFICERS = {
    EXAMINER: ("ja", (Role.EXAMINER,)),
    SECOND: ("en", (Role.EXAMINER, Role.CHIEF_EXAMINER)),
    CHIEF: ("ja", (Role.CHIEF_EXAMINER,)),
    CARDS: ("en", (Role.CARD_OFFICE, Role.RECEPTION)),
}
# Beside an extension of an engineer, filed by the clerk: what is filed, for which status, and what along with it.
FILED: Mapping[str, tuple[str, str, Sequence[str]]] = {
    "graduate": ("CHANGE", "ENG_HUM_INT", ()),
    "newcomer": ("COE", "ENG_HUM_INT", ()),
    "child": ("ACQUIRE", "DEPENDENT", ()),
    "traveller": ("EXTEND", "STUDENT", ("REENTRY",)),
    "employee": ("WORKCERT", "ENG_HUM_INT", ()),
    "carer": ("EXTEND", "SSW1", ()),
    "wife": ("EXTEND", "DEPENDENT", ()),
    "husband": ("EXTEND", "SPOUSE_JP", ()),
    "manager": ("CHANGE", "BUS_MGR", ()),
}
REFUSED, RECALLED, SENT_BACK, RETURNED, COLLECTED = "manager", "husband", "graduate", "wife", "traveller"
DESIGNATED = {"condition-designated_activity": "介護分野の業務", "condition-ssw_field": "01"}
PERIODS = {"newcomer": "Y1", "employee": "", "child": "Y1", "traveller": "Y1"}


@dataclass
class Day:
    """The officers at their tabs, and the cases of the day by the word for their applicant."""

    office: Office
    provider: Provider
    tabs: dict[str, Tab]
    cases: dict[str, str] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    looked: set[str] = field(default_factory=set)

    def path(self, who: str) -> str:
        return f"/desk/cases/{self.cases[who]}"

    async def look(self, officer: str, name: str) -> None:
        """Look at a kind of page once in each language."""
        tab = self.tabs[officer]
        if f"{name}-{tab.lang}" not in self.looked:
            self.looked.add(f"{name}-{tab.lang}")
            await tab.look(f"day-{name}")

    async def open(self, officer: str, path: str, name: str = "") -> Tab:
        tab = self.tabs[officer]
        await tab.page.goto(path)
        if name:
            await self.look(officer, name)
        return tab

    async def step(self, officer: str, who: str, step: str, typed: Mapping[str, str] | None = None) -> None:
        """Take a step from the case's page: follow its link, fill in its form, press its button."""
        tab = await self.open(officer, self.path(who))
        await tab.press(f"main a[href='{self.path(who)}/{step}']")
        await self.look(officer, step)
        for name, value in (typed or {}).items():
            place = tab.page.locator(f"#{name}-{value}" if value and await _is_choice(tab, name, value) else f"#{name}")
            kind = await place.evaluate("(one) => one.type")
            if kind in ("radio", "checkbox"):
                await place.check()
            elif kind == "select-one":
                await place.select_option(value)
            else:
                await place.fill(value)
        await tab.press("form#step .actions button")
        assert f"done={step.replace('-', '_')}" in tab.page.url, await tab.page.inner_text("main")

    async def paste(self, path: str, name: str, *lines: str) -> str:
        """Paste a file on a page of the card desk, and what the page says then."""
        tab = await self.open(CARDS, path) if path else self.tabs[CARDS]
        await self.look(CARDS, name)
        await tab.page.fill("main textarea", "\n".join(lines))
        await tab.press("main form:has(textarea) button")
        await self.look(CARDS, f"{name}-outcome")
        return await tab.page.inner_text("main [role=status]")

    async def state(self, who: str) -> str:
        return await self.office.state(self.cases[who])

    async def case(self, who: str) -> Case:
        async with self.office.review.db.read() as session:
            found: Case = await session.get(Case, UUID(self.cases[who]))
        return found

    async def code(self, who: str) -> str:
        """The receipt number as a scanner reads it."""
        return parse_receipt_number((await self.case(who)).receipt_number).ascii

    async def later(self, minutes: int) -> None:
        """Time passes; everybody is at work and stays signed in."""
        for _ in range(0, minutes, 20):
            await self.office.pass_time(timedelta(minutes=20))
            for tab in self.tabs.values():
                await tab.page.goto("/desk")
            await self.office.clerk.open()
        await self.office.exchange()


async def _is_choice(tab: Tab, name: str, value: str) -> bool:
    return await tab.page.locator(f"input[name='{name}'][id='{name}-{value}']").count() > 0


@pytest.fixture
async def day(databases: Databases, object_store: S3Server, chromium: Browser) -> AsyncIterator[Day]:
    clock = ManualClock(datetime(2026, 11, 20, 0, 0, tzinfo=UTC))
    provider = Provider(Site(SITE_KEY, "http://service.test/payments/callback", "k1", CALLBACK_KEY), Book(clock.now))
    async with AsyncExitStack() as stack:
        new = stack.enter_context(databases.lent())
        url = await stack.enter_async_context(serving(create_app(provider)))
        reviewing = {
            "recall_minutes": 30,
            "payment_url": url,
            "payment_key": SITE_KEY,
            "payment_callback_keys": f"k1={CALLBACK_KEY}",
        }
        office = await stack.enter_async_context(office_site(new, clock, object_store, reviewing))
        provider.http = office.review.client
        clerk, site = office.clerk, office.clerk.front.site
        visitors: Any = Visitors(chromium, clerk.front.url, site, clerk.document, clerk.application, clock)  # type: ignore[arg-type]
        tabs = {}
        for name, (lang, roles) in OFFICERS.items():
            secret = (await office.officer(name, *roles)).cookie
            tabs[name] = tab = await stack.enter_async_context(visitors.tab(lang))
            cookie = {"name": "zairyu_session", "value": secret, "url": clerk.front.url}
            await tab.page.context.add_cookies([cookie])
        made = Day(office, provider, tabs, {"engineer": office.case_id})
        await _file(made)
        yield made


async def _file(day: Day) -> None:
    """A scrivener files the others: each is another person, and has everything that is asked for."""
    application = day.office.clerk.application
    async with as_filer(Filer(application, person(Role.LAWYER_SCRIVENER))) as filer:
        await filer.activate()
        today, filed = legal_date(filer.clock.now()), {}
        for number, (who, (procedure, status, along)) in enumerate(FILED.items()):
            form = current_form(procedure, status, today)
            assert form is not None, who
            answers = answers_on(form, today) | {form.facts.name: f"SAMPLE {who.upper()}"}
            answers |= {form.facts.card_number: f"WD{number:08}AY"} if form.facts.card_number else {}
            for part in PARTS:
                answers |= deepcopy(dict(part.example)) if part.procedure in along else {}
            body = {"procedure": procedure, "status_of_residence": status, "form": answers}
            filed[who] = await filer.begin(**body, combined_with=list(along))
            await attach_all(filer, filed[who], photo=procedure not in ("ACQUIRE", "WORKCERT"))
            answer = await filer.submit(filed[who])
            assert answer.status_code == 200, (who, answer.text)
    await day.office.exchange()
    for who, application_id in filed.items():
        day.cases[who] = str(await day.office._case_of(UUID(application_id)))


async def test_ten_cases_from_the_queue_to_the_mail(day: Day) -> None:
    await _allocate(day)
    await _examine(day)
    await _decide(day)
    await _pay_and_print(day)
    await _send(day)
    assert {who: await day.state(who) for who in day.cases} == {
        **dict.fromkeys(day.cases, "DELIVERED"),
        "newcomer": "CERTIFICATE_ISSUED",
        "employee": "CERTIFICATE_ISSUED",
        REFUSED: "DECIDED_REFUSE",
    }


async def _allocate(day: Day) -> None:
    """The chief flags one case and gives one; the others are taken by who asks for the next, the first by keyboard."""
    await day.open(CHIEF, "/desk", "desk-chief")
    await day.step(CHIEF, "carer", "flag", {"code": "urgent", "reason": "在留期限が近い"})
    await day.step(CHIEF, "child", "assignment", {"examiner_id": day.office.ids[SECOND]})
    day.owners["child"] = SECOND
    tab = await day.open(EXAMINER, "/desk", "desk-examiner")
    keyboard = Keyboard(tab)
    await keyboard.press("form[action='/desk/next'] button")
    first = tab.page.url.partition("?")[0]
    assert first.endswith(day.path("carer")), "the urgent one comes first"
    day.owners["carer"] = EXAMINER
    await day.look(EXAMINER, "case")
    await keyboard.press(f"main a[href='{day.path('carer')}/interview']")
    await day.look(EXAMINER, "interview")
    await keyboard.write("#held_on", "2026-11-20")
    await keyboard.write("#held_time", "14:00")
    await keyboard.write("#place", "3階 審査第二部門")
    await keyboard.press("form#step .actions button")
    known = {path: who for who in day.cases if (path := day.path(who))}
    for number in range(2, len(day.cases)):
        officer = (EXAMINER, SECOND)[number % 2]
        tab = await day.open(officer, "/desk/cases", "queue")
        await tab.press("form[action='/desk/next'] button")
        who = next(who for path, who in known.items() if path in tab.page.url)
        assert who not in day.owners
        day.owners[who] = officer
    tab = await day.open(SECOND, "/desk/cases")
    await tab.press("form[action='/desk/next'] button")
    await day.look(SECOND, "queue-empty")
    assert set(day.owners) == set(day.cases)


async def _examine(day: Day) -> None:
    """Findings, a request with its answer, an interview, and a proposal for each case."""
    asked = {"code-0": "RES_TAX", "message-0": "令和7年度分", "due_on": "2026-12-04"}
    await day.step(day.owners["engineer"], "engineer", "document-request", asked)
    await day.office.exchange()
    clerk = day.office.clerk
    page = await clerk.open("/requested-documents")
    await clerk.browser.upload(page, page.form_to("/0", codes="RES_TAX"), files.pdf())
    await day.office.exchange()
    await clerk.browser.send(await clerk.open("/requested-documents"), "Submit all of it")
    await day.office.exchange()
    assert await day.state("engineer") == "DOCS_SUBMITTED"
    await day.open(day.owners["engineer"], day.path("engineer"), "case-answered")
    for who in ("carer", REFUSED):
        await day.step(day.owners[who], who, "findings", {"note": "関係書類と一致"})
    for who, owner in day.owners.items():
        await day.step(owner, who, "proposal", _proposal(who))
    await day.open(EXAMINER, "/desk/cases?mine=true", "queue-own")


def _proposal(who: str) -> Mapping[str, str]:
    if who == REFUSED:
        return {"outcome": "refuse", "reason_code": "requirements_not_met", "reason": "事業所の確保が認められない"}
    period = PERIODS.get(who, "Y1")
    return {
        "outcome": "grant",
        **({"period_of_stay": period} if period else {}),
        **({"reentry": "multiple"} if who == "traveller" else {}),
        **(DESIGNATED if who == "carer" else {}),
    }


async def _decide(day: Day) -> None:
    """The chief decides: one comes back, one is refused, one is recalled by the other chief, two are alike."""
    await day.open(CHIEF, "/desk/proposals", "proposals")
    await day.step(CHIEF, SENT_BACK, "decision", {"approve": "no", "note": "職務内容を確かめてください"})
    await day.look(CHIEF, "case-sent-back")
    await day.step(day.owners[SENT_BACK], SENT_BACK, "findings", {"note": "職務内容を確かめた"})
    await day.step(day.owners[SENT_BACK], SENT_BACK, "proposal")
    await day.open(CHIEF, day.path("wife"), "case-proposed")
    tab = await day.open(CHIEF, "/desk/proposals", "proposals-opened")
    await tab.page.check(f"#chosen-{day.cases['wife']}")
    await tab.press(f"form:has(#chosen-{day.cases['wife']}) .actions button")
    await day.look(CHIEF, "proposals-decided")
    for who in day.cases:
        if who != "wife":
            await day.step(CHIEF, who, "decision", {"approve": "yes"})
    await day.step(SECOND, RECALLED, "recall", {"reason": "新しい資料が届いた"})
    await day.step(day.owners[RECALLED], RECALLED, "proposal")
    await day.step(CHIEF, RECALLED, "decision", {"approve": "yes"})
    await day.later(40)
    assert {await day.state(who) for who in day.cases} == {"AWAITING_FEE", "DECIDED_GRANT", "DECIDED_REFUSE"}


async def _pay_and_print(day: Day) -> None:
    """One fee is paid online, the others by slip; certificates go out, envelopes are scanned, cards are printed."""
    clerk = day.office.clerk
    await clerk.browser.send(await clerk.open("/payment"), "Continue to payment", method="convenience_store")
    (order,) = day.provider.book.orders.values()
    assert await day.provider.act(order, "pay") == [200]
    await day.open(CARDS, "/desk", "desk-cards")
    await day.open(CARDS, "/desk/cases?wait=fee", "queue-fee")
    waiting = [who for who in day.cases if await day.state(who) == "AWAITING_FEE" and who != "engineer"]
    for who in waiting:
        case = await day.case(who)
        if not case.fee_paid:
            paid = {"amount_yen": str(case.fee_yen), "paid_on": "2026-11-20", "reference": f"S-{who}"}
            await day.step(CARDS, who, "fee", paid)
    await day.step(CARDS, "newcomer", "certificate")
    await day.step(CARDS, "employee", "certificate", {"method": "POST"})
    codes = [await day.code(who) for who in ("engineer", *waiting) if who != "employee"]
    assert f"{len(codes)} recorded, 0 recorded before, 1 refused" in await day.paste(
        "/desk/card-desk/scan", "scan", *codes, "TYOEN99999999"
    )
    await _batch(day, "print", "code,card_number", [f"{code},AB{at:08}CD" for at, code in enumerate(codes)])


async def _send(day: Day) -> None:
    """Mailed in one batch, delivered by the carrier's report; one letter comes back and is mailed again. One card is
    collected, as a re-entry permit goes into the passport."""
    mailed = [who for who in day.cases if await day.state(who) == "CARD_ISSUED" and who != COLLECTED]
    lines = [f"{await day.code(who)},letter_pack_plus,{at:012}" for at, who in enumerate(mailed)]
    await _batch(day, "mail", "code,carrier,tracking_number", lines)
    await day.later(20)
    report = [f"{at:012},{'returned' if who == RETURNED else 'delivered'}" for at, who in enumerate(mailed)]
    assert f"{len(mailed)} recorded" in await day.paste(
        "/desk/card-desk/report", "report", "tracking_number,result", *report
    )
    await day.open(CARDS, day.path(RETURNED), "case-returned")
    await day.step(CARDS, RETURNED, "mailing", {"carrier": "letter_pack_plus", "tracking_number": "999999999999"})
    await day.step(CARDS, RETURNED, "delivery")
    await day.look(CARDS, "case-delivered")
    await day.step(CARDS, COLLECTED, "counter-visit", {"reason_code": "sticker"})
    await day.step(CARDS, COLLECTED, "delivery")


async def _batch(day: Day, kind: str, columns: str, lines: Sequence[str]) -> None:
    """Make a batch of everything that waits, and paste the file that comes back."""
    tab = await day.open(CARDS, "/desk/card-desk", "card-desk")
    await tab.press(f"main form button[value={kind}]")
    assert f"{len(lines)} recorded" in await day.paste("", f"batch-{kind}", columns, *lines)
