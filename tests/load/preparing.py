"""Accounts and cases of a load, made as people and operators make them: officers by the command line's own function,
organisations by a usage registration that an officer approves, applications by workbooks."""

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from deploy.demo import __main__ as demo
from deploy.demo import people
from deploy.demo.browser import Browser
from deploy.demo.letters import Letters, body_of
from deploy.demo.problems import StepFailed
from deploy.demo.waiting import until
from deploy.local.system import System
from shared.auth import Role
from shared.clock import SystemClock, legal_date
from tests.e2e.office import Office, workbook
from tests.load.afterwards import settle
from tests.load.plan import Account

# Who prepares something has an account of their own: the code of an app is taken once.
_ROLES = {
    "examiner": Role.EXAMINER,
    "chief_examiner": Role.CHIEF_EXAMINER,
    "proposer": Role.EXAMINER,
    "approval": Role.USER_APPROVAL,
}
_AT_ONCE = 2
Say = Callable[[str], None]
# Rows of one workbook, as many as an office would send in one go.
_ROWS = 2000
_GRANT = {"outcome": "grant", "period_of_stay": "Y3"}
_ADDRESSES = count(1)
_LINK = re.compile(r"/password/([A-Za-z0-9_-]+)")


@dataclass
class Prepared:
    """Accounts, applications and receipt numbers that a load begins with."""

    accounts: dict[str, list[Account]] = field(default_factory=dict)
    filed: dict[str, list[str]] = field(default_factory=dict)
    drafts: dict[str, list[str]] = field(default_factory=dict)
    receipts: list[str] = field(default_factory=list)


class Caller(Browser):
    """A browser at an address of its own, which the gateway believes: this machine is one of its proxies."""

    def __init__(self, gateway_url: str, person: str) -> None:
        super().__init__(gateway_url, person)
        number = next(_ADDRESSES)
        self._client.headers["X-Forwarded-For"] = f"10.200.{number >> 8}.{number & 255}"


class Filing:
    """Applications of accounts that there are, at the gateway of any site."""

    def __init__(self, url: str, settle: Callable[[], Awaitable[object]], say: Say = print) -> None:
        self.url = url
        self.settle = settle
        self.say = say
        self.made = Prepared()

    async def filed(self, offices: int, each: int) -> None:
        """So many applications of each of the first offices, filed."""
        accounts = self.made.accounts["office"][:offices]
        self.made.accounts["filer"] = list(accounts)
        for account in accounts:
            found = await self._imported(account, each, press=True)
            self.made.filed[account.login_id] = [row["application_id"] for row in found]
            self.made.receipts += [row["receipt_number"] for row in found]

    async def drafts(self, many: int) -> None:
        """So many drafts that lack nothing, shared by the offices."""
        accounts = self.made.accounts["office"]
        each = -(-many // len(accounts))
        for account in accounts:
            own = self.made.drafts[account.login_id] = []
            while len(own) < each:
                found = await self._imported(account, min(_ROWS, each - len(own)), press=False)
                own += [row["application_id"] for row in found]
                self.say(f"{sum(map(len, self.made.drafts.values()))} of {many} drafts are ready")

    async def _imported(self, account: Account, rows: int, *, press: bool) -> list[dict[str, Any]]:
        content, keys = await asyncio.to_thread(workbook, rows, legal_date(SystemClock().now()))
        async with Caller(self.url, account.login_id) as browser:
            await browser.sign_in(account.login_id, account.password)
            office = Office(browser, lambda view: None)
            sent = await office.send(content)
            await office.rested(sent)
            found = await office.rows(sent)
            codes = await office.asked(found[0]["application_id"])
            await office.attach(sent, await office.uploaded(keys, codes))
            if press:
                await office.press(sent)
                view = await office.rested(sent)
                if view["counts"]["filed"] != rows:
                    raise StepFailed(f"of {rows} rows {view['counts']} were filed")
                found = await office.rows(sent)
            return found

    async def proposals(self, many: int) -> None:
        """So many of the filed applications examined and proposed."""
        await self.settle()
        proposer = self.made.accounts["proposer"][0]
        async with Caller(self.url, proposer.login_id) as examiner:
            await examiner.sign_in(proposer.login_id, proposer.password, proposer.secret)
            for application_id in [one for those in self.made.filed.values() for one in those][:many]:
                case = await examiner.find(f"/v1/cases/by-application/{application_id}", "the case")
                await examiner.post(f"/v1/cases/{case['id']}/start")
                await examiner.post(f"/v1/cases/{case['id']}/proposal", _GRANT)


class Preparing(Filing):
    """Accounts too, on a running system of this machine."""

    def __init__(self, system: System, say: Say = print) -> None:
        super().__init__(system.gateway_url, lambda: settle(system.stack.postgres), say)
        self.system = system
        self.run = secrets.token_hex(3)
        self._letters = Letters(system.mailbox_dir)

    async def officers(self, counts: dict[str, int]) -> None:
        """Accounts of officers by role, with an authenticator app each."""
        wanted = {
            f"load-{role.replace('_', '-')}-{number}": role
            for role, many in {**counts, "approval": 1}.items()
            for number in range(many)
        }
        officers = [people.Officer(login_id, _ROLES[role], login_id) for login_id, role in wanted.items()]
        apps = await demo.create_officers(self.system, officers)
        for login_id, role in wanted.items():
            self.made.accounts.setdefault(role, []).append(Account(login_id, people.PASSWORD, apps[login_id]))

    async def offices(self, many: int) -> None:
        """So many organisations, each with a member who can sign in."""
        desk_account = self.made.accounts["approval"][0]
        turns = asyncio.Semaphore(_AT_ONCE)
        async with Caller(self.url, "desk") as desk:
            await desk.sign_in(desk_account.login_id, desk_account.password, desk_account.secret)

            async def one(number: int) -> Account:
                async with turns:
                    return await self._office(desk, number)

            self.made.accounts["office"] = list(await asyncio.gather(*(one(number) for number in range(many))))
        # From then on all services know the accounts.
        await self.settle()

    async def _office(self, desk: Browser, number: int) -> Account:
        email = f"load-{self.run}-{number}@example.co.jp"
        sent = people.usage_registration()
        sent["applicant"] = {**sent["applicant"], "email": email}
        async with Caller(self.url, email) as member:
            registration = await member.post("/v1/usage-registrations", sent)
            path = f"/v1/usage-registrations/{registration['id']}"
            asked = await desk.list(f"{path}/requirements")
            confirmed = {line["code"]: True for line in asked}
            await desk.post(f"{path}/approve", {"requirements": confirmed, "note": "complete"})
            token = await self._link(email)
            done = await member.post(f"/v1/password-links/{token}", {"password": people.PASSWORD})
            return Account(str(done["login_id"]), people.PASSWORD)

    async def _link(self, email: str) -> str:
        async def look() -> str | None:
            for _, message in await asyncio.to_thread(self._letters.all):
                if email in str(message["To"]) and (found := _LINK.search(body_of(message))):
                    return found[1]
            return None

        return await until(f"the link to set a password, mailed to {email}", look)
