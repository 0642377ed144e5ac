"""The background of an application, as officers of its office look at it: hints, earlier applications, a record."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from shared.auth import Role
from shared.clock import ManualClock, legal_date
from shared.events.review import ReviewCompleted
from shared.journal import journal
from tests.services.application.people import Filer, complete_form
from tests.support.tokens import officer


async def test_hints_say_yes_no_unknown_and_not_asked(filer: Filer) -> None:
    application_id = await filer.filed()
    desk = Filer(filer.service, officer(Role.EXAMINER))
    shown = await desk.get(f"/{application_id}/background")
    found = {hint["code"]: hint["found"] for hint in shown["hints"]}
    assert found["contradictions"] == "no"
    assert found["earlier_filings"] == "unknown", "there is none to compare with"
    assert set(found.values()) <= {"yes", "no", "unknown", "not_asked"}
    assert all(bool(hint["reasons"]) == (hint["found"] == "yes") for hint in shown["hints"])
    assert shown["earlier"] == []


async def test_the_owner_and_an_auditor_have_no_background(filer: Filer) -> None:
    application_id = await filer.filed()
    for actor in (filer.actor, officer(Role.AUDITOR)):
        answer = await Filer(filer.service, actor).request("GET", f"/{application_id}/background")
        assert answer.status_code == 403


async def test_the_file_beside_a_case_is_one_answer_and_one_look(filer: Filer) -> None:
    application_id = await filer.filed()
    desk = Filer(filer.service, officer(Role.EXAMINER))
    before = await looks(filer, application_id)
    shown = await desk.get(f"/{application_id}/case-file")
    assert await looks(filer, application_id) == before + 1
    for name, path in (
        ("application", ""),
        ("corrections", "/corrections"),
        ("requested", "/requested-documents"),
        ("background", "/background"),
    ):
        assert shown[name] == await desk.get(f"/{application_id}{path}"), name


async def test_earlier_applications_are_compared_where_the_office_sees_them_and_the_look_is_journalled(
    filer: Filer, clock: ManualClock
) -> None:
    first = await filer.filed()
    await filer.review(ReviewCompleted, first, outcome="refused", fee_yen=0, period_of_stay=None, stay_until=None)
    clock.advance(timedelta(days=1))
    lower = complete_form(legal_date(filer.clock.now()))
    lower["job"] = lower["job"] | {"salary": lower["job"]["salary"] - 1}
    second = await filer.filed(form=lower)
    desk = Filer(filer.service, officer(Role.EXAMINER))
    before = await looks(filer, first)
    shown = await desk.get(f"/{second}/case-file")
    (earlier,) = shown["background"]["earlier"]
    assert earlier["application_id"] == first
    assert earlier["state_text"]["en"]
    found = {hint["code"]: hint for hint in shown["background"]["hints"]}
    assert found["salary"]["found"] == "yes"
    assert found["salary"]["fields"] == ["/form/job/salary"]
    assert await looks(filer, first) == before + 1


async def looks(filer: Filer, application_id: str) -> int:
    """The lines that officers left in the journal with an application."""
    async with filer.service.db.read() as session:
        query = select(func.count()).where(
            journal.c.aggregate_id == UUID(application_id), journal.c.actor_kind == "officer"
        )
        return int(await session.scalar(query) or 0)
