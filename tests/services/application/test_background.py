"""The background of an application, as officers of its office look at it: hints, earlier applications, a record."""

from shared.auth import Role
from tests.services.application.people import Filer
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
