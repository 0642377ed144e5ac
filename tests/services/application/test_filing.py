"""Filing: number, date and event at once; every rule refused by name, and then nothing changes."""

import asyncio
import re
from datetime import UTC, date, datetime, timedelta

from services.application.filing.domain.person_keys import person_key
from shared.auth import Role
from shared.clock import ManualClock
from shared.events.application import ApplicationSubmitted
from shared.events.registration import AccountClosed, RegistrationExpired
from shared.events.review import ReviewCompleted, ReviewStarted
from shared.reference.receipt_numbers import PATTERN
from shared.sealing import Sealer
from tests.services.application.people import CAT3_DOCUMENTS, DECLARED, Filer, codes, complete_form, pointers
from tests.support.service import SEALING_KEY
from tests.support.tokens import person

TODAY = date(2026, 11, 20)


async def _refused(filer: Filer, application_id: str, code: str) -> list[str]:
    """Filing is refused by `code`, and nothing happens; the codes of all problems."""
    before = await filer.get(f"/{application_id}")
    answer = await filer.submit(application_id)
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
    assert await filer.get(f"/{application_id}") == before
    assert await filer.service.events() == []
    return codes(answer)


async def test_filing_gives_the_number_the_date_and_the_event_at_once(filer: Filer) -> None:
    application_id = await filer.ready()
    answer = await filer.submit(application_id)
    receipt = answer.json()
    assert answer.status_code == 200
    assert receipt["receipt_number"] == "東オンＥＮ26000001"
    assert re.fullmatch(PATTERN, receipt["receipt_number"])
    assert receipt["special_period_end"] == "2027-03-19T14:59:59Z"
    (event,) = await filer.service.events()
    assert isinstance(event, ApplicationSubmitted)
    assert str(event.application_id) == application_id
    assert (event.account_id, event.owner_id) == (filer.actor.id, filer.owner_id)
    assert (event.legal_date, event.stay_expiry) == (TODAY, date(2027, 1, 19))
    assert (event.office, event.form_section, event.category, event.requested_period) == ("TYO", "N", "CAT3", "Y3")
    assert event.photo_id is not None
    assert len(event.document_ids) == 1
    assert event.applicant is not None
    assert Sealer(SEALING_KEY).open(event.applicant.sealed_address) == "an.nguyen@example.com"
    view = await filer.get(f"/{application_id}")
    assert view["status_text"] == {"ja": "受付済", "en": "Received"}


async def test_the_event_carries_no_personal_data_in_clear(filer: Filer) -> None:
    await filer.filed()
    (event,) = await filer.service.events()
    reported = event.model_dump_json()
    for secret in ("NGUYEN", "an.nguyen", "AB12345678CD", "霞が関", "0312345678", "1995"):
        assert secret not in reported


