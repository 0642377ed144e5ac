"""Administrators and auditors in a browser: officers' accounts, the accounts of people, and the journals."""

import csv
import io
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from shared.auth import Role
from shared.clock import ManualClock
from shared.db import Database
from shared.events.registration import OfficerInvited
from shared.journal import journal
from tests.gateway.approval import Bureau, linked
from tests.gateway.identity import identity
from tests.infra.databases import TestDatabase
from tests.services.registration.site import REQUIREMENTS
from tests.support.keys import unsealed

OFFICERS = "/desk/officers"


@dataclass
class House(Bureau):
    """With the database, which somebody might alter."""

    database: TestDatabase | None = None

    async def alter(self, statement: str) -> None:
        assert self.database is not None
        owner = Database(self.database.owner_url, name="owner")
        async with owner.transaction() as session:
            await session.execute(text(statement))
        await owner.close()


@pytest.fixture
async def bureau(service_database: Callable[[str], TestDatabase]) -> AsyncIterator[House]:
    database = service_database("registration")
    async with identity(database, ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))) as front:
        made = House(front, database=database)
        await made.officer("admin", Role.ADMINISTRATOR)
        yield made


async def test_an_officer_is_invited_and_works(bureau: House) -> None:
    browser = bureau.browsers["admin"]
    page = await browser.open(f"{OFFICERS}?lang=en")
    page = await browser.follow(page, "Invite an officer")
    page = await browser.send(page, "Invite", name="審査 一郎")
    assert (page.status, linked(page)) == (422, {"email", "office", "roles"})
    page = await browser.send(page, "Invite", email="officer-0.tyo@example.go.jp", office="OSA", roles="examiner")
    assert (page.status, linked(page)) == (403, {"email"}), "nobody invites themself"
    assert page.form("Invite").fields["name"] == "審査 一郎"
    page = await browser.send(page, "Invite", email="ichiro@gmail.co.jp")
    assert (page.status, "Did you mean ichiro@gmail.com?" in page.shown) == (200, True)
    page = await browser.send(page, "Invite", email="ichiro@example.go.jp")
    assert "The officer was invited." in page.shown and "Invited" in page.shown
    assert "Reset the second factor" not in page.links, "there is none yet"
    path = page.path.partition("?")[0]
    page = await browser.follow(page, "Send the invitation again")
    page = await browser.send(page, "Send again")
    assert len(await bureau.front.site.events(OfficerInvited)) == 2
    page = await browser.follow(page, "Change the roles")
    assert page.form("Change").fields["roles"] == "examiner"
    page = await browser.send(page, "Change", roles="auditor")
    assert "The roles were changed." in page.shown and "Auditor" in page.shown
    stale = await browser.open(f"{path}/office")
    moved = await bureau.step("admin", f"{path}/office", "Move", office="SPK")
    assert moved.status == 200
    page = await browser.send(stale, "Move", office="FUK")
    assert (page.status, page.form("Move").fields["office"]) == (412, "FUK"), "somebody was faster"
    page = await browser.send(page, "Move")
    assert "The officer was moved." in page.shown
    page = await browser.open(f"{OFFICERS}?state=registered&role=auditor")
    assert [href for href in page.values("a", "href") if href == path] == [path]
    assert path not in (await browser.open(f"{OFFICERS}?state=active")).values("a", "href")


async def test_two_administrators_reset_a_second_factor_and_one_alone_does_not(bureau: House) -> None:
    await bureau.officer("examiner", Role.EXAMINER)
    await bureau.officer("second", Role.ADMINISTRATOR)
    path = f"{OFFICERS}/{bureau.ids['examiner']}"
    page = await bureau.step("admin", f"{path}/second-factor-reset", "Reset")
    assert "The reset was asked for." in page.shown and "You asked for a reset" in page.shown
    page = await bureau.step("admin", f"{path}/second-factor-reset", "Reset")
    assert page.status == 409
    assert (await bureau.browsers["examiner"].get("/desk")).status_code == 200
    page = await bureau.browsers["second"].open(path)
    assert "Another administrator asked for a reset" in page.shown
    page = await bureau.step("second", f"{path}/second-factor-reset", "Reset")
    assert "The second factor was reset." in page.shown
    assert unsealed((await bureau.front.site.events(OfficerInvited))[-1].sealed_link)


async def test_a_reset_that_nobody_confirms_in_a_day_is_over(bureau: House) -> None:
    await bureau.officer("examiner", Role.EXAMINER)
    await bureau.officer("second", Role.ADMINISTRATOR)
    path = f"{OFFICERS}/{bureau.ids['examiner']}"
    await bureau.step("admin", f"{path}/second-factor-reset", "Reset")
    bureau.front.clock.advance(timedelta(hours=24, seconds=1))
    await bureau.again("second")
    page = await bureau.step("second", f"{path}/second-factor-reset", "Reset")
    assert "The reset was asked for." in page.shown, "it begins again"


