"""The access to the pages of officers: every page and form of a case, against every role, another office, people and
nobody.

The routes are the gateway's own: a page that this file does not know fails.
"""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from fastapi.routing import APIRoute

from deploy.local.object_store import ObjectStore as S3Server
from services.gateway.pages import desk
from shared.auth import OFFICER_ROLES, Role
from shared.clock import ManualClock
from shared.ids import new_id
from tests.gateway.browser import Browser
from tests.gateway.desk import Office, office_site
from tests.infra.databases import Databases

READERS = {Role.EXAMINER, Role.CHIEF_EXAMINER, Role.CARD_OFFICE, Role.AUDITOR}
# The one role that takes each step on its page.
STEPS = {
    "start": Role.EXAMINER,
    "findings": Role.EXAMINER,
    "document-request": Role.EXAMINER,
    "more-time": Role.EXAMINER,
    "interview": Role.EXAMINER,
    "interview-move": Role.EXAMINER,
    "interview-cancel": Role.EXAMINER,
    "correction": Role.EXAMINER,
    "same-person": Role.EXAMINER,
    "proposal": Role.EXAMINER,
    "decision": Role.CHIEF_EXAMINER,
    "recall": Role.CHIEF_EXAMINER,
    "termination": Role.CHIEF_EXAMINER,
    "reassignment": Role.CHIEF_EXAMINER,
    "take": Role.EXAMINER,
    "hand-over": Role.EXAMINER,
    "return": Role.EXAMINER,
    "assignment": Role.CHIEF_EXAMINER,
    "take-back": Role.CHIEF_EXAMINER,
    "transfer": Role.CHIEF_EXAMINER,
    "flag": Role.CHIEF_EXAMINER,
    "unflag": Role.CHIEF_EXAMINER,
    "fee": Role.CARD_OFFICE,
    "materials": Role.CARD_OFFICE,
    "counter": Role.CARD_OFFICE,
    "certificate": Role.CARD_OFFICE,
    "revocation": Role.CARD_OFFICE,
    "card": Role.CARD_OFFICE,
    "mailing": Role.CARD_OFFICE,
    "counter-visit": Role.CARD_OFFICE,
    "card-return": Role.CARD_OFFICE,
    "delivery": Role.CARD_OFFICE,
}
# Pages that name no case.
EXAMINER = "/desk/examiners/{examiner_id:uuid}"
LISTS = {
    ("GET", "/desk"),
    ("GET", "/desk/cases"),
    ("GET", "/desk/cases/by-application/{application_id:uuid}"),
    ("GET", "/desk/proposals"),
    ("POST", "/desk/proposals"),
    ("POST", "/desk/next"),
    ("GET", "/desk/examiners"),
    ("GET", "/desk/figures"),
    ("GET", "/desk/figures/csv"),
}
OF_AN_EXAMINER = {("GET", EXAMINER)} | {
    (method, f"{EXAMINER}/{step}") for method in ("GET", "POST") for step in ("skill", "absence", "end-absence", "move")
}
# Pages of a filed application, for who reads it: tests/gateway/test_received_pages.py.
APPLICATION = "/desk/applications/{application_id:uuid}"
FILE = f"{APPLICATION}/files/{{document_id:uuid}}"
LISTS |= {("GET", "/desk/applications"), ("GET", APPLICATION), ("GET", FILE), ("GET", f"{FILE}/pages")}
# Pages of the card office on many cases: tests/gateway/test_card_desk_pages.py, test_payment_pages.py.
LISTS |= {
    ("GET", "/desk/payments"),
    ("POST", "/desk/payments/differences/{difference_id:uuid}"),
    ("POST", "/desk/payments/receipts/{receipt_id:uuid}"),
    ("POST", "/desk/payments/refunds/{refund_id:uuid}"),
    ("GET", "/desk/card-desk/visits"),
    ("GET", "/desk/card-desk/batches/{batch_id:uuid}/file"),
    ("GET", "/desk/card-desk/batches/{batch_id:uuid}/returned"),
    ("POST", "/desk/card-desk/batches/{batch_id:uuid}/returned"),
    *(
        (method, f"/desk/card-desk{page}")
        for page in ("", "/scan", "/counter", "/report", "/report/returned", "/batches/{batch_id:uuid}")
        for method in ("GET", "POST")
    ),
}
# Pages of a record's files: tests/gateway/test_desk_retention.py.
RETENTION = "/desk/retention/{record_id:uuid}"
LISTS |= {("GET", RETENTION), ("POST", RETENTION), ("GET", f"{RETENTION}/erasures/{{erasure_id:uuid}}")}
# Pages of messages that did not arrive: tests/gateway/test_desk_steps.py.
UNDELIVERED = "/desk/undelivered/{case_id:uuid}/{undelivered_id:uuid}"
LISTS |= {("GET", "/desk/undelivered"), ("GET", UNDELIVERED), ("POST", UNDELIVERED)}
# What makes a form of every step one that the page sends on.
FORM = {
    "due_on": "2026-12-24",
    "code-0": "RES_TAX",
    "message-0": "x",
    "agreed": "yes",
    "more_time_id": "00000000-0000-7000-8000-000000000000",
    "interview_kind": "interview",
    "held_on": "2026-12-24",
    "held_time": "10:00",
    "correction_id": "00000000-0000-7000-8000-000000000000",
    "other_case_id": "00000000-0000-7000-8000-000000000000",
    "finding": "both_needed",
    "reason": "x",
    "outcome": "grant",
    "period_of_stay": "Y1",
    "approve": "yes",
    "reason_code": "left_japan",
    "examiner_id": "00000000-0000-7000-8000-000000000000",
    "amount_yen": "5500",
    "paid_on": "2026-11-20",
    "reference": "x",
    "residence_card_received": "yes",
    "receives": "counter",
    "method": "EMAIL",
    "card_number": "AB12345678CD",
    "expires_on": "2027-01-31",
    "kind": "returned",
    "carrier": "letter_pack_plus",
    "tracking_number": "123456789012",
    "office": "NGY",
    "code": "urgent",
}


