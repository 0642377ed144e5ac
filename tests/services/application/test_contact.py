"""Contact and address after filing, and how long a decision takes."""

from datetime import timedelta

import pytest

from services.application.changes.commands.expectations import measure_decision_times
from services.application.changes.domain.expectation import FEWEST_DECISIONS
from shared.auth import Actor, Role
from shared.clock import ManualClock
from shared.events.application import ApplicantMoved, ApplicationContactChanged
from shared.events.review import ReviewCompleted
from shared.work import RequestIdentity
from tests.services.application.people import Filer, codes, complete_form
from tests.support.tokens import officer

CONTACT = {"email": "new.address@example.com", "language": "ja"}
OSAKA = {"postal_code": "530-0001", "address": "大阪府大阪市北区梅田1-1", "lives_there_from": "2026-12-01"}


async def test_the_contact_of_a_filed_application_changes(filer: Filer) -> None:
    application_id = await filer.filed()
    revision = (await filer.get(f"/{application_id}"))["revision"]
    answer = await filer.post(f"/{application_id}/contact", CONTACT)
    assert (answer.status_code, answer.json()["language"]) == (200, "ja")
    assert "new.address" not in answer.text
    view = await filer.get(f"/{application_id}")
    assert (view["notify"], view["revision"]) == (CONTACT, revision + 1)
    assert (await filer.post(f"/{application_id}/contact", CONTACT)).status_code == 200
    (event,) = [each for each in await filer.service.events() if isinstance(each, ApplicationContactChanged)]
    assert (event.applicant.language, "example.com" in event.model_dump_json()) == ("ja", False)
    steps = [entry["step"] for entry in (await filer.get(f"/{application_id}/timeline"))["items"]]
    assert steps.count("contact_changed") == 1
    wrong = await filer.post(f"/{application_id}/contact", CONTACT | {"email": "nobody"})
    assert wrong.status_code == 422


async def test_a_move_is_recorded_and_the_form_stays(filer: Filer) -> None:
    application_id = await filer.filed()
    before = await filer.get(f"/{application_id}")
    answer = await filer.post(f"/{application_id}/address", OSAKA)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["office"], answer.json()["office_changes"]) == ("OSA", True)
    assert answer.json()["receipt_number"] == before["receipt_number"]
    assert await filer.get(f"/{application_id}") == before
    (event,) = [each for each in await filer.service.events() if isinstance(each, ApplicantMoved)]
    assert (event.office_before, event.office, str(event.lives_there_from)) == ("TYO", "OSA", "2026-12-01")
    assert "梅田" not in event.model_dump_json()
    again = await filer.post(f"/{application_id}/address", OSAKA)
    assert codes(again) == ["nothing-changed"]
    back = OSAKA | {"address": "東京都港区港南５－５－３０"}
    assert (await filer.post(f"/{application_id}/address", back)).json()["office"] == "TYO"
    filed, *stated = (await filer.get(f"/{application_id}/address"))["items"]
    assert (filed["address"], filed["lives_there_from"]) == (before["form"]["jp_address"], None)
    assert [each["address"] for each in stated] == ["大阪府大阪市北区梅田１－１", "東京都港区港南５－５－３０"]
    assert await filer.service.journal_problems() == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"address": "梅田1-1"}, "prefecture-unknown"),
        ({"lives_there_from": "2027-03-01"}, "too-far-ahead"),
        ({"address": ""}, "blank"),
    ],
)
async def test_a_wrong_address_is_named(filer: Filer, changes: dict[str, str], code: str) -> None:
    application_id = await filer.filed()
    answer = await filer.post(f"/{application_id}/address", OSAKA | changes)
    assert answer.status_code == 422
    assert code == "blank" or codes(answer) == [code]
    assert len((await filer.get(f"/{application_id}/address"))["items"]) == 1


@pytest.mark.parametrize("path", ["contact", "address"])
async def test_both_are_possible_from_filing_until_everything_is_over(filer: Filer, path: str) -> None:
    body = CONTACT if path == "contact" else OSAKA
    await filer.activate()
    draft, granted = await filer.begin(), await filer.granted()
    early = await filer.post(f"/{draft}/{path}", body)
    assert (early.status_code, early.json()["code"]) == (409, "cannot-be-changed")
    assert (await filer.post(f"/{granted}/{path}", body)).status_code == 200
    withdrawn = await filer.filed()
    await filer.post(f"/{withdrawn}/withdraw", {"reason": "x"})
    assert (await filer.post(f"/{withdrawn}/{path}", body)).status_code == 409
    assert (await Filer(filer.service).post(f"/{granted}/{path}", body)).status_code == 404
    desk = Filer(filer.service, officer(Role.EXAMINER))
    assert (await desk.post(f"/{granted}/{path}", body)).status_code == 403


