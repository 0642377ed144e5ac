"""Applicants, officers and what they do at the registration service, over HTTP."""

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

import httpx
import pyotp
from sqlalchemy import select, text

from services.registration.accounts.store import accounts
from services.registration.authentication.commands.second_factor import provision
from services.registration.authentication.commands.sign_in import acting_for, start_session
from services.registration.authentication.commands.signing_keys import SigningKeys
from services.registration.authentication.context import AuthenticationContext
from services.registration.authentication.domain.step_up import SignInMethod
from services.registration.authentication.schemas.sign_in import SignedIn
from services.registration.context import Visitor
from services.registration.jobs import jobs, timers
from services.registration.officers.commands.creation import create_officer
from services.registration.usage_registration.store.usage_registrations import UsageRegistration
from shared.auth import Actor, Role
from shared.clock import ManualClock
from shared.events.base import Event
from shared.events.registration import PasswordResetRequested, UsageRegistrationApproved
from shared.journal import journal
from shared.timers import TimerWorker
from shared.work import RequestIdentity, Work
from tests.support.forwarded import forwarded
from tests.support.keys import unsealed
from tests.support.service import RunningService

PASSWORD = "midori no tsukue to kumo"
OTHER_PASSWORD = "seven quiet umbrellas dry"
REQUIREMENTS = {
    "agent_requirements": True,
    "notifications_made": True,
    "pledge_submitted": True,
    "stable_business": True,
    "agent_certificate": True,
}
ORGANISATION = {
    "corporate_number": "4011001098993",
    "name": "株式会社見本",
    "name_kana": "カブシキガイシャミホン",
    "address": "東京都千代田区霞が関1-1-1",
    "postal_code": "1000013",
    "prefecture": "13",
    "capital_yen": 10_000_000,
    "employees": 25,
    "category": "CAT3",
}
APPLICANT = {"name": "見本 花子", "email": "hanako@example.co.jp", "phone": "0312345678", "department": "人事部"}

OFFICE = Visitor("203.0.113.20", "Firefox on Windows")


def submission(
    *, organisation: dict[str, Any] | None = None, applicant: dict[str, Any] | None = None, **changes: Any
) -> dict[str, Any]:
    """The body of a usage registration that lacks nothing."""
    body: dict[str, Any] = {
        "role": "org_staff",
        "organisation": ORGANISATION | (organisation or {}),
        "applicant": APPLICANT | (applicant or {}),
        "documents": ["UA_CHECK", "UA_FORM", "UA_PLEDGE", "UA_CATEGORY"],
        "pledge_accepted": True,
        "terms_accepted": True,
        "language": "ja",
    }
    return body | changes


@dataclass(frozen=True)
class Person:
    """Somebody with an account that works."""

    account_id: UUID
    organisation_id: UUID
    registration_id: UUID
    login_id: str
    password: str


@dataclass
class App:
    """An authenticator app, and the recovery codes that came with it."""

    totp: pyotp.TOTP
    clock: ManualClock
    recovery_codes: list[str] = field(default_factory=list)

    def code(self, steps: int = 0) -> str:
        """The code that the app shows now, or so many steps of 30 seconds later."""
        return self.totp.at(self.clock.now(), counter_offset=steps)

    def next(self) -> str:
        """A code that was never shown before: half a minute passes."""
        self.clock.advance(timedelta(seconds=30))
        return self.code()


