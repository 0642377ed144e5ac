"""Filed applications that are handed over to a colleague: one or many, while something may follow still."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

from shared.auth import Role
from shared.events.application import ApplicationHandedOver, ApplicationWithdrawn
from shared.events.registration import MembershipEnded
from tests.services.application.people import Filer, codes, complete_form
from tests.services.application.sheet import Office


async def give(by: Filer, application_id: str, to: Filer, **headers: str) -> Any:
    return await by.request("POST", f"/{application_id}/owner", {"account_id": str(to.actor.id)}, **headers)


async def handed_over(filer: Filer) -> list[ApplicationHandedOver]:
    return [event for event in await filer.service.events() if isinstance(event, ApplicationHandedOver)]


async def test_a_filed_application_is_handed_over_and_shows_who_is_in_charge(filer: Filer) -> None:
    """News name the colleague from then on; timeline, receipt and journal say so; both go on seeing it."""
    colleague, other_role = filer.colleague(), filer.colleague()
    await colleague.activate()
    other_role = replace(other_role, actor=replace(other_role.actor, roles=frozenset({Role.RSO_STAFF})))
    await other_role.activate()
    application_id = await filer.filed()
    for stranger in (Filer(filer.service), other_role):
        answer = await give(filer, application_id, stranger)
        assert (answer.status_code, codes(answer)) == (422, ["not-a-colleague"])
        assert (await give(stranger, application_id, stranger)).status_code == 404
    assert await handed_over(filer) == []

    before = await filer.get(f"/{application_id}")
    keyed = {"Idempotency-Key": "to-the-colleague"}
    first = await give(filer, application_id, colleague, **keyed)
    assert (first.status_code, first.json()["revision"]) == (200, before["revision"] + 1)
    (event,) = await handed_over(filer)
    assert (event.account_id, event.account_before) == (colleague.actor.id, filer.actor.id)
    assert (event.receipt_number, event.told_by_mail, event.together_with) == (before["receipt_number"], True, ())
    assert (event.informs_account, event.account_together_with) == (True, ())
    assert (await filer.get(f"/{application_id}/receipt"))["in_charge"] == str(colleague.actor.id)
    for each, is_theirs in ((filer, False), (colleague, True)):
        assert (await each.get(f"/{application_id}"))["owner"]["you"] is is_theirs
    step = (await filer.get(f"/{application_id}/timeline"))["items"][-1]
    assert (step["step"], step["data"]) == (
        "handed_over",
        {"from": str(filer.actor.id), "to": str(colleague.actor.id)},
    )
    again = await colleague.request("POST", f"/{application_id}/owner")
    assert (again.status_code, again.json()["code"]) == (409, "already-in-charge")
    assert (await give(filer, application_id, colleague)).json()["code"] == "already-in-charge"
    back = await filer.request("POST", f"/{application_id}/owner")
    assert back.json()["revision"] == first.json()["revision"] + 1, (
        "anybody of the organisation may, also for themselves"
    )
    assert (await give(filer, application_id, colleague, **keyed)).json() == first.json(), "the first answer"
    assert (await filer.get(f"/{application_id}"))["owner"]["you"] is True
    assert len(await handed_over(filer)) == 2

    assert (await give(filer, application_id, colleague)).status_code == 200
    assert (await filer.post(f"/{application_id}/withdraw", {"reason": "left"})).status_code == 200
    (withdrawn,) = [event for event in await filer.service.events() if isinstance(event, ApplicationWithdrawn)]
    assert withdrawn.account_id == colleague.actor.id
    over = await give(filer, application_id, filer)
    assert (over.status_code, over.json()["code"]) == (409, "cannot-be-handed-over")
    assert await filer.service.journal_problems() == []


async def test_many_are_handed_over_with_one_message_to_each_person(filer: Filer) -> None:
    """Those of somebody who has left, too; drafts go with them and say nothing. What somebody has already
    is not handed over."""
    leaver, colleague = filer.colleague(), filer.colleague()
    for each in (leaver, colleague):
        await each.activate()
    today = Office(filer.service, filer.actor).today
    own = [await filer.filed(form=complete_form(today, f"AB{n:08}CD")) for n in range(2)]
    left = [await leaver.filed(form=complete_form(today, f"AB{n:08}CD")) for n in range(2, 5)]
    draft = await filer.begin()
    ended = {"account_id": leaver.actor.id, "organisation_id": filer.owner_id, "role": "org_staff"}
    await filer.service.deliver(MembershipEnded.example(**ended))
    listed = (await filer.get("?in_charge=left&sort=oldest"))["items"]
    assert [one["id"] for one in listed] == left
    body = {"action": "hand-over", "application_ids": [*own, draft, *left], "account_id": str(colleague.actor.id)}
    answers = [await filer.post("/selection", body, "all-of-them") for _ in range(2)]
    assert [answer.json()["done"] for answer in answers] == [6, 6]
    assert (await filer.get("?in_charge=left"))["items"] == []
    again = await filer.post("/selection", body | {"application_ids": [*own, draft]}, "once-more")
    assert [one["code"] for one in again.json()["items"]] == ["already-in-charge"] * 3
    events = await handed_over(filer)
    assert {str(event.application_id) for event in events} == {*own, *left} and len(events) == 5
    (received,) = (event for event in events if event.informs_account)
    assert {received.receipt_number, *received.account_together_with} == {one.receipt_number for one in events}
    assert Counter(event.account_before for event in events if event.told_by_mail) == {
        filer.actor.id: 1,
        leaver.actor.id: 1,
    }
    for event in events:
        theirs = {one.receipt_number for one in events if one.account_before == event.account_before}
        others = theirs - {event.receipt_number} if event.told_by_mail else set()
        assert set(event.together_with) == others
    assert await filer.service.journal_problems() == []


async def test_nobody_whose_registration_is_over_is_put_in_charge(filer: Filer) -> None:
    """From the day after its last one, whether or not the expiry is reported yet; and what they have is listed."""
    colleague, today = filer.colleague(), Office(filer.service, filer.actor).today
    application_id = await filer.filed()
    await colleague.activate(valid_until=today - timedelta(days=1))
    answer = await give(filer, application_id, colleague)
    assert (answer.status_code, codes(answer)) == (422, ["not-a-colleague"])
    await colleague.activate(valid_until=today)
    assert (await give(filer, application_id, colleague)).status_code == 200
    assert (await filer.get("?in_charge=left"))["items"] == []
    clock: Any = filer.clock
    clock.advance(timedelta(days=1))
    assert [one["id"] for one in (await filer.get("?in_charge=left"))["items"]] == [application_id]
