"""The examiner of a case: the next one, giving, handing over, returning; limits, skills, absences, flags, races."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from services.review.cases.domain.states import State
from shared.auth import OFFICER_ROLES, Actor, Role
from shared.events.review import ReviewStarted
from shared.events.review_allocation import CaseAllocated
from shared.ids import new_id
from shared.reference import caseloads
from shared.reference.caseloads import Caseload
from shared.reference.dated import Table
from tests.services.review.desk import Desk
from tests.support import tokens

REASON = {"reason": "不在のため"}
TEN = 10


async def _next(desk: Desk, who: Actor) -> Any:
    headers = tokens.bearer(who, desk.clock) | {"Idempotency-Key": str(new_id()), "Accept-Language": "en"}
    return await desk.service.client.post("/v1/cases/next", headers=headers)


async def _examiners(
    desk: Desk, who: Actor, path: str = "", body: Any = None, method: str = "POST", status: int = 200
) -> Any:
    headers = tokens.bearer(who, desk.clock) | {"Idempotency-Key": str(new_id()), "Accept-Language": "en"}
    answer = await desk.service.client.request(method, f"/v1/examiners{path}", json=body, headers=headers)
    assert answer.status_code == status, answer.text
    return answer.json()


def _limit(monkeypatch: pytest.MonkeyPatch, cases: int) -> None:
    rows = [Caseload(office=caseloads.EVERY_OFFICE, cases=cases, source="a test")]
    monkeypatch.setattr(caseloads, "CASELOADS", Table("caseloads", lambda row: row.office, rows))


async def test_the_next_case_is_the_most_urgent_of_the_office(desk: Desk) -> None:
    """By flag, then by the day by which somebody is harmed, then by age; another office's never."""
    plain = await desk.open(stay_expiry="2027-08-31", special_period_end=None, submitted_at="2026-07-01T00:00:00Z")
    younger = await desk.open(stay_expiry="2027-08-31", special_period_end=None, submitted_at="2026-07-02T00:00:00Z")
    ending = await desk.open(stay_expiry="2026-07-20", special_period_end=None)
    special = await desk.open(stay_expiry="2026-05-18", special_period_end="2026-07-18T14:59:59Z")
    flagged = await desk.open(procedure="COE", stay_expiry=None, special_period_end=None)
    await desk.open(office="OSA", stay_expiry="2026-07-16")
    await desk.done(desk.chief, flagged.id, "flags", {"code": "urgent", "reason": "x"})
    taken = [(await _next(desk, desk.examiner)).json()["id"] for _ in range(5)]
    assert taken == [str(case.id) for case in (flagged, special, ending, plain, younger)]
    assert len(await desk.events(ReviewStarted)) == 5
    empty = await _next(desk, desk.examiner)
    assert (empty.status_code, empty.json()["code"]) == (409, "queue-empty")
    assert await desk.service.journal_problems() == []


async def test_every_change_of_the_examiner_is_an_event_and_nothing_else_is(desk: Desk) -> None:
    """Notification informs the officer whom the last one names."""
    case = await desk.at(State.UNDER_REVIEW)
    await desk.done(desk.chief, case.id, "flags", {"code": "urgent", "reason": "x"})
    colleague = tokens.officer(Role.EXAMINER)
    await desk.done(desk.chief, case.id, "reassignment", {"examiner_id": str(colleague.id), "note": None})
    await desk.done(desk.chief, case.id, "take-back", REASON)
    events = await desk.events(CaseAllocated)
    assert [event.examiner_id for event in events] == [desk.examiner.id, colleague.id, None]
    assert {(event.case_id, event.application_id) for event in events} == {(case.id, case.application_id)}


async def test_ten_officers_who_take_the_next_case_at_once_get_ten_cases(desk: Desk) -> None:
    cases = {str((await desk.open()).id) for _ in range(TEN)}
    officers = [tokens.officer(Role.EXAMINER) for _ in range(TEN)]
    answers = await asyncio.gather(*(_next(desk, officer) for officer in officers))
    assert {answer.json()["id"] for answer in answers} == cases
    assert {answer.json()["examiner_id"] for answer in answers} == {str(officer.id) for officer in officers}