async def test_an_account_is_stopped_restored_and_ended_and_never_ones_own(bureau: House) -> None:
    await bureau.officer("examiner", Role.EXAMINER)
    path = f"{OFFICERS}/{bureau.ids['examiner']}"
    page = await bureau.step("admin", f"{path}/suspension", "Stop")
    assert (page.status, linked(page)) == (422, {"reason_code"})
    page = await bureau.browsers["admin"].send(page, "Stop", reason_code="suspicious")
    assert "The account was stopped." in page.shown
    bureau.front.clock.advance(timedelta(minutes=1))
    assert (await bureau.browsers["examiner"].open("/desk")).path.startswith("/sign-in")
    page = await bureau.step("admin", f"{path}/restoration", "Lift")
    assert "The stop was lifted." in page.shown
    page = await bureau.step("admin", f"{path}/closing", "End", reason_code="left_office")
    assert "The account was ended." in page.shown and "What you can do" not in page.shown
    own = await bureau.browsers["admin"].open(f"{OFFICERS}/{bureau.ids['admin']}")
    assert "What you can do" not in own.shown and "Authenticator app" in own.shown, "with one's own sign-ins"


async def test_what_is_sensitive_wants_a_recent_proof_and_goes_on_after_it(bureau: House) -> None:
    await bureau.officer("examiner", Role.EXAMINER)
    bureau.front.clock.advance(timedelta(minutes=21))
    page = await bureau.browsers["admin"].open(f"{OFFICERS}/{bureau.ids['examiner']}/suspension")
    assert page.path.startswith("/account/step-up")
    assert (await bureau.browsers["admin"].open(f"{OFFICERS}/invite")).path.startswith("/account/step-up")


async def test_the_approval_desk_stops_a_persons_account(bureau: House) -> None:
    site = bureau.front.site
    approver = await bureau.officer("approver", Role.USER_APPROVAL)
    submitted, _ = await bureau.submitted()
    await site.decide(submitted, "approve", {"requirements": REQUIREMENTS}, await site.officer())
    await site.set_password(await site.link())
    page = await approver.open(f"/desk/registrations/{submitted}")
    page = await approver.follow(page, "Account of the user")
    assert "株式会社見本" in page.shown and "Valid" in page.shown
    path = page.path.partition("?")[0]
    page = await bureau.step("approver", f"{path}/suspension", "Stop the account", reason_code="terms_violated")
    assert "The account was stopped." in page.shown
    page = await bureau.step("approver", f"{path}/restoration", "Lift the stop")
    page = await bureau.step("approver", f"{path}/closing", "End the account", reason_code="own_request")
    assert "There is nothing that you can do now." in page.shown


async def test_an_auditor_searches_exports_and_checks_the_journal_and_each_look_is_a_line(bureau: House) -> None:
    auditor, site = await bureau.officer("auditor", Role.AUDITOR), bureau.front.site
    await bureau.officer("examiner", Role.EXAMINER)
    examiner = bureau.ids["examiner"]
    await bureau.step("admin", f"{OFFICERS}/{examiner}/suspension", "Stop", reason_code="suspicious")

    async def looks() -> list[str]:
        async with site.service.db.read() as session:
            rows = await session.scalars(
                select(journal.c.action).where(journal.c.aggregate == "journal").order_by(journal.c.position)
            )
            return [*rows]

    page = await auditor.open("/desk/journal?lang=en")
    assert await looks() == [], "nothing was asked yet"
    page = await auditor.open(f"/desk/journal?service=registration&aggregate_id={examiner}&action=account:suspend")
    assert "account:suspend" in page.shown and "reason: suspicious" in page.shown and "(1 shown)" not in page.shown
    assert str(bureau.ids["admin"]) in page.shown
    assert f"/desk/journal?service=registration&actor_id={bureau.ids['admin']}" in page.values("a", "href")
    assert await looks() == ["journal:search"]
    (exported,) = [href for href in page.values("a", "href") if href.startswith("/desk/journal/export")]
    answer = await auditor.client.get(exported)
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row["action"] for row in rows] == ["account:suspend"]
    page = await auditor.open("/desk/journal?service=registration&since=2026-13-40&actor_id=x")
    assert (page.status, linked(page)) == (422, {"since"})
    page = await auditor.open("/desk/journal?service=registration&actor_id=x")
    assert (page.status, linked(page)) == (422, {"actor_id"})
    page = await auditor.open("/desk/journal?service=registration&since=2026-11-21")
    assert "Nothing fits." in page.shown
    page = await auditor.open("/desk/journal/verification?service=registration")
    assert "Nothing was altered." in page.shown
    assert (await looks())[-2:] == ["journal:search", "journal:verify"]
    await bureau.alter("UPDATE journal SET detail = '{}' WHERE action = 'account:suspend'")
    page = await auditor.open("/desk/journal/verification?service=registration")
    assert "1 contradictions were found" in page.shown and "The content of the line was altered." in page.shown


async def test_officers_and_journals_are_for_administrators_and_auditors(bureau: House) -> None:
    await bureau.officer("approver", Role.USER_APPROVAL)
    auditor = await bureau.officer("auditor", Role.AUDITOR)
    one = f"{OFFICERS}/{bureau.ids['approver']}"
    for path in (OFFICERS, one, f"{OFFICERS}/invite", f"{one}/roles", "/desk/journal"):
        assert (await bureau.browsers["approver"].get(path)).status_code == 403, path
    assert (await bureau.browsers["admin"].get("/desk/journal")).status_code == 403
    page = await auditor.open(one)
    assert "What you can do" not in page.shown and "Journal of this officer" in page.links
    assert (await auditor.open(f"{one}/roles")).path == f"{one}?done=not_now"
    assert (await auditor.get(f"{OFFICERS}/invite")).status_code == 403
    menu = (await auditor.open("/desk")).links
    assert {"Officers", "Journal", "Cases"} <= set(menu) and "Usage registrations" not in menu
