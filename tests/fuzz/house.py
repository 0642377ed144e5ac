"""The whole house as anybody meets it: every service and the gateway over HTTP, with records in every state, called by
a stranger, people, officers, an auditor and an API client."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from threading import Thread
from typing import Any, TypeVar
from uuid import UUID

from deploy.local.object_store import ObjectStore as S3Server
from services.gateway.app import create_app
from services.gateway.settings import Settings
from services.registration.officers.commands.creation import create_officer
from services.review.cases.domain.states import State
from services.review.cases.store import Case
from shared.auth import OFFICER_ROLES, Actor, Role
from shared.ids import new_id
from tests.cases.world import World, opened
from tests.infra.databases import TestDatabase
from tests.services.registration.life import colleague
from tests.services.registration.outside import CLIENTS, client_input
from tests.services.registration.site import PASSWORD
from tests.services.review.desk import COE_AT, WAYS, Desk, card
from tests.support import tokens
from tests.support.forwarded import GATEWAY_KEY, forwarded
from tests.support.web import free_port, serving

T = TypeVar("T")
Headers = dict[str, str]
ME = "/v1/accounts/me"


@dataclass
class WholeSystem:
    """Addresses of the services, headers of their callers, and ids of records by the names of path parameters."""

    world: World
    urls: dict[str, str]
    callers: dict[str, Headers] = field(default_factory=dict)
    known: dict[str, list[str]] = field(default_factory=dict)
    cases: dict[State, str] = field(default_factory=dict)
    _wait: Callable[[Coroutine[Any, Any, Any]], Any] = field(default=asyncio.run)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def place(self) -> Headers:
        """An address that nobody has called from: or most would only hear that they are too many."""
        number = next(self._numbers)
        return forwarded(f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}")

    def some_of(self, name: str, number: int) -> str | None:
        """One of the ids that fit a path parameter."""
        pool = self.known.get(name)
        return pool[number % len(pool)] if pool else None

    def new_case(self, state: State) -> None:
        """Another case in that state, in place of one that was brought on."""
        (made,) = self._wait(cases(self.world, [state]))
        self.cases[state] = str(made.id)

    def renew(self) -> None:
        """Everybody is signed in again, where what was sent before has ended that."""
        self._wait(self._renew())

    async def _renew(self) -> None:
        site = self.world.site
        if not await self._works("a person"):
            officer = self.callers["an officer"] if await self._works("an officer") else await self._officer()
            number = next(self._numbers)
            person = await colleague(site, officer, f"person{number}@example.jp")
            self.callers["a person"] = await site.signed_in(person)
            of_person = (await site.get(f"{ME}/memberships", self.callers["a person"])).json()["items"]
            self.known |= {
                "account_id": [str(person.account_id)],
                "membership_id": [line["id"] for line in of_person],
            }
        if not await self._works("an officer"):
            self.callers["an officer"] = await self._officer()
        if not await self._works("an auditor"):
            self.callers["an auditor"] = await self._officer(Role.AUDITOR)
        if not await self._works("through the gateway", self.urls["api"]):
            self.callers["through the gateway"] = await self._session()

    async def _works(self, caller: str, at: str = "") -> bool:
        if caller not in self.callers:
            return False
        headers = self.callers[caller] | self.place()
        answer = await self.world.client.get(f"{at or self.urls['registration']}{ME}", headers=headers)
        if answer.status_code != 200 or caller != "a person":
            return answer.status_code == 200
        memberships = await self.world.client.get(f"{self.urls['registration']}{ME}/memberships", headers=headers)
        if memberships.status_code != 200:
            return False
        return any(line["state"] == "active" for line in memberships.json()["items"])

    async def _officer(self, *roles: Role) -> Headers:
        named = f"officer{next(self._numbers)}.tyo"
        return await self.world.site.officer(*(roles or OFFICER_ROLES - {Role.AUDITOR}), login_id=named)

    async def _session(self) -> Headers:
        """The headers of a browser in which the owner has signed in."""
        body = {"login_id": self.world.person.login_id, "password": PASSWORD}
        headers = {"Origin": self.urls["gateway"]} | self.place()
        answer = await self.world.client.post(f"{self.urls['gateway']}/session", json=body, headers=headers)
        assert answer.status_code == 201, answer.text
        cookies = "; ".join(f"{name}={value}" for name, value in answer.cookies.items())
        self.world.client.cookies.clear()
        return {"Origin": self.urls["gateway"], "Cookie": cookies, "X-CSRF-Token": answer.json()["csrf_token"]}


@contextmanager
def served(database: Callable[[str], TestDatabase], object_store: S3Server) -> Iterator[WholeSystem]:
    """Serve the house, in a thread of its own, until the block ends."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()

    def wait_for(work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, loop).result(120)

    stack = AsyncExitStack()
    try:
        yield wait_for(_open(stack, database, object_store, wait_for))
    finally:
        wait_for(stack.aclose())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _open(
    stack: AsyncExitStack, database: Callable[[str], TestDatabase], object_store: S3Server, wait_for: Any
) -> WholeSystem:
    world = await stack.enter_async_context(opened(database, object_store))
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    values: dict[str, Any] = {f"{name}_url": there for name, there in world.urls.items()}
    values |= dict.fromkeys(("requests_per_minute", "session_requests_per_minute", "sign_ins_per_minute"), 10**9)
    values |= {"token_issuer": world.site.context.settings.token_issuer, "cookie_secure": False, "public_url": url}
    app = create_app(Settings(**values, gateway_key=GATEWAY_KEY), world.clock)
    await stack.enter_async_context(serving(app, port, proxy_headers=True, forwarded_allow_ips="127.0.0.1"))
    urls = world.urls | {"gateway": url, "api": f"{url}/api"}
    house = WholeSystem(world, urls, _wait=wait_for)
    house.callers |= {
        "a stranger": {},
        "an owner": await world.site.bearer(world.owner),
        "an API client": await world.site.bearer(_outside(world)),
    }
    await house._renew()
    made = await cases(world, WAYS)
    house.cases = {state: str(case.id) for state, case in zip(WAYS, made, strict=True)}
    house.known |= await _known(world, made, house.callers["a person"])
    return house