async def test_officers_see_the_new_address(filer: Filer) -> None:
    application_id = await filer.filed()
    await filer.post(f"/{application_id}/address", OSAKA)
    desk = Filer(filer.service, officer(Role.CARD_OFFICE))
    assert len((await desk.get(f"/{application_id}/address"))["items"]) == 2
    elsewhere = Filer(filer.service, officer(Role.CARD_OFFICE, office="NGY"))
    assert (await elsewhere.request("GET", f"/{application_id}/address")).status_code == 404
    draft = await filer.begin()
    assert (await filer.request("GET", f"/{draft}/address")).status_code == 404


async def _measure(filer: Filer) -> None:
    commands = filer.service.app.state.runtime.commands
    async with filer.service.db.transaction() as session:
        work = commands.begin(session, Actor.system("test"), RequestIdentity(request_id="test"))
        await measure_decision_times(work)
        await work.finish()


async def test_each_figure_says_where_it_comes_from(filer: Filer, clock: ManualClock) -> None:
    application_id = await filer.filed()
    clock.advance(timedelta(days=10))
    found = await filer.get(f"/{application_id}/expectation")
    assert (found["received_on"], found["waiting_days"], found["decided"]) == ("2026-11-20", 10, False)
    assert (found["standard"]["longest_days"], found["standard"]["until"]) == (30, "2026-12-20")
    assert (found["published"]["days"], found["published"]["month"]) == (38.4, "2025-11-01")
    assert found["measured"] is None
    labels = {found[name]["label"]["en"] for name in ("standard", "published")}
    assert len(labels) == 2


async def test_the_own_median_is_of_the_last_year_and_of_enough_decisions(filer: Filer, clock: ManualClock) -> None:
    await filer.activate()
    days = [10] * (FEWEST_DECISIONS // 2 - 1) + [20] + [30] * (FEWEST_DECISIONS // 2 - 1)
    begun = clock.now()
    ids = []
    for number in range(FEWEST_DECISIONS):
        card = f"AB{number:08d}CD"
        ids.append(await filer.filed(form=complete_form(begun.date(), card=card)))
    for application_id, length in zip(ids, days, strict=False):
        await filer.review(ReviewCompleted, application_id, decided_at=begun + timedelta(days=length))
    await _measure(filer)
    path = f"/{ids[0]}/expectation"
    assert (await filer.get(path))["measured"] is None, "one decision too few"
    await filer.review(ReviewCompleted, ids[-1], decided_at=begun + timedelta(days=30))
    await _measure(filer)
    measured = (await filer.get(path))["measured"]
    assert (measured["days"], measured["decisions"]) == (25.0, FEWEST_DECISIONS)
    clock.advance(timedelta(days=460))
    await _measure(filer)
    assert (await filer.get(path))["measured"] is None, "older than a year"


async def test_other_applications_of_the_person_are_listed(filer: Filer) -> None:
    application_id = await filer.filed()
    other = await filer.begin()
    form = complete_form(filer.clock.now().date(), card="CD12345678EF", name_roman="TRAN THI BINH")
    await filer.begin(form=form)
    await filer.begin(form={}), await filer.begin(form={})
    found = (await filer.get(f"/{application_id}/others"))["items"]
    assert [(each["id"], each["status"]) for each in found] == [(other, "draft")]
    assert [each["id"] for each in (await filer.get(f"/{other}/others"))["items"]] == [application_id]
    await filer.post(f"/{application_id}/withdraw", {"reason": "x"})
    assert (await filer.get(f"/{other}/others"))["items"] == []


async def test_a_pending_application_of_the_same_kind_is_a_hint_where_no_card_says_who_it_is(filer: Filer) -> None:
    """Found by name, birth date and nationality, which may be those of two people: it is named and not refused."""
    filed = await filer.filed()
    number = (await filer.get(f"/{filed}"))["receipt_number"]
    form = complete_form(filer.clock.now().date(), card="CD12345678EF")
    again = await filer.ready(form=form)
    check = await filer.get(f"/{again}/check")
    (hint,) = [hint for hint in check["hints"] if hint["code"] == "same-person-open"]
    assert (hint["pointer"], number in hint["message"]["en"], check["complete"]) == ("/form/name_roman", True, True)
    assert [each["id"] for each in (await filer.get(f"/{again}/others"))["items"]] == [filed]
    another = await filer.begin(form=form | {"birth_date": "1990-01-01"})
    for application_id in (another, await filer.begin(form={}), filed):
        hints = (await filer.get(f"/{application_id}/check"))["hints"]
        assert "same-person-open" not in [hint["code"] for hint in hints]
    assert (await filer.submit(again)).status_code == 200