@dataclass
class RegistrationClient:
    """The registration service and its visitors."""

    service: RunningService
    clock: ManualClock
    _keys: Any = field(default_factory=lambda: count(1))

    @property
    def context(self) -> AuthenticationContext:
        context = self.service.app.state.context
        assert isinstance(context, AuthenticationContext)
        return context

    @property
    def signing(self) -> SigningKeys:
        signing = self.service.app.state.signing
        assert isinstance(signing, SigningKeys)
        return signing

    async def post(
        self, path: str, body: Any = None, *, headers: dict[str, str] | None = None, key: str | None = None
    ) -> httpx.Response:
        """A POST with an idempotency key: its own, unless one is given."""
        sent = {"Idempotency-Key": key or f"key-{next(self._keys)}", "Accept-Language": "en"} | (headers or {})
        return await self.service.client.post(path, json=body, headers=sent)

    async def get(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        return await self.service.client.get(path, headers=headers)

    async def bearer(self, actor: Actor) -> dict[str, str]:
        """The header that makes a request `actor`'s."""
        token, _ = (await self.signing.issuer(timedelta(minutes=5))).issue(actor)
        return {"Authorization": f"Bearer {token}"}

    async def officer(self, *roles: Role, login_id: str = "approver.tyo", email: str | None = None) -> dict[str, str]:
        """An officer with a real account who has just signed in, and the header of their requests."""
        wanted = roles or (Role.USER_APPROVAL,)
        if Role.ADMINISTRATOR in wanted and email is None:
            email = f"{login_id}@example.go.jp"
        made = await create_officer(
            self.context, login_id=login_id, name=login_id, roles=wanted, office="TYO", password=PASSWORD, email=email
        )
        return await self.officer_signed_in(made.account_id)

    async def officer_signed_in(self, account_id: UUID) -> dict[str, str]:
        """The header of an officer whose session begins at this moment, as if both steps of signing in were done."""

        async def begin(work: Work) -> SignedIn:
            account = await accounts.locked_account(work.session, account_id)
            roles, _ = await acting_for(work, account, None)
            return await start_session(work, self.context, account, roles, None, OFFICE, SignInMethod.TOTP)

        mark = RequestIdentity(f"sign-in-{next(self._keys)}")
        opened = await self.context.commands.run(Actor(kind="officer", id=account_id), mark, begin)
        return await self.header(opened.session_secret)

    async def submit(self, headers: dict[str, str] | None = None, **changes: Any) -> dict[str, Any]:
        """A usage registration that was taken in."""
        answer = await self.post("/v1/usage-registrations", submission(**changes), headers=headers)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def decide(self, registration_id: str, step: str, body: Any, officer: dict[str, str]) -> httpx.Response:
        return await self.post(f"/v1/usage-registrations/{registration_id}/{step}", body, headers=officer)

    async def approve(self, registration_id: str, officer: dict[str, str]) -> str:
        """Approve, and the token of the link that goes out."""
        answer = await self.decide(registration_id, "approve", {"requirements": REQUIREMENTS}, officer)
        assert answer.status_code == 200, answer.text
        return await self.link()

    async def link(self) -> str:
        """The token of the last link that went out."""
        kinds = (UsageRegistrationApproved, PasswordResetRequested)
        last = [event for event in await self.service.events() if isinstance(event, kinds)][-1]
        return unsealed(last.sealed_link).rpartition("/")[2]

    async def set_password(self, token: str, password: str = PASSWORD) -> httpx.Response:
        return await self.post(f"/v1/password-links/{token}", {"password": password})

    async def person(self, officer: dict[str, str] | None = None, **changes: Any) -> Person:
        """Somebody who was approved and has set a password."""
        submitted = await self.submit(**changes)
        token = await self.approve(submitted["id"], officer or await self.officer())
        answer = await self.set_password(token)
        assert answer.status_code == 200, answer.text
        return Person(
            **await self.ids(submitted["id"]),
            registration_id=UUID(submitted["id"]),
            login_id=answer.json()["login_id"],
            password=PASSWORD,
        )

    async def ids(self, registration_id: str) -> dict[str, UUID]:
        """The account and the organisation of a usage registration, as the journal of the office knows them."""
        async with self.service.db.read() as session:
            row = await session.get(UsageRegistration, UUID(registration_id))
        assert row is not None
        assert row.organisation_id is not None
        return {"account_id": row.account_id, "organisation_id": row.organisation_id}

    async def sign_in(
        self, login_id: str, password: str = PASSWORD, address: str = "203.0.113.5", **more: Any
    ) -> httpx.Response:
        body = {"login_id": login_id, "password": password, **more}
        return await self.post("/v1/sessions", body, headers=forwarded(address))

    async def session(self, person: Person) -> str:
        """The secret of a session that was just begun."""
        answer = await self.sign_in(person.login_id, person.password)
        assert answer.status_code == 201, answer.text
        secret: str = answer.json()["session_secret"]
        return secret

    async def exchange(self, secret: str) -> httpx.Response:
        return await self.post("/v1/sessions/token", {"session_secret": secret})

    async def signed_in(self, person: Person) -> dict[str, str]:
        """The header of somebody who has signed in."""
        answer = await self.exchange(await self.session(person))
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}

    async def app_of(self, login_id: str) -> "App":
        """An authenticator app in force for an account, as an operator sets it up."""
        made = await provision(self.context, login_id)
        return App(pyotp.TOTP(made.secret), self.clock, made.recovery_codes)

    async def pending(self, login_id: str, address: str = "203.0.113.5") -> str:
        """The challenge of a first step that went right."""
        answer = await self.sign_in(login_id, address=address)
        assert answer.status_code == 200, answer.text
        challenge: str = answer.json()["challenge"]
        return challenge

    async def second_step(self, challenge: str, address: str = "203.0.113.5", **proof: str) -> httpx.Response:
        headers = forwarded(address)
        return await self.post("/v1/sessions/second-factor", {"challenge": challenge, **proof}, headers=headers)

    async def both_steps(self, login_id: str, app: "App") -> dict[str, Any]:
        """The answer to signing in with password and code."""
        answer = await self.second_step(await self.pending(login_id), code=app.next())
        assert answer.status_code == 201, answer.text
        opened: dict[str, Any] = answer.json()
        return opened

    async def header(self, session_secret: str) -> dict[str, str]:
        """The header of the holder of a session."""
        answer = await self.exchange(session_secret)
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}

    async def work_timers(self) -> None:
        """Do everything that is due."""
        worker = TimerWorker(self.context.commands, timers(self.context), jobs(self.context, self.signing))
        await worker.ensure_jobs()
        while await worker.work_one():
            pass

    async def waiting(self) -> int:
        """The number of transactions that wait for a lock of another one."""
        waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        async with self.service.db.read() as session:
            return int(await session.scalar(text(waits)) or 0)

    async def events(self, kind: type[Event]) -> list[Any]:
        return [event for event in await self.service.events() if isinstance(event, kind)]

    async def journal(self) -> list[Any]:
        """The lines of the journal, without the keys that every start makes."""
        async with self.service.db.read() as session:
            lines = select(journal).where(journal.c.aggregate != "signing_keys").order_by(journal.c.position)
            return list((await session.execute(lines)).mappings())
