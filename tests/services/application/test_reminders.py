"""Reminders: of a draft that nobody touches, before it is deleted, and before the stay that it concerns ends."""

from datetime import date, timedelta
from typing import TypeVar

import pytest

from services.application.filing.domain.reminders import stay_reminder
from shared.clock import ManualClock
from shared.events.application import DraftUntouched, StayEnding
from shared.events.base import Event
from tests.services.application.people import Filer
from tests.services.application.test_database_rules import run_job

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("left", "due"), [(-1, None), (0, 7), (7, 7), (8, 30), (30, 30), (31, 90), (90, 90), (91, None), (None, None)]
)
def test_the_reminder_that_is_due(left: int | None, due: int | None) -> None:
    assert stay_reminder(None if left is None else TODAY + timedelta(days=left), TODAY) == due


E = TypeVar("E", bound=Event)


async def reminders(filer: Filer, kind: type[E]) -> list[E]:
    return [event for event in await filer.service.events() if isinstance(event, kind)]


async def test_the_person_in_charge_is_reminded_once_of_a_draft_and_of_the_day_of_its_end(
    filer: Filer, clock: ManualClock
) -> None:
    begun, edited = await filer.begin(form={}), await filer.begin(form={})
    colleague = filer.colleague()
    await colleague.request("POST", f"/{edited}/owner")
    clock.advance(timedelta(days=7))
    for _ in range(2):
        await run_job(filer, "remind-drafts")
    events = {str(event.draft_id): event for event in await reminders(filer, DraftUntouched)}
    assert len(await reminders(filer, DraftUntouched)) == 2
    assert (events[begun].account_id, events[begun].deleted_on) == (filer.actor.id, date(2026, 12, 4))
    assert (events[edited].account_id, events[edited].deleted_on) == (colleague.actor.id, None)
    await filer.patch(edited, {"form": {"sex": "F"}}, 2)
    clock.advance(timedelta(days=7))
    await run_job(filer, "remind-drafts")
    reminded = [str(event.draft_id) for event in await reminders(filer, DraftUntouched)]
    assert (sorted(reminded[:2]), reminded[2:]) == (sorted([begun, edited]), [edited]), "both began at the same moment"


async def test_the_check_says_on_which_day_a_draft_is_deleted(filer: Filer, clock: ManualClock) -> None:
    """Only of one that was never edited, and never before the reminder has had its week."""
    begun, edited = await filer.begin(form={}), await filer.begin(form={})
    await filer.patch(edited, {"form": {"sex": "F"}}, 1)

    async def said(application_id: str) -> str | None:
        day: str | None = (await filer.request("GET", f"/{application_id}/check")).json()["deleted_on"]
        return day

    assert (await said(begun), await said(edited)) == ("2026-12-04", None)
    clock.advance(timedelta(days=60))
    late = await said(begun)
    await run_job(filer, "remind-drafts")
    (reminder,) = [one for one in await reminders(filer, DraftUntouched) if str(one.draft_id) == begun]
    assert late == await said(begun) == str(reminder.deleted_on) == "2027-01-26"


async def test_no_draft_is_deleted_without_its_reminder_a_week_before(filer: Filer, clock: ManualClock) -> None:
    application_id = await filer.begin(form={})
    clock.advance(timedelta(days=60))
    await run_job(filer, "delete-untouched-drafts")
    await run_job(filer, "remind-drafts")
    clock.advance(timedelta(days=6))
    await run_job(filer, "delete-untouched-drafts")
    assert (await filer.request("GET", f"/{application_id}")).status_code == 200
    clock.advance(timedelta(days=1))
    await run_job(filer, "delete-untouched-drafts")
    assert (await filer.request("GET", f"/{application_id}")).status_code == 404


async def test_a_stay_that_ends_is_reminded_of_90_30_and_7_days_before(filer: Filer, clock: ManualClock) -> None:
    application_id = await filer.begin(form={"stay_expiry": (TODAY + timedelta(days=100)).isoformat()})
    days: list[int] = []
    for _ in range(102):
        for _ in range(2):
            await run_job(filer, "remind-of-stays")
        for event in (await reminders(filer, StayEnding))[len(days) :]:
            assert (str(event.draft_id), event.account_id) == (application_id, filer.actor.id)
            days.append(event.days_left)
        clock.advance(timedelta(days=1))
    assert days == [90, 30, 7]
    assert await filer.service.journal_problems() == []


async def test_who_has_just_entered_the_day_is_reminded_at_the_next_one(filer: Filer, clock: ManualClock) -> None:
    application_id = await filer.begin(form={"stay_expiry": (TODAY + timedelta(days=20)).isoformat()})
    await run_job(filer, "remind-of-stays")
    assert await reminders(filer, StayEnding) == []
    clock.advance(timedelta(days=13))
    await run_job(filer, "remind-of-stays")
    assert len(await reminders(filer, StayEnding)) == 1
    await filer.patch(application_id, {"form": {"stay_expiry": (TODAY + timedelta(days=60)).isoformat()}}, 1)
    clock.advance(timedelta(days=17))
    await run_job(filer, "remind-of-stays")
    assert len(await reminders(filer, StayEnding)) == 2, "another day, another reminder"


async def test_two_drafts_for_one_person_are_one_reminder_and_a_filed_one_none(
    filer: Filer, clock: ManualClock
) -> None:
    form = filer.draft()["form"] | {"stay_expiry": (TODAY + timedelta(days=80)).isoformat()}
    await filer.begin(form=form)
    await filer.begin(form=form)
    filed = form | {"residence_card_no": "QQ11111111QQ"}
    await filer.filed(form=filed)
    await filer.begin(form=filed)
    clock.advance(timedelta(days=50))
    await run_job(filer, "remind-of-stays")
    assert len(await reminders(filer, StayEnding)) == 1


async def test_many_drafts_of_an_account_are_one_reminder(filer: Filer, clock: ManualClock) -> None:
    """An import leaves hundreds of drafts: one mail names the first and counts the others."""
    for days in (90, 80, 85):
        card = f"QQ000000{days}QQ"
        await filer.begin(form={"residence_card_no": card, "stay_expiry": (TODAY + timedelta(days=days)).isoformat()})
    clock.advance(timedelta(days=60))
    await run_job(filer, "remind-drafts")
    await run_job(filer, "remind-of-stays")
    (untouched,) = await reminders(filer, DraftUntouched)
    (ending,) = await reminders(filer, StayEnding)
    assert (untouched.further, ending.further) == (2, 2)
    assert ending.stay_expiry == TODAY + timedelta(days=80)
    assert await filer.service.journal_problems() == []
