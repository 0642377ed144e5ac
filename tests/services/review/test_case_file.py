"""The file of a case: everything that its page needs of this service, in one answer and one look."""

from sqlalchemy import func, select

from services.review.audit import Tag
from services.review.cases.domain.states import State
from services.review.decision.store import looks_of
from shared.journal import journal
from tests.services.review.desk import Desk


async def test_the_file_is_what_the_single_answers_say(desk: Desk) -> None:
    case = await desk.at(State.DELIVERED)
    answer = await desk.get(desk.examiner, f"/{case.id}/file")
    assert answer.status_code == 200, answer.text
    shown = answer.json()
    for name, path in (
        ("case", f"/{case.id}"),
        ("timeline", f"/{case.id}/timeline"),
        ("checklist", "/checklist"),
        ("lists", "/lists"),
    ):
        assert shown[name] == (await desk.get(desk.examiner, path)).json(), name
    assert shown["case"]["card"] and shown["case"]["payment"] and shown["case"]["materials"]


async def test_the_file_is_one_look_and_counts_as_having_opened_the_case(desk: Desk) -> None:
    case = await desk.at(State.PROPOSED)
    before = await _looks(desk, case.id)
    assert (await desk.get(desk.chief, f"/{case.id}/file")).status_code == 200
    assert await _looks(desk, case.id) == before + 1
    assert desk.chief.id is not None
    async with desk.service.db.read() as session:
        assert case.id in await looks_of(session, desk.chief.id, [case.id])
    assert await desk.service.journal_problems() == []


async def test_an_auditor_sees_in_it_who_read_the_case(desk: Desk) -> None:
    case = await desk.at(State.UNDER_REVIEW)
    await desk.get(desk.examiner, f"/{case.id}/file")
    for actor, sees in ((desk.auditor, True), (desk.chief, False)):
        entries = (await desk.get(actor, f"/{case.id}/file")).json()["timeline"]["entries"]
        assert any(entry["action"] == "case:read" for entry in entries) is sees


async def _looks(desk: Desk, case_id: object) -> int:
    async with desk.service.db.read() as session:
        query = select(func.count()).where(journal.c.aggregate_id == case_id, journal.c.action == Tag.READ.value)
        return int(await session.scalar(query) or 0)
