"""The examiner's answer to a correction: agreed or declined, once, by the one who has the case."""

import asyncio
from dataclasses import replace
from uuid import UUID

import httpx
import pytest

from services.review.cases.domain.states import State
from services.review.cases.store import Case
from shared.auth import Actor, Role
from shared.events.application import ApplicationCorrected, CorrectionRequested
from shared.events.review import CorrectionAgreed, CorrectionDeclined
from shared.ids import new_id
from tests.services.review.desk import Desk
from tests.support import tokens


async def _asked(desk: Desk, case: Case) -> UUID:
    """A correction for which the applicant asks."""
    correction_id = new_id()
    values = {"application_id": case.application_id, "correction_id": correction_id, "changed": ["job.salary"]}
    await desk.service.deliver(CorrectionRequested.example(**values))
    return correction_id


async def test_an_agreed_correction_is_announced_once(open_desk: Desk) -> None:
    case = await open_desk.at(State.UNDER_REVIEW)
    correction_id = await _asked(open_desk, case)
    step = f"corrections/{correction_id}"
    answers = await asyncio.gather(
        *(open_desk.post(open_desk.examiner, case.id, step, {"agreed": True}, "one-key") for _ in range(10))
    )
    assert {answer.status_code for answer in answers} == {200}
    events = [each for each in await open_desk.events(CorrectionAgreed) if each.correction_id == correction_id]
    assert len(events) == 1
    (shown,) = (await open_desk.get(open_desk.examiner, f"/{case.id}")).json()["corrections"]
    assert (shown["agreed"], shown["answered_by"]) == (True, str(open_desk.examiner.id))
    again = await open_desk.post(open_desk.examiner, case.id, step, {"agreed": False, "reason": "x"})
    assert (again.status_code, again.json()["code"]) == (409, "not-waiting")
    made = {"application_id": case.application_id, "correction_id": correction_id}
    await open_desk.service.deliver(ApplicationCorrected.example(**made))
    (shown,) = (await open_desk.get(open_desk.examiner, f"/{case.id}")).json()["corrections"]
    assert (shown["agreed"], shown["corrected_at"] is not None) == (True, True)
    assert await open_desk.state(case.id) == State.UNDER_REVIEW


async def test_declining_needs_a_reason_which_travels_sealed(open_desk: Desk) -> None:
    case = await open_desk.at(State.UNDER_REVIEW)
    correction_id = await _asked(open_desk, case)
    step = f"corrections/{correction_id}"
    without = await open_desk.post(open_desk.examiner, case.id, step, {"agreed": False})
    assert (without.status_code, without.json()["code"]) == (422, "reason-missing")
    await open_desk.done(open_desk.examiner, case.id, step, {"agreed": False, "reason": "契約書と一致しません"})
    (event,) = [each for each in await open_desk.events(CorrectionDeclined) if each.correction_id == correction_id]
    assert "契約書" not in event.model_dump_json()
    owner = tokens.person(Role.ORG_STAFF)
    owner = replace(owner, id=case.owner_id)

    async def notices(reader: Actor) -> httpx.Response:
        headers = tokens.bearer(reader, open_desk.clock)
        return await open_desk.service.client.get(f"/v1/notices/{case.application_id}", headers=headers)

    (declined,) = (await notices(owner)).json()["declined_corrections"]
    assert (declined["correction_id"], declined["reason"]) == (str(correction_id), "契約書と一致しません")
    for reader in (replace(owner, id=new_id()), replace(owner, roles=frozenset({Role.SELF}))):
        assert (await notices(reader)).status_code == 404
    assert (await notices(open_desk.examiner)).status_code == 403
    assert [each for each in await open_desk.events(CorrectionAgreed) if each.correction_id == correction_id] == []


@pytest.mark.parametrize(
    ("state", "who", "status", "code"),
    [
        (State.UNDER_REVIEW, "colleague", 403, "not-your-case"),
        (State.PROPOSED, "examiner", 409, "wrong-state"),
        (State.AWAITING_FEE, "examiner", 409, "wrong-state"),
    ],
)
async def test_a_broken_rule_is_named_and_changes_nothing(
    open_desk: Desk, state: State, who: str, status: int, code: str
) -> None:
    case = await open_desk.at(state)
    correction_id = await _asked(open_desk, case)
    before = await open_desk.lines(case.id)
    answer = await open_desk.post(getattr(open_desk, who), case.id, f"corrections/{correction_id}", {"agreed": True})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await open_desk.lines(case.id) == before


async def test_a_correction_of_another_case_is_not_there(open_desk: Desk) -> None:
    case, other = await open_desk.at(State.UNDER_REVIEW), await open_desk.at(State.UNDER_REVIEW)
    correction_id = await _asked(open_desk, other)
    for wrong in (correction_id, new_id()):
        answer = await open_desk.post(open_desk.examiner, case.id, f"corrections/{wrong}", {"agreed": True})
        assert answer.status_code == 404


async def test_a_free_correction_waits_for_no_answer(open_desk: Desk) -> None:
    case = await open_desk.open()
    made = {"application_id": case.application_id, "correction_id": new_id()}
    await open_desk.service.deliver(ApplicationCorrected.example(**made))
    await open_desk.done(open_desk.examiner, case.id, "start")
    answer = await open_desk.post(open_desk.examiner, case.id, f"corrections/{made['correction_id']}", {"agreed": True})
    assert answer.json()["code"] == "not-waiting"
