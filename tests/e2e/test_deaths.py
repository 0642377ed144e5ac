"""Services die at the worst moment: nothing is lost, nothing is done twice, and the system comes back by itself."""

import asyncio
from uuid import uuid4

import pytest
from sqlalchemy import text

from deploy.demo import __main__ as demo
from deploy.demo import case, people
from deploy.demo.browser import Browser
from deploy.demo.letters import Letters, body_of
from deploy.demo.place import Place, place_of
from deploy.local.service import Service
from deploy.local.system import System
from shared.db import Database
from tests.e2e.retrying import until_it_works
from tests.support.waiting import eventually, reached

pytestmark = [pytest.mark.kafka, pytest.mark.system]


async def test_every_service_killed_once_while_applications_are_filed(watched: System) -> None:
    system = watched
    async with place_of(system, await demo.create_officers(system)) as place:
        login_id = await case.registered(place)
        async with Browser(place.gateway_url, "staff") as staff:
            await staff.sign_in(login_id, people.PASSWORD)
            numbers = [await _file_while_dying(place, staff, system.services[name]) for name in system.services]
    assert len(set(numbers)) == len(numbers)
    await eventually(lambda: all(_mails(system, number) >= 2 for number in numbers), 90)
    # The mails of an application do not wait for its case: a review service that died may be behind them.
    await reached(lambda: _cases(system, numbers), len(numbers))
    await asyncio.to_thread(system.wait_ready)
    assert await _cases(system, numbers) == len(numbers), "no case was opened twice"
    assert all(_mails(system, number) == 2 for number in numbers), "no mail came twice"


async def _file_while_dying(place: Place, staff: Browser, service: Service) -> str:
    """File one application while `service` is killed; the same request is repeated until it is answered."""
    application_id = await until_it_works(lambda: case.prepare(place, staff))
    key = str(uuid4())
    sending = asyncio.ensure_future(_submit(staff, application_id, key))
    await asyncio.to_thread(service.kill)
    await asyncio.gather(sending, return_exceptions=True)
    return await until_it_works(lambda: _submit(staff, application_id, key))


async def _submit(staff: Browser, application_id: str, key: str) -> str:
    declarations = {"declarations": {"intent_confirmed": True, "truth_confirmed": True}}
    answer = await staff.post(f"/v1/applications/{application_id}/submit", declarations, key=key)
    return str(answer["receipt_number"])


def _mails(system: System, number: str) -> int:
    # A sender that dies may leave a second copy of the mail in its hand, with the same Message-ID: no second mail.
    found = [message for _, message in Letters(system.mailbox_dir).all() if number in body_of(message)]
    return len({message["Message-ID"] for message in found})


async def _cases(system: System, numbers: list[str]) -> int:
    db = Database(system.stack.postgres.url("review"))
    try:
        async with db.read() as session:
            found = text("SELECT count(*) FROM cases WHERE receipt_number = ANY(:numbers)")
            return int(await session.scalar(found, {"numbers": numbers}))
    finally:
        await db.close()
