"""Holds on the files of a record and their erasure, at a browser without scripts."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest

from deploy.local.object_store import ObjectStore as S3Server
from shared.auth import OFFICER_ROLES, Role
from shared.clock import ManualClock
from shared.events.review import ApplicationTerminated
from shared.ids import new_id
from tests.gateway.browser import Page
from tests.gateway.desk import Office, office_site
from tests.infra.databases import TestDatabase
from tests.services.document.test_previews import written


@pytest.fixture
async def office(service_database: Callable[[str], TestDatabase], object_store: S3Server) -> AsyncIterator[Office]:
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    async with office_site(service_database, clock, object_store) as made:
        yield made


def linked(page: Page) -> set[str]:
    return {href[1:] for href in page.values("a", "href") if href.startswith("#")} - {"content", "problem"}


async def test_files_are_held_lifted_and_erased_with_a_proof(office: Office) -> None:
    await office.officer("examiner", Role.EXAMINER)
    chief = await office.officer("chief", Role.CHIEF_EXAMINER)
    await office.submit_file(written("Nothing"))
    page = await chief.follow(
        await chief.open(f"/desk/cases/{office.case_id}?lang=en"), "Holds and erasure of the files"
    )
    assert page.path.split("?")[0] == f"/desk/retention/{office.clerk.application_id}"
    wrong = await chief.send(page, "Set a hold")
    assert (wrong.status, linked(wrong)) == (422, {"reason"})
    held = await chief.send(wrong, "Set a hold", reason="審査請求 2026-14")
    assert "The hold is set." in held.shown
    assert "審査請求 2026-14" in held.shown

    wrong = await chief.send(held, "Erase the files", received_on="2026-13-01")
    assert linked(wrong) == {"request_number", "confirmed"}
    typed = {"request_number": "東入情 第1号", "confirmed": "yes"}
    wrong = await chief.send(wrong, "Erase the files", **typed)
    assert linked(wrong) == {"received_on"}
    assert wrong.form("Erase the files").fields["request_number"] == "東入情 第1号"
    typed |= {"received_on": "令和8年11月19日"}
    kept = await chief.send(wrong, "Erase the files", **typed)
    assert "Record of the erasure" in kept.h1
    assert "Under a legal hold" in kept.shown

    page = await chief.open(f"/desk/retention/{office.clerk.application_id}?lang=en")
    assert "東入情 第1号" in page.shown
    wrong = await chief.send(page, "Lift the hold")
    assert (wrong.status, len(linked(wrong))) == (422, 1)
    (field,) = linked(wrong)
    lifted = await chief.send(wrong, "Lift the hold", **{field: "裁決が確定したため"})
    assert "The hold is lifted." in lifted.shown
    assert "Lift the hold" not in [button for form in lifted.forms for button in form.buttons]
    application_id = UUID(office.clerk.application_id)
    await office.clerk.document.deliver(ApplicationTerminated.example(application_id=application_id))
    erased = await chief.send(lifted, "Erase the files", **typed)
    assert "Under a legal hold" not in erased.shown
    assert "Erased files" in erased.shown


async def test_holds_are_seen_and_set_by_those_who_decide_on_the_record(office: Office) -> None:
    path = f"/desk/retention/{office.clerk.application_id}"
    await office.officer("examiner", Role.EXAMINER)
    await office.submit_file(written("Nothing"))
    for role in sorted(OFFICER_ROLES):
        browser = await office.officer(f"the {role.value}", role)
        # The approval desk decides on registrations, and sees no application.
        status = {Role.CHIEF_EXAMINER: 200, Role.USER_APPROVAL: 404}.get(role, 403)
        assert (await browser.client.get(path)).status_code == status, role
        csrf = office.clerk.front.app.state.gateway.csrf.token(browser.cookie)
        form = {"csrf_token": csrf, "do": "hold", "reason": "x", "key": str(new_id())}
        sent = await browser.client.post(path, data=form, headers={"Origin": browser.url})
        assert sent.status_code == (303 if status == 200 else status), role
        assert (await browser.client.get(f"{path}/erasures/{new_id()}")).status_code == (403 if status == 403 else 404)
    elsewhere = await office.officer("elsewhere", Role.CHIEF_EXAMINER, office="OSA")
    assert (await elsewhere.client.get(path)).status_code == 404
    assert (await office.clerk.browser.client.get(path)).status_code == 403
    nobody = await office.clerk.front.browser()
    assert (await nobody.client.get(path)).headers["location"].startswith("/sign-in")