@dataclass(frozen=True)
class Route:
    """A page of a case, or its form."""

    method: str
    path: str

    @property
    def step(self) -> str:
        """The name of the step; "" for the case itself and its files."""
        name = self.path.removeprefix("/desk/cases/{case_id:uuid}").strip("/")
        return name if name in STEPS else ""

    async def ask(self, office: Office, browser: Browser, case_id: str) -> tuple[int, str]:
        address = self.path.replace("{case_id:uuid}", case_id).replace("{document_id:uuid}", str(new_id()))
        if self.method == "GET":
            answer = await browser.client.get(address)
        else:
            csrf = office.clerk.front.app.state.gateway.csrf
            token = csrf.token(browser.cookie) if browser.cookie else "none"
            answer = await browser.client.post(
                address, data=FORM | {"csrf_token": token}, headers={"Origin": browser.url}
            )
        return answer.status_code, answer.headers.get("location", "")


def _routes() -> Iterator[Route]:
    for router in desk.ROUTERS:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            for method in sorted((route.methods or set()) - {"HEAD"}):
                yield Route(method, route.path)


OF_A_CASE = [route for route in _routes() if route.path.startswith("/desk/cases/{case_id")]
# Pages of other records than cases, by who may open them; tests/cases/test_bureau_matrix.py asks every cell.
ELSEWHERE = re.compile(
    r"/desk/(registrations|reports|accounts|officers|journal|begun|inbox|messages|broadcasts|translations)\b"
)


@pytest.fixture(scope="module")
async def office(databases: Databases, object_store: S3Server) -> AsyncIterator[Office]:
    """An officer of each role, and one of another office with all that take steps."""
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    with databases.lent() as new:
        async with office_site(new, clock, object_store) as made:
            for role in sorted(OFFICER_ROLES):
                await made.officer(role.value, role)
            others = (Role.EXAMINER, Role.CHIEF_EXAMINER, Role.CARD_OFFICE)
            await made.officer("another office", *others, office="OSA")
            yield made


def test_every_page_of_the_desk_is_known() -> None:
    others = {(r.method, r.path) for r in _routes() if r not in OF_A_CASE and not ELSEWHERE.match(r.path)}
    assert others == LISTS | OF_AN_EXAMINER
    case = "/desk/cases/{case_id:uuid}"
    file = f"{case}/files/{{document_id:uuid}}"
    known = {
        ("GET", case),
        ("GET", file),
        ("GET", f"{file}/pages"),
        ("GET", f"{case}/certificate/file"),
        ("GET", f"{case}/designation/file"),
    }
    known |= {(method, f"{case}/{step}") for method in ("GET", "POST") for step in STEPS}
    assert {(route.method, route.path) for route in OF_A_CASE} == known


@pytest.mark.parametrize("role", sorted(OFFICER_ROLES))
async def test_a_page_is_answered_by_the_role_of_its_step(office: Office, role: Role) -> None:
    """Readers see the case, and steps that are another role's, or not possible yet, lead back to it or are refused."""
    browser, case_id = office.browsers[role.value], await office.open_case()
    wrong = []
    for route in sorted(OF_A_CASE, key=lambda route: route.method):
        status, location = await route.ask(office, browser, case_id)
        if role not in READERS:
            right = status == 403
        elif route.method == "GET" and route.step:
            right = location.endswith("done=not_now") or (route.step, role) in (
                ("start", Role.EXAMINER),
                ("termination", Role.CHIEF_EXAMINER),
                ("assignment", Role.CHIEF_EXAMINER),
                ("transfer", Role.CHIEF_EXAMINER),
                ("flag", Role.CHIEF_EXAMINER),
            )
        elif route.method == "GET":
            # Neither the file nor the application of the certificate is known to its service.
            unknown = "document_id" in route.path or route.path.endswith(("/certificate/file", "/designation/file"))
            right = status == (404 if unknown else 200) or (role is Role.AUDITOR and status in (403, 404))
        elif STEPS[route.step] is not role:
            right = status == 403
        else:
            right = True
        if not right:
            wrong.append((route, status, location))
    assert wrong == []


async def test_a_case_of_another_office_is_as_if_there_were_none(office: Office) -> None:
    before = await office.state()
    for route in OF_A_CASE:
        browser = office.browsers["another office"]
        there = await route.ask(office, browser, office.case_id)
        missing = await route.ask(office, browser, str(new_id()))
        assert there == missing and there[0] == 404, route
    assert await office.state() == before


async def test_people_and_nobody_see_no_page_of_a_case(office: Office) -> None:
    nobody = await office.clerk.front.browser()
    for route in OF_A_CASE:
        assert (await route.ask(office, office.clerk.browser, office.case_id))[0] == 403, route
        status, location = await route.ask(office, nobody, office.case_id)
        assert status == 303 and re.match(r"/sign-in\b", location), route
