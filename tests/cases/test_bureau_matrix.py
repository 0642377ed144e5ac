"""The access to the desk's pages that show no case (registrations, reports, accounts, officers, journals): every role,
another office, people and nobody.

The routes are the gateway's own: a page that this file does not know fails.
"""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from fastapi.routing import APIRoute

from services.gateway.pages import desk
from shared.auth import OFFICER_ROLES, Role
from shared.clock import ManualClock
from shared.ids import new_id
from tests.cases.test_desk_matrix import ELSEWHERE
from tests.gateway.approval import Bureau
from tests.gateway.browser import Browser
from tests.gateway.identity import identity
from tests.infra.databases import Databases
from tests.services.registration.life import report
from tests.services.registration.site import PASSWORD

APPROVAL, ADMINISTRATOR, AUDITOR = Role.USER_APPROVAL, Role.ADMINISTRATOR, Role.AUDITOR
OPERATOR = Role.OPERATOR
EVERY = frozenset(OFFICER_ROLES)
# Who opens a page, and who sends its form: a page of a step leads others back to its record.
PAGES = {
    "/desk/registrations": (frozenset({APPROVAL}), frozenset()),
    "/desk/reports": (frozenset({APPROVAL}), frozenset()),
    "/desk/accounts": (frozenset({APPROVAL}), frozenset({APPROVAL})),
    "/desk/officers/invite": (frozenset({ADMINISTRATOR}), frozenset({ADMINISTRATOR})),
    "/desk/officers": (frozenset({ADMINISTRATOR, AUDITOR}), frozenset({ADMINISTRATOR})),
    "/desk/journal": (frozenset({AUDITOR}), frozenset()),
    "/desk/begun": (EVERY, EVERY),
    "/desk/inbox": (EVERY, EVERY),
    "/desk/messages": (frozenset({OPERATOR, AUDITOR}), frozenset({OPERATOR})),
    "/desk/broadcasts": (frozenset({OPERATOR}), frozenset({OPERATOR})),
    "/desk/translations": (frozenset({OPERATOR, AUDITOR}), frozenset()),
}
SENT = {"/desk/registrations": frozenset({APPROVAL}), "/desk/reports": frozenset({APPROVAL})}
FORM = {
    "code-0": "UA_PLEDGE",
    "message-0": "x",
    "reason_code": "terms_violated",
    "reason": "x",
    "roles": "examiner",
    "office": "OSA",
    "email": "new@example.go.jp",
    "name": "x",
    "revision": "1",
    "until": "01a20911-fd7b-71e3-a6cc-c19ac3a3cc4a",
    "note": "x",
}


@dataclass(frozen=True)
class Route:
    """A page of the desk, or its form."""

    method: str
    path: str

    @property
    def area(self) -> str:
        """The longest entry of `PAGES` that it lies under."""
        return max((area for area in PAGES if re.match(rf"{area}\b", self.path)), key=len)

    def answers(self) -> frozenset[Role]:
        """The roles that are not refused."""
        opening, sending = PAGES[self.area]
        return opening if self.method == "GET" else SENT.get(self.area, sending)


@dataclass
class House(Bureau):
    """With a record of each kind; ids by the parameter of their pages."""

    records: dict[str, str] = field(default_factory=dict)

    async def ask(self, route: Route, browser: Browser, records: dict[str, str] | None = None) -> int:
        known = records or self.records
        address = route.path.replace(
            "{record_id:uuid}", known["report" if "/reports" in route.path else "registration"]
        )
        address = address.replace("{account_id:uuid}", known["account"]).replace("{officer_id:uuid}", known["officer"])
        for name in ("{document_id:uuid}", "{message_id:uuid}", "{broadcast_id:uuid}", "{address_id:uuid}"):
            address = address.replace(name, str(new_id()))
        address = address.replace("{name}", "fee_paid")
        if route.path == "/desk/begun":
            address += f"?of=/desk/registrations/{known['registration']}/return"
        if route.method == "GET":
            return (await browser.client.get(address)).status_code
        csrf = self.front.app.state.gateway.csrf
        token = csrf.token(browser.cookie) if browser.cookie else "none"
        # With a key of its own: what was asked once is answered as it was then.
        sent = FORM | {"csrf_token": token, "key": str(new_id())}
        return (await browser.client.post(address, data=sent, headers={"Origin": browser.url})).status_code


def _routes() -> Iterator[Route]:
    for router in desk.ROUTERS:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            if ELSEWHERE.match(route.path):
                for method in sorted((route.methods or set()) - {"HEAD"}):
                    yield Route(method, route.path)


ROUTES = list(_routes())


@pytest.fixture(scope="module")
async def house(databases: Databases) -> AsyncIterator[House]:
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    with databases.lent() as new:
        async with identity(
            new("registration"),
            clock,
            requests_per_minute=100_000,
            session_requests_per_minute=100_000,
            sign_ins_per_minute=1_000,
        ) as front:
            made = House(front)
            person = await front.site.person()
            clock.advance(datetime(2029, 9, 20, 3, 0, tzinfo=UTC) - clock.now())
            filed = await front.site.post("/v1/periodic-reports", report(), headers=await front.site.signed_in(person))
            assert filed.status_code == 201, filed.text
            for role in sorted(OFFICER_ROLES):
                await made.officer(role.value, role)
            await made.officer("another office", Role.USER_APPROVAL, office="OSA")
            await made.officer("somebody", Role.EXAMINER)
            made.records = {
                "registration": (await made.submitted(applicant={"email": "taro@example.co.jp"}))[0],
                "report": filed.json()["id"],
                "account": str(person.account_id),
                "officer": str(made.ids["somebody"]),
            }
            browser = made.browsers["person"] = await front.browser()
            await browser.sign_in(person.login_id, PASSWORD)
            yield made


def test_every_page_is_known() -> None:
    assert {route.area for route in ROUTES} == set(PAGES)
    assert len(ROUTES) > 40


@pytest.mark.parametrize("role", sorted(OFFICER_ROLES))
async def test_a_page_is_answered_to_its_roles_alone(house: House, role: Role) -> None:
    """The step that changes something comes after all that look."""
    wrong = []
    for route in sorted(ROUTES, key=lambda one: (one.method, one.path)):
        if route.method == "POST" and role in route.answers():
            # What it does, tests of the pages say; here it would change what the next ones look at.
            continue
        status = await house.ask(route, house.browsers[role.value])
        if (status == 403) == (role in route.answers()):
            wrong.append((route, status))
    assert wrong == []


async def test_records_of_another_office_are_as_if_there_were_none(house: House) -> None:
    missing = {name: str(new_id()) for name in house.records}
    for route in ROUTES:
        # Messages are an officer's own, not an office's, and their service is not part of this site.
        if "_id:uuid" in route.path and APPROVAL in route.answers() and route.area != "/desk/inbox":
            browser = house.browsers["another office"]
            there, none = await house.ask(route, browser), await house.ask(route, browser, missing)
            assert there == none == 404, route


async def test_people_and_nobody_see_no_page_of_the_desk(house: House) -> None:
    nobody = await house.front.browser()
    for route in ROUTES:
        assert await house.ask(route, house.browsers["person"]) == 403, route
        assert await house.ask(route, nobody) == 303, route
