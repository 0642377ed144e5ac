"""Important messages that did not arrive: the office sees them, and records how the person was informed instead."""

from typing import Any

import pytest

from services.review.cases.store import Case
from shared.auth import Role
from shared.events.notification import NotificationFailed
from shared.ids import new_id
from shared.messaging import NotYet
from tests.services.review.desk import Desk
from tests.support import tokens


async def fails(desk: Desk, case: Case, **changes: Any) -> NotificationFailed:
    """A message about documents does not reach who filed."""
    values = {"notification_id": new_id(), "application_id": case.application_id, "account_id": case.account_id}
    more = {"template": "documents_requested", "party": "account", "must_reach": "documents"}
    event = NotificationFailed.example(**(values | more | {"reason_code": "returned-5.1.1"} | changes))
    await desk.service.deliver(event)
    return event


async def waiting(desk: Desk, **changes: Any) -> list[dict[str, Any]]:
    """The list of an office."""
    reception = tokens.officer(Role.CARD_OFFICE, **changes)
    found: list[dict[str, Any]] = (await desk.get(reception, "/undelivered")).json()["items"]
    return found


async def test_what_must_be_known_waits_for_an_officer_of_the_office_and_nothing_else_does(desk: Desk) -> None:
    case = await desk.open()
    failed = await fails(desk, case)
    await desk.service.deliver(failed)
    await fails(desk, case, must_reach=None)
    await fails(desk, case, application_id=None)
    (one,) = await waiting(desk)
    assert (one["receipt_number"], one["concerns"], one["party"]) == (case.receipt_number, "documents", "account")
    assert await waiting(desk, office="OSA") == []
    path = f"undelivered/{one['id']}/informed"
    refused = await desk.post(desk.examiner, case.id, path, {"means": "not_needed"})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/note")
    body = {"means": "telephone", "note": "7月15日に本人へ電話"}
    done = (await desk.post(desk.examiner, case.id, path, body)).json()
    assert (done["means"], done["done_by"]) == ("telephone", str(desk.examiner.id))
    again = await desk.post(desk.examiner, case.id, path, body)
    assert (again.status_code, again.json()["code"]) == (409, "informed-already")
    assert await waiting(desk) == []
    # It failed once more, sent again to the same address: the person knows already.
    await desk.service.deliver(failed)
    assert await waiting(desk) == []
    shown = (await desk.get(desk.examiner, f"/{case.id}")).json()["undelivered"]
    assert [(each["concerns"], each["means"]) for each in shown] == [("documents", "telephone")]
    assert await desk.service.journal_problems() == []


async def test_one_message_of_another_case_is_not_there(desk: Desk) -> None:
    case, other = await desk.open(), await desk.open()
    await fails(desk, case)
    (one,) = await waiting(desk)
    answer = await desk.post(desk.examiner, other.id, f"undelivered/{one['id']}/informed", {"means": "post"})
    assert answer.status_code == 404


async def test_a_failure_that_overtakes_its_case_waits_for_it(desk: Desk) -> None:
    case = await desk.open()
    case.application_id = new_id()
    with pytest.raises(NotYet):
        await fails(desk, case)