async def test_a_case_that_is_assigned_ten_times_at_once_has_one_examiner_and_the_others_learn_who(desk: Desk) -> None:
    case = await desk.open()
    chiefs = [tokens.officer(Role.CHIEF_EXAMINER) for _ in range(TEN)]
    wanted = [str(new_id()) for _ in range(TEN)]
    answers = await asyncio.gather(
        *(
            desk.post(chief, case.id, "assignment", {"examiner_id": to})
            for chief, to in zip(chiefs, wanted, strict=True)
        )
    )
    won = [answer.json()["examiner_id"] for answer in answers if answer.status_code == 200]
    lost = [answer.json() for answer in answers if answer.status_code == 409]
    assert (len(won), len(lost)) == (1, TEN - 1)
    now = datetime(2026, 7, 15, 3, tzinfo=UTC)
    assert {(one["code"], one["examiner_id"], one["since"]) for one in lost} == {("taken", won[0], now.isoformat())}
    assert "2026-07-15 12:00 (Japan time)" in lost[0]["detail"]
    assert len(await desk.events(ReviewStarted)) == 1


async def test_one_officer_who_presses_ten_times_at_once_stays_within_the_limit(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _limit(monkeypatch, 3)
    for _ in range(TEN):
        await desk.open()
    answers = await asyncio.gather(*(_next(desk, desk.examiner) for _ in range(TEN)))
    assert sorted(answer.status_code for answer in answers) == [200] * 3 + [409] * 7
    refused = next(answer.json() for answer in answers if answer.status_code == 409)
    assert (refused["code"], refused["limit"], refused["cases"]) == ("work-in-progress", 3, 3)
    assert "hand one over or return one to the queue" in refused["detail"]
    mine = (await desk.get(desk.examiner, "", mine=True)).json()["items"]
    await desk.done(desk.examiner, UUID(mine[0]["id"]), "proposal", {"outcome": "grant", "period_of_stay": "Y3"})
    assert (await _next(desk, desk.examiner)).status_code == 200, "what waits for the second officer does not count"


async def test_the_next_case_is_one_that_the_examiner_examines(desk: Desk) -> None:
    student = await desk.open(status_of_residence="STUDENT", procedure="EXTEND", stay_expiry="2027-01-01")
    await desk.open(status_of_residence="ENG_HUM_INT", stay_expiry="2026-07-16", special_period_end=None)
    skill = {"procedures": ["EXTEND"], "statuses": ["STUDENT"]}
    await _examiners(desk, desk.chief, f"/{desk.examiner.id}/skill", skill, "PUT")
    assert (await _next(desk, desk.examiner)).json()["id"] == str(student.id)
    assert (await _next(desk, desk.examiner)).json()["code"] == "queue-empty"
    elsewhere = tokens.officer(Role.CHIEF_EXAMINER, office="OSA")
    await _examiners(desk, elsewhere, f"/{desk.examiner.id}/skill", {"procedures": ["COE"], "statuses": []}, "PUT")
    known = (await _examiners(desk, desk.chief, method="GET"))["items"]
    assert [(one["procedures"], one["statuses"], one["cases"]) for one in known] == [(["EXTEND"], ["STUDENT"], 1)]
    odd = {"procedures": ["EXTEND", "MOON"], "statuses": []}
    refused = await _examiners(desk, desk.chief, f"/{desk.examiner.id}/skill", odd, "PUT", 422)
    assert refused["errors"][0]["pointer"] == "/procedures/1"


async def test_a_case_that_is_given_back_is_taken_by_another_where_it_stood(desk: Desk) -> None:
    case = await desk.at(State.DOCS_REQUESTED)
    await desk.done(desk.examiner, case.id, "return", REASON)
    back = await desk.case(case.id)
    assert (back.examiner_id, back.state, str(back.documents_due)) == (None, "DOCS_REQUESTED", "2026-07-29")
    assert {"take"} == set((await desk.get(desk.colleague, f"/{case.id}")).json()["steps"])
    counts = (await desk.get(desk.chief, "/counts")).json()["waits"]
    assert {one["wait"]: one["cases"] for one in counts}["unassigned"] == 1
    assert (await _next(desk, desk.colleague)).json()["id"] == str(case.id)
    again = await desk.case(case.id)
    assert (again.examiner_id, again.state) == (desk.colleague.id, "DOCS_REQUESTED")
    assert len(await desk.events(ReviewStarted)) == 1, "the applicant was informed at the first start"
    await desk.done(desk.chief, case.id, "take-back", REASON)
    await desk.done(desk.examiner, case.id, "take")
    late = await desk.post(desk.colleague, case.id, "take")
    assert (late.status_code, late.json()["examiner_id"]) == (409, str(desk.examiner.id))


async def test_an_examiner_hands_the_own_case_over_and_not_to_somebody_who_is_away(desk: Desk) -> None:
    case = await desk.at(State.UNDER_REVIEW)
    to = {"examiner_id": str(desk.colleague.id), "reason": "x"}
    away = {"first_day": "2026-07-15", "last_day": "2026-07-16"}
    absence = await _examiners(desk, desk.colleague, f"/{desk.colleague.id}/absences", away)
    refused = await desk.post(desk.examiner, case.id, "hand-over", to)
    assert (refused.status_code, refused.json()["code"]) == (422, "absent")
    assert refused.json()["errors"][0]["pointer"] == "/examiner_id"
    await _examiners(desk, desk.chief, f"/{desk.colleague.id}/absences/{absence['id']}/end")
    await desk.done(desk.examiner, case.id, "hand-over", to)
    assert (await desk.case(case.id)).examiner_id == desk.colleague.id
    await _examiners(desk, desk.chief, f"/{desk.colleague.id}/absences/{absence['id']}/end", status=404)


async def test_an_absence_is_the_officers_own_or_the_chiefs_to_record(desk: Desk) -> None:
    days = {"first_day": "2026-07-20", "last_day": "2026-07-31"}
    refused = await _examiners(desk, desk.examiner, f"/{desk.colleague.id}/absences", days, status=403)
    assert refused["code"] == "not-your-absence"
    await _examiners(desk, desk.chief, f"/{desk.colleague.id}/absences", days)
    (known,) = (await _examiners(desk, desk.examiner, method="GET"))["items"]
    assert (known["absent"], known["absences"][0]["last_day"]) == (False, "2026-07-31")
    for wrong, pointer in (
        ({"first_day": "2026-07-20", "last_day": "2026-07-19"}, "/last_day"),
        ({"first_day": "2026-07-01", "last_day": "2026-07-14"}, "/last_day"),
    ):
        answer = await _examiners(desk, desk.chief, f"/{desk.colleague.id}/absences", wrong, status=422)
        assert answer["errors"][0]["pointer"] == pointer
    elsewhere = tokens.officer(Role.CHIEF_EXAMINER, office="OSA")
    assert (await _examiners(desk, elsewhere, method="GET"))["items"] == []
    path = f"/{desk.colleague.id}/absences/{known['absences'][0]['id']}/end"
    await _examiners(desk, elsewhere, path, status=404)


# Route: who may, and whether the answer is about the officer themself.
_ROUTES: dict[str, tuple[set[Role], Any]] = {
    "GET": ({Role.EXAMINER, Role.CHIEF_EXAMINER}, None),
    "PUT /skill": ({Role.CHIEF_EXAMINER}, {"procedures": [], "statuses": []}),
    "POST /absences": ({Role.CHIEF_EXAMINER}, {"first_day": "2026-07-20", "last_day": "2026-07-21"}),
    "POST /absences/{id}/end": (set(), None),
    "POST /cases": ({Role.CHIEF_EXAMINER}, {"examiner_id": None, "reason": "x"}),
}


@pytest.mark.parametrize("role", sorted(Role))
@pytest.mark.parametrize("route", _ROUTES)
async def test_examiners_are_the_chief_examiners_to_arrange(open_desk: Desk, route: str, role: Role) -> None:
    """An examiner reads the list and records the own absence alone; nobody else gets through."""
    roles, body = _ROUTES[route]
    method, _, rest = route.partition(" ")
    path = "/v1/examiners" + (f"/{new_id()}{rest.format(id=new_id())}" if rest else "")
    who = tokens.officer(role) if role in OFFICER_ROLES else tokens.person(role)
    headers = tokens.bearer(who, open_desk.clock) | {"Idempotency-Key": str(new_id())}
    answer = await open_desk.service.client.request(method, path, json=body, headers=headers)
    if role in roles:
        assert answer.status_code == 200, answer.text
    elif route.endswith("/end") and role is Role.CHIEF_EXAMINER:
        assert answer.status_code == 404
    else:
        assert answer.status_code == 403
    assert (await open_desk.service.client.request(method, path, json=body)).status_code == 401


async def test_all_cases_of_an_absent_examiner_are_moved_in_one_press(desk: Desk) -> None:
    states = (State.UNDER_REVIEW, State.DOCS_REQUESTED, State.ON_HOLD_INTERVIEW)
    cases = {str((await desk.at(state)).id) for state in states}
    proposed = await desk.at(State.PROPOSED)
    to = {"examiner_id": str(desk.colleague.id), "reason": "病気休暇"}
    moved = await _examiners(desk, desk.chief, f"/{desk.examiner.id}/cases", to)
    assert (set(moved["moved"]), moved["not_moved"]) == (cases, [])
    assert (await desk.case(proposed.id)).examiner_id == desk.examiner.id, "a proposal waits for the second officer"
    back = {"examiner_id": None, "reason": "異動"}
    moved = await _examiners(desk, desk.chief, f"/{desk.colleague.id}/cases", back)
    assert set(moved["moved"]) == cases
    assert {(await desk.case(UUID(one))).examiner_id for one in cases} == {None}
    elsewhere = tokens.officer(Role.CHIEF_EXAMINER, office="OSA")
    assert (await _examiners(desk, elsewhere, f"/{desk.examiner.id}/cases", back))["moved"] == []
    assert await desk.service.journal_problems() == []


async def test_a_flag_has_a_reason_is_set_once_and_stays_on_record(desk: Desk) -> None:
    case = await desk.open()
    await desk.done(desk.chief, case.id, "flags", {"code": "humanitarian", "reason": "家族の看護"})
    again = await desk.post(desk.chief, case.id, "flags", {"code": "humanitarian", "reason": "x"})
    assert (again.status_code, again.json()["code"]) == (409, "flagged")
    await desk.done(desk.chief, case.id, "flags", {"code": "complaint", "reason": "照会"})
    (listed,) = (await desk.get(desk.examiner, "", flag="humanitarian")).json()["items"]
    assert listed["flags"] == ["humanitarian", "complaint"]
    assert (await desk.case(case.id)).priority == 1
    await desk.done(desk.chief, case.id, "flags/humanitarian/removal", {"reason": "回復した"})
    shown = (await desk.get(desk.examiner, f"/{case.id}")).json()
    assert [one["code"] for one in shown["flags"]] == ["complaint"]
    assert (await desk.case(case.id)).priority == 9
    assert (await desk.get(desk.examiner, "", flag="humanitarian")).json()["items"] == []


def test_a_limit_of_an_office_takes_the_place_of_the_common_one() -> None:
    day = datetime(2026, 7, 15, tzinfo=UTC).date()
    assert caseloads.caseload("TYO", day).cases != caseloads.caseload("SPK", day).cases
