"""Alike proposals decided together on one page: those that were opened, and what became of each."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from deploy.local.object_store import ObjectStore as S3Server
from shared.auth import Role
from shared.clock import ManualClock
from tests.gateway.browser import Page
from tests.gateway.desk import EXAMINING, Office, office_site
from tests.infra.databases import Databases


@pytest.fixture(scope="module")
async def office(databases: Databases, object_store: S3Server) -> AsyncIterator[Office]:
    """An office with an examiner and two chief examiners."""
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    with databases.lent() as new:
        async with office_site(new, clock, object_store) as made:
            for name, roles in EXAMINING.items():
                await made.officer(name, *roles)
            await made.officer("second chief", Role.CHIEF_EXAMINER)
            yield made


async def _proposed(office: Office) -> str:
    case_id = await office.open_case()
    await office.step("examiner", "start", "Start", case_id)
    await office.step("examiner", "proposal", "Propose", case_id, outcome="grant", period_of_stay="Y3")
    return case_id


async def test_proposals_that_were_opened_are_chosen_and_each_outcome_is_shown(office: Office) -> None:
    chief = office.browsers["chief"]
    opened, unread = await _proposed(office), await _proposed(office)
    await chief.open(f"/desk/cases/{opened}?lang=en")
    page = await chief.open("/desk/proposals?lang=en")
    boxes = {a["id"]: a for tag, a in page.tags if tag == "input" and a.get("name") == "chosen"}
    assert "disabled" not in boxes[f"chosen-{opened}"]
    assert "disabled" in boxes[f"chosen-{unread}"]
    assert "Not opened since the proposal" in page.shown
    none = await chief.send(page, "Approve the chosen ones")
    assert (none.status, "Choose at least one proposal" in none.shown) == (422, True)
    # Another officer was quicker with one of two.
    await chief.open(f"/desk/cases/{unread}?lang=en")
    page = await chief.open("/desk/proposals?lang=en")
    await office.step("second chief", "decision", "Confirm", unread, approve="yes")
    form = page.form("Approve the chosen ones")
    values = [a["value"] for tag, a in page.tags if tag == "input" and a.get("name") == "chosen"]
    sent = {**form.fields, "chosen": values}
    answer = Page(await chief.client.post("/desk/proposals", data=sent, headers={"Origin": chief.url}))
    assert "1 of 2 proposals were approved" in answer.shown
    assert "second chief changed the state of the case" in answer.shown
    assert (await office.state(opened), await office.state(unread)) == ("AWAITING_FEE", "AWAITING_FEE")
    assert "No proposal waits for a decision" in (await chief.open("/desk/proposals?lang=en")).shown


async def test_the_page_is_for_chief_examiners_alone(office: Office) -> None:
    for name, status in (("examiner", 403), ("card office", 403), ("chief", 200)):
        assert (await office.browsers[name].open("/desk/proposals")).status == status
    assert "/desk/proposals" in (await office.browsers["chief"].open("/desk")).values("a", "href")
    assert "/desk/proposals" not in (await office.browsers["examiner"].open("/desk")).values("a", "href")