def _outside(world: World) -> Actor:
    scopes = frozenset(f"{name}:{way}" for name in world.services for way in ("read", "write"))
    return Actor(
        kind="client",
        id=new_id(),
        client_id=new_id(),
        on_behalf_of=world.owner.id,
        organisation_id=world.owner.organisation_id,
        roles=world.owner.roles,
        scopes=scopes,
    )


async def _known(world: World, made: list[Case], person: Headers) -> dict[str, list[str]]:
    """Records that are there: of each kind some, and a case in every state."""
    ids, site = world.ids, world.site
    other = await create_officer(
        site.context, login_id="other.tyo", name="other", roles=[Role.EXAMINER], office="TYO", password=PASSWORD
    )
    client = (await site.post(CLIENTS, client_input(), headers=person)).json()
    await site.post("/v1/password-resets", {"login_id": world.person.login_id, "email": "hanako@example.co.jp"})
    sent = await world.done(tokens.officer(Role.OPERATOR), "notification", "GET", "/v1/notifications")
    return {
        "application_id": [ids["draft"], ids["filed"], ids["elsewhere"], *(str(case.application_id) for case in made)],
        "case_id": [ids["filed case"], ids["elsewhere case"], *(str(case.id) for case in made)],
        "document_id": [ids["draft file"], ids["filed photo"], ids["registration file"]],
        "registration_id": [ids["registration"], str(world.person.registration_id)],
        "draft_id": [ids["registration draft"]],
        "report_id": [ids["report"]],
        "organisation_id": [ids["organisation"]],
        "officer_id": [str(other.account_id)],
        "client_id": [client["id"]],
        "secret_id": [client["secrets"][0]["id"]],
        "notification_id": [line["id"] for line in sent["items"]][:5],
        "token": [await site.link()],
        "name": ["application-submitted"],
    }


class _Desk(Desk):
    """An office at work in the year of the house."""

    async def _ask(self, case: Case) -> None:
        body = {"items": [{"code": "RES_TAX", "message": "課税証明書"}], "due_on": "2029-10-20"}
        self.request_id = UUID((await self.done(self.examiner, case.id, "document-requests", body))["request_id"])

    async def _issue(self, case: Case) -> None:
        await self.done(self.card_office, case.id, "card", card(f"AB{case.id.int % 10**8:08d}CD", "2032-08-31"))


async def cases(world: World, states: Iterable[State]) -> list[Case]:
    """New cases, one in each state."""
    review = world.services["review"]
    trusted, review.app.state.verifier = review.app.state.verifier, tokens.verifier(world.clock)
    desk, on = _Desk(review, world.clock), {"legal_date": "2029-09-10", "stay_expiry": "2029-11-30"}
    made = [await desk.at(state, **(on | COE_AT.get(state, {}))) for state in states]
    review.app.state.verifier = trusted
    return made
