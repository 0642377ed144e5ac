"""A case goes to another office: who sees it, what stays, and what a role may do where."""

from datetime import timedelta
from typing import Any

import pytest

from services.review.cases.domain.states import State
from shared.auth import Actor, Role
from shared.events.application import ApplicantMoved
from shared.events.review import AdditionalDocumentsOverdue, CaseTransferred
from tests.services.review.desk import Desk
from tests.services.review.test_permissions import MATRIX, ON_A_CASE, READERS, send
from tests.support import tokens

TO_OSAKA = {"office": "OSA", "reason": "大阪市に転居"}
OFFICES = ("TYO", "OSA", "NGY")


async def _moved(desk: Desk) -> Any:
    """A case in examination that went from Tokyo to Osaka."""
    case = await desk.at(State.UNDER_REVIEW)
    await desk.done(desk.chief, case.id, "transfer", TO_OSAKA)
    return case


@pytest.fixture(scope="module")
async def moved(open_desk: Desk) -> Any:
    """A case that went to Osaka, for those who cannot change it."""
    return await _moved(open_desk)


@pytest.mark.parametrize("office", OFFICES)
@pytest.mark.parametrize("role", [Role.EXAMINER, Role.CHIEF_EXAMINER, Role.CARD_OFFICE, Role.AUDITOR])
@pytest.mark.parametrize("route", ON_A_CASE)
async def test_only_the_new_office_sees_the_case_and_takes_its_steps(
    open_desk: Desk, moved: Any, route: str, role: Role, office: str
) -> None:
    """Role x office x step: 403 for another role, 404 for another office, whatever the step answers at the new one."""
    permitted, sees = role in MATRIX[route][0], office == "OSA" or role is Role.AUDITOR
    case = await _moved(open_desk) if permitted and sees and route.startswith("POST") else moved
    status, code = await send(open_desk, route, tokens.officer(role, office=office), case.id, case.application_id)
    if not permitted:
        assert (status, code) == (403, "forbidden")
    elif not sees:
        assert (status, code) == (404, "not-found")
    elif route.startswith("GET"):
        assert status == 200
    else:
        # The case has no message that did not arrive.
        unknown = ("not-found",) if "{undelivered_id}" in route else ()
        assert (status, code) == (200, "") or code in (
            "not-your-case",
            "wrong-state",
            "nobodys",
            "not-flagged",
            *unknown,
        )


async def test_the_new_office_has_the_case_in_its_queue_with_its_history(desk: Desk) -> None:
    case = await desk.at(State.DOCS_REQUESTED)
    event = ApplicantMoved.example(application_id=case.application_id, office="OSA")
    await desk.service.deliver(event)
    await desk.done(desk.chief, case.id, "transfer", TO_OSAKA)
    there = tokens.officer(Role.EXAMINER, office="OSA")
    (listed,) = (await desk.get(there, "", wait="unassigned")).json()["items"]
    assert (listed["id"], listed["state"], listed["documents_due"]) == (str(case.id), "DOCS_REQUESTED", "2026-07-29")
    shown = (await desk.get(there, f"/{case.id}")).json()
    assert [(one["from_office"], one["to_office"]) for one in shown["transfers"]] == [("TYO", "OSA")]
    actions = [one["action"] for one in (await desk.get(there, f"/{case.id}/timeline")).json()["entries"]]
    assert actions[:2] == ["case:open", "case:start"] and actions[-1] == "case:transfer"
    assert (await desk.get(desk.chief, "")).json()["items"] == []
    assert (await desk.get(desk.chief, "/counts")).json()["states"][1]["cases"] == 0
    (sent,) = await desk.events(CaseTransferred)
    assert (sent.office, sent.office_before, sent.receipt_number) == ("OSA", "TYO", case.receipt_number)


async def test_due_dates_go_on_at_the_new_office(desk: Desk) -> None:
    case = await desk.at(State.DOCS_REQUESTED)
    before = await desk.case(case.id)
    await desk.done(desk.chief, case.id, "transfer", TO_OSAKA)
    after = await desk.case(case.id)
    for name in ("documents_due", "act_by", "special_period_end", "state_since", "started_at", "receipt_number"):
        assert getattr(after, name) == getattr(before, name), name
    await desk.pass_time(timedelta(days=15))
    assert len(await desk.events(AdditionalDocumentsOverdue)) == 1
    await desk.service.deliver(desk.answered(case))
    assert await desk.state(case.id) is State.DOCS_SUBMITTED


async def test_a_new_case_is_new_at_the_other_office_and_goes_back_the_same_way(desk: Desk) -> None:
    case = await desk.open()
    await desk.done(desk.chief, case.id, "transfer", TO_OSAKA)
    there: Actor = tokens.officer(Role.EXAMINER, Role.CHIEF_EXAMINER, office="OSA")
    await desk.done(there, case.id, "start")
    await desk.done(there, case.id, "transfer", {"office": "TYO", "reason": "転居が取りやめになった"})
    assert (await desk.get(there, f"/{case.id}")).status_code == 404
    shown = (await desk.get(desk.examiner, f"/{case.id}")).json()
    assert (shown["office"], shown["state"], shown["examiner_id"]) == ("TYO", "UNDER_REVIEW", None)
    assert await desk.service.journal_problems() == []


def test_readers_are_the_roles_that_this_table_asks() -> None:
    assert {Role.EXAMINER, Role.CHIEF_EXAMINER, Role.CARD_OFFICE, Role.AUDITOR} == READERS
