"""Officers of a bureau and the office that filed, at the gateway, while services die: each request is repeated until it
is answered, as a person would repeat it."""

import asyncio
import base64
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any
from uuid import uuid4

from deploy.demo import __main__ as demo
from deploy.demo import people
from deploy.demo.browser import Browser
from deploy.local.system import System
from tests.e2e.retrying import until_it_works
from tests.support.waiting import eventually

GRANT = {"outcome": "grant", "period_of_stay": "Y3"}
REFUSE = {"outcome": "refuse", "reason_code": "requirements_not_met", "reason": "職務内容が基準に適合しない"}
# Numbers of cards, letters and slips are never used twice.
_NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class Filed:
    """One application of the office, and its case."""

    application_id: str
    case_id: str
    receipt_number: str


@dataclass
class Bureau:
    """The people who bring cases from the queue to the mail."""

    staff: Browser
    examiner: Browser
    chief: Browser
    card_office: Browser

    async def propose(self, case: Filed, proposed: Mapping[str, Any]) -> str:
        """Take a case and propose its end; the id of the proposal."""
        path = f"/v1/cases/{case.case_id}"
        await _sent(self.examiner, f"{path}/start")
        await _sent(self.examiner, f"{path}/proposal", proposed)
        # To open it is what the second officer must do before deciding about several at once.
        seen = await until_it_works(self.chief.get, path)
        return str(seen["proposals"][-1]["id"])

    async def approve(self, case: Filed) -> None:
        """Decide about one case."""
        await _sent(self.chief, f"/v1/cases/{case.case_id}/decision", {"approve": True})

    async def approve_all(self, proposals: Mapping[str, str]) -> None:
        """Decide about many cases in one pass: proposals by case."""
        chosen = [{"case_id": case, "proposal_id": proposal} for case, proposal in proposals.items()]
        answer = await _sent(self.chief, "/v1/cases/decisions", {"cases": chosen})
        assert answer["done"] == len(proposals), answer

    async def pay_online(self, case: Filed) -> None:
        """Order to pay, and pay. A notice that nobody took is sent once more, as providers do."""
        path = f"/v1/payments/{case.application_id}"
        order = (await _sent(self.staff, path, {"method": "convenience_store"}))["orders"][0]
        await self.staff.pay(order["pay_url"])

        async def is_paid() -> bool:
            if (await until_it_works(self.staff.get, path))["fee_paid"]:
                return True
            await self.staff.pay(order["pay_url"], "again")
            return False

        await eventually(is_paid, 90)

    async def pay_by_slip(self, case: Filed, fee_yen: int, today: date) -> None:
        """Record the fee at the card office."""
        paid = {"amount_yen": fee_yen, "paid_on": today.isoformat(), "reference": f"SLIP-{next(_NUMBERS)}"}
        await _sent(self.card_office, f"/v1/cases/{case.case_id}/fee", paid)

    async def send_materials(self, case: Filed) -> None:
        """Put the old card into the mail."""
        letter = {"carrier": "letter_pack_plus", "tracking_number": f"{next(_NUMBERS):012}"}
        await _sent(
            self.staff,
            f"/v1/applications/{case.application_id}/card-materials",
            letter | {"residence_card_enclosed": True},
        )

    async def scan(self, cases: Sequence[Filed]) -> None:
        """Scan the envelopes that arrived."""
        numbers = [case.receipt_number for case in cases]
        answer = await _sent(self.card_office, "/v1/card-desk/scans", {"numbers": numbers})
        assert answer["refused"] == 0, answer

    async def print_cards(self, many: int) -> None:
        """Have the cards of so many cases that wait produced in batches: one on which another command works just then
        is left to the next."""
        written = "receipt_number,card_number"
        made = 0
        while made < many:
            made += await self._batch("print", written, lambda: f"ZB{next(_NUMBERS):08}ZB")

    async def mail_cards(self, many: int) -> None:
        """Have the cards of so many cases that wait mailed in batches."""
        written = "receipt_number,carrier,tracking_number"
        made = 0
        while made < many:
            made += await self._batch("mail", written, lambda: f"letter_pack_plus,{next(_NUMBERS):012}")

    async def _batch(self, kind: str, columns: str, values: Any) -> int:
        batch = await _sent(self.card_office, "/v1/card-desk/batches", {"kind": kind})
        path = f"/v1/card-desk/batches/{batch['id']}"
        lines = (await until_it_works(self.card_office.get, path))["lines"]
        rows = [columns, *(f"{line['receipt_number']},{values()}" for line in lines)]
        sent = {"file": base64.b64encode("\n".join(rows).encode()).decode()}
        # The same file once more, as after a doubt: it changes nothing.
        answer = await _sent(self.card_office, f"{path}/returned-file", sent)
        again = await _sent(self.card_office, f"{path}/returned-file", sent)
        assert (answer["refused"], again["done"], again["refused"]) == (0, 0, 0), (answer, again)
        return len(lines)


async def _sent(browser: Browser, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The answer to a command, however often it has to be sent, with one idempotency key."""
    answer: dict[str, Any] = await until_it_works(browser.post, path, dict(body or {}), str(uuid4()))
    return answer


@asynccontextmanager
async def bureau(system: System, login_id: str) -> AsyncIterator[Bureau]:
    """Everybody signed in."""
    secrets = await demo.create_officers(system)
    names = ("examiner", "chief-examiner", "card-office")
    browsers = {name: Browser(system.gateway_url, name) for name in ("staff", *names)}
    try:
        await browsers["staff"].sign_in(login_id, people.PASSWORD)
        for name in names:
            await browsers[name].sign_in(name, people.PASSWORD, secrets[name])
        yield Bureau(*browsers.values())
    finally:
        await asyncio.gather(*(browser.__aexit__(None, None, None) for browser in browsers.values()))