async def test_the_same_key_ten_times_in_parallel_makes_one_case(filer: Filer) -> None:
    application_id = await filer.ready()
    answers = await asyncio.gather(*(filer.submit(application_id, "one-key") for _ in range(10)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert len(await filer.service.events()) == 1


async def test_ten_presses_with_ten_keys_make_one_case_too(filer: Filer) -> None:
    application_id = await filer.ready()
    answers = await asyncio.gather(*(filer.submit(application_id) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 9
    late = next(answer for answer in answers if answer.status_code == 409)
    assert late.json()["code"] == "already-filed"
    assert "東オンＥＮ26000001" in late.json()["detail"]
    assert len(await filer.service.events()) == 1


async def test_numbers_filed_at_once_are_all_different_and_counted_for_each_office(filer: Filer) -> None:
    osaka = {"jp_address": "大阪府大阪市北区１－１"}
    forms = [complete_form(TODAY, f"AB{n:08}CD", **(osaka if n % 2 else {})) for n in range(12)]
    ids = [await filer.ready(form=form) for form in forms]
    answers = await asyncio.gather(*(filer.submit(application_id) for application_id in ids))
    numbers = sorted(answer.json()["receipt_number"] for answer in answers)
    tokyo, osakan = [f"東オンＥＮ26{n:06}" for n in range(1, 7)], [f"阪オンＥＮ26{n:06}" for n in range(1, 7)]
    assert numbers == sorted(tokyo + osakan)


async def test_numbers_begin_anew_with_the_year_in_japan(filer: Filer, clock: ManualClock) -> None:
    await filer.filed()
    clock.advance(datetime(2026, 12, 31, 15, 0, tzinfo=UTC) - clock.now())
    application_id = await filer.ready(form=complete_form(date(2027, 1, 1), "ZZ99999999ZZ"))
    assert (await filer.submit(application_id)).json()["receipt_number"] == "東オンＥＮ27000001"


async def test_an_incomplete_application_is_refused_with_every_problem(filer: Filer) -> None:
    await filer.activate()
    form = complete_form(TODAY)
    del form["sex"], form["org"]["name"]
    application_id = await filer.begin(form=form, notify={"language": "ja"})
    found = await _refused(filer, application_id, "incomplete")
    assert found == ["required"] * 4 + ["document-missing"] * 4
    answer = await filer.submit(application_id)
    assert pointers(answer) == ["/form/sex", "/form/org/name", "/notify/email", "/photo_id"] + ["/documents"] * 4
    check = await filer.get(f"/{application_id}/check")
    assert [problem["code"] for problem in check["problems"]] == found


async def test_both_declarations_are_needed(filer: Filer) -> None:
    application_id = await filer.ready()
    body = {"declarations": {"intent_confirmed": False, "truth_confirmed": False}}
    answer = await filer.post(f"/{application_id}/submit", body)
    assert pointers(answer) == ["/declarations/intent_confirmed", "/declarations/truth_confirmed"]
    assert (await filer.submit(application_id)).status_code == 200


async def test_the_last_second_of_the_last_day_in_japan_is_in_time_and_the_next_is_not(
    filer: Filer, clock: ManualClock
) -> None:
    form = complete_form(TODAY, stay_expiry="2026-12-31")
    first, second = await filer.ready(form=form), await filer.ready(form=form | {"residence_card_no": "XY00000000ZW"})
    clock.advance(datetime(2026, 12, 31, 14, 59, 59, tzinfo=UTC) - clock.now())
    assert (await filer.submit(first)).status_code == 200
    clock.advance(timedelta(seconds=1))
    answer = await filer.submit(second)
    assert answer.json()["code"] == "stay-expired"
    assert "counter" in answer.json()["detail"]
    assert pointers(answer) == ["/form/stay_expiry"]


async def test_an_extension_opens_three_months_before_the_end(filer: Filer, clock: ManualClock) -> None:
    application_id = await filer.ready(form=complete_form(TODAY, stay_expiry="2027-03-01"))
    assert await _refused(filer, application_id, "too-early") == ["too-early"]
    clock.advance(timedelta(days=11))
    assert (await filer.submit(application_id)).status_code == 200


async def test_a_stay_of_30_days_or_less_has_no_special_period(filer: Filer) -> None:
    form = complete_form(TODAY, stay_expiry="2026-11-25", current_period="D30")
    application_id = await filer.ready(form=form)
    assert (await filer.submit(application_id)).json()["special_period_end"] is None


async def test_a_second_open_application_for_the_person_is_refused_until_the_first_is_decided(filer: Filer) -> None:
    first = await filer.filed()
    second = await filer.ready()
    (problem,) = (await filer.get(f"/{second}/check"))["problems"]
    assert problem["code"] == "second-open-application"
    answer = await filer.submit(second)
    assert (answer.json()["code"], pointers(answer)) == ("second-open-application", ["/form/residence_card_no"])
    assert len(await filer.service.events()) == 1
    await filer.review(ReviewStarted, first)
    await filer.review(ReviewCompleted, first, outcome="refused", fee_yen=0)
    assert (await filer.submit(second)).status_code == 200


async def test_two_applications_for_one_person_filed_at_once_become_one(filer: Filer) -> None:
    ids = [await filer.ready() for _ in range(4)]
    answers = await asyncio.gather(*(filer.submit(application_id) for application_id in ids))
    assert sorted(answer.status_code for answer in answers) == [200, 422, 422, 422]
    assert {a.json()["code"] for a in answers if a.status_code == 422} == {"second-open-application"}


async def test_an_added_procedure_must_fit(filer: Filer) -> None:
    await filer.activate()
    refused = await filer.post("", filer.draft(combined_with=["REENTRY", "PR"]))
    assert (refused.status_code, codes(refused), pointers(refused)) == (
        422,
        ["combination-not-allowed"],
        ["/combined_with/1"],
    )
    assert "WORKCERT" in refused.json()["errors"][0]["message"]


async def test_a_relative_may_file_only_for_a_child_or_somebody_unable(filer: Filer) -> None:
    relative = Filer(filer.service, person(Role.RELATIVE))
    application_id = await relative.ready()
    assert await _refused(relative, application_id, "role-may-not-file") == ["role-may-not-file"]
    unable = await relative.begin(form=complete_form(TODAY, applicant_unable=True))
    await relative.attach(unable, (*CAT3_DOCUMENTS, "ILLNESS"))
    assert (await relative.submit(unable)).status_code == 200


async def test_an_account_that_is_not_told_of_yet_is_asked_to_wait(filer: Filer) -> None:
    application_id = await filer.begin()
    await filer.attach(application_id)
    assert await _refused(filer, application_id, "account-unknown") == ["account-unknown"]


async def test_an_expired_account_reads_but_does_not_file(filer: Filer) -> None:
    application_id = await filer.ready()
    expired = {"role": "org_staff", "organisation_id": filer.actor.organisation_id}
    await filer.service.deliver(RegistrationExpired.example(account_id=filer.actor.id, **expired))
    assert await _refused(filer, application_id, "account-expired") == ["account-expired"]
    await filer.activate(valid_until=TODAY - timedelta(days=1))
    assert await _refused(filer, application_id, "account-expired") == ["account-expired"]
    await filer.activate(valid_until=TODAY)
    assert (await filer.submit(application_id)).status_code == 200


async def test_a_closed_account_does_not_file(filer: Filer) -> None:
    application_id = await filer.ready()
    await filer.service.deliver(AccountClosed.example(account_id=filer.actor.id))
    assert await _refused(filer, application_id, "account-closed") == ["account-closed"]


async def test_registrations_word_on_the_category_decides_which_documents_are_asked(filer: Filer) -> None:
    await filer.activate()
    application_id = await filer.begin()
    await filer.attach(application_id, ("CAT_PROOF",))
    assert await _refused(filer, application_id, "incomplete") == ["document-missing"] * 3
    await filer.category("CAT2")
    # What begins tomorrow does not hold today.
    await filer.category("CAT4", TODAY + timedelta(days=1))
    assert (await filer.submit(application_id)).status_code == 200
    (event,) = await filer.service.events()
    assert isinstance(event, ApplicationSubmitted)
    assert event.category == "CAT2"


async def test_an_added_condition_in_the_form_asks_for_its_document(filer: Filer) -> None:
    used = {"used": True, "name": "派遣先", "industry": "IND14", "address": "東京都港区１", "tel": "0311112222"}
    dispatch = used | {"capital": 0, "sales": 0, "months": 12}
    application_id = await filer.ready(form=complete_form(TODAY, dispatch=dispatch))
    answer = await filer.submit(application_id)
    assert codes(answer) == ["document-missing"]
    assert "DISPATCH" in answer.json()["errors"][0]["message"]


async def test_nothing_filed_can_be_edited_or_filed_by_a_stranger(filer: Filer) -> None:
    application_id = await filer.filed()
    revision = (await filer.get(f"/{application_id}"))["revision"]
    answer = await filer.put(f"/{application_id}/form", {"form": {}}, revision)
    assert (answer.status_code, answer.json()["code"]) == (409, "already-filed")
    stranger = Filer(filer.service)
    assert (await stranger.submit(application_id)).status_code == 404
    assert (await filer.request("POST", f"/{application_id}/submit", DECLARED)).status_code == 428


def test_a_person_key_is_nothing_without_its_secret() -> None:
    assert person_key(b"a", "AB12345678CD") != person_key(b"b", "AB12345678CD")
    assert person_key(b"a", "AB12345678CD") == person_key(b"a", "AB12345678CD")
