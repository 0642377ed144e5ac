"""Input of officers is read as everywhere: notes, days, amounts and numbers, whatever is in them."""

import json
from typing import Any

import pytest

from services.review.cases.domain.states import State
from shared.ids import new_id
from tests.services.review.desk import Desk
from tests.support import tokens

EXTREME_DAYS = ("0001-01-01", "0000-00-00", "9999-12-31", "2538-04-12", "34801", 34801, 10**30, "平成99年1月1日")
EXTREME_TIMES = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", 10**30, -(10**30))


async def test_extreme_days_times_and_amounts_are_refused(desk: Desk) -> None:
    """[faults 5, faults 20] Each at its field, and nothing changes."""
    case = await desk.at(State.AWAITING_FEE)
    lines = await desk.lines(case.id)
    payment = {"amount_yen": 5500, "paid_on": "2026-07-15", "reference": "PAY-1"}
    for amount in (-1, 10**30, "9" * 60, 1.5, "1e9"):
        await refused(desk, case.id, "fee", payment | {"amount_yen": amount}, "/amount_yen")
    for typed in EXTREME_DAYS:
        await refused(desk, case.id, "fee", payment | {"paid_on": typed}, "/paid_on")
        await refused(desk, case.id, "card", {"card_number": "AB12345678CD", "expires_on": typed}, "/expires_on")
        items = [{"code": "RES_TAX", "message": "x"}]
        await refused(desk, case.id, "document-requests", {"items": items, "due_on": typed}, "/due_on")
    for typed in EXTREME_TIMES:
        await refused(desk, case.id, "interview", {"held_at": typed}, "/held_at")
    assert (await desk.state(case.id), await desk.lines(case.id)) == (State.AWAITING_FEE, lines)


async def test_extreme_times_in_the_search_of_the_journal_are_refused(desk: Desk) -> None:
    """[faults 5] `since` and `until` are moved into another time zone."""
    headers = tokens.bearer(desk.auditor, desk.clock)
    for name in ("since", "until"):
        for typed in EXTREME_TIMES:
            answer = await desk.service.client.get(
                "/v1/review/operations/audit", params={name: str(typed)}, headers=headers
            )
            assert answer.status_code == 422, (name, typed, answer.text)


@pytest.mark.parametrize(
    ("note", "code"), [("\ud800", "bad-text"), ("a\ue000", "private-use-character"), ("a\x00", "control-character")]
)
async def test_a_note_that_nobody_can_read_is_refused(desk: Desk, note: str, code: str) -> None:
    """[faults 4, faults 12, faults 29] As an applicant's text is."""
    case = await desk.at(State.AWAITING_FEE)
    answer = await refused(desk, case.id, "termination", {"reason_code": "left_japan", "note": note}, "/note")
    assert [error["code"] for error in answer["errors"]] == [code]


async def refused(desk: Desk, case_id: Any, step: str, body: dict[str, Any], pointer: str) -> dict[str, Any]:
    """A step that is 422 at the field `pointer`."""
    actors = {"fee": desk.card_office, "card": desk.card_office, "termination": desk.chief}
    actor = actors.get(step, desk.examiner)
    headers = tokens.bearer(actor, desk.clock) | {
        "Content-Type": "application/json",
        "Idempotency-Key": str(new_id()),
        "Accept-Language": "en",
    }
    url = f"/v1/cases/{case_id}/{step}"
    answer = await desk.service.client.post(url, content=json.dumps(body), headers=headers)
    assert answer.status_code == 422, (step, body, answer.text)
    found: dict[str, Any] = answer.json()
    assert [error["pointer"] for error in found["errors"]] == [pointer], found
    return found
