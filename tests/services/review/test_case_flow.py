"""The ways a case can go, from receipt to its end, over HTTP, with the events and records of each."""

import asyncio

import pytest
from sqlalchemy import text

from services.review.cases.domain.states import State
from shared.events.review import (
    ApplicationTerminated,
    CardDelivered,
    CardIssued,
    CardMailed,
    CardMaterialsReceived,
    CertificateIssued,
    CounterVisitRequired,
    FeePaid,
    InterviewRequested,
    ReviewCompleted,
    ReviewEvent,
    ReviewStarted,
)
from shared.ids import new_id
from tests.services.review.desk import FEE, GRANT, MATERIALS, Desk
from tests.support import tokens
from tests.support.keys import unsealed


async def test_a_granted_extension_ends_with_the_card_in_its_holders_hands(desk: Desk) -> None:
    case = await desk.at(State.DELIVERED)
    events = await desk.events(ReviewEvent)
    assert [type(event) for event in events] == [
        ReviewStarted,
        ReviewCompleted,
        FeePaid,
        CardMaterialsReceived,
        CardIssued,
        CardMailed,
        CardDelivered,
    ]
    assert {event.application_id for event in events} == {case.application_id}
    assert {event.account_id for event in events} == {case.account_id}
    completed = events[1]
    assert (completed.outcome, completed.fee_yen, completed.period_of_stay) == ("granted", 5500, "Y3")
    assert str(completed.stay_until) == "2029-08-31"
    assert events[5].tracking_number == "123456789012"
    assert await desk.service.journal_problems() == []


@pytest.mark.parametrize("first", ["fee", "materials"])
async def test_card_production_begins_when_fee_and_materials_are_both_there(desk: Desk, first: str) -> None:
    case = await desk.at(State.AWAITING_FEE)
    steps = [("fee", FEE), ("card-materials-received", MATERIALS)]
    if first == "materials":
        steps.reverse()
    answer = await desk.done(desk.card_office, case.id, *steps[0])
    assert answer["state"] == "AWAITING_FEE"
    answer = await desk.done(desk.card_office, case.id, *steps[1])
    assert answer["state"] == "CARD_PRODUCTION"


@pytest.mark.parametrize(("end", "outcome"), [(State.DECIDED_REFUSE, "refused"), (State.NOT_ACCEPTED, "not_accepted")])
async def test_a_refusal_closes_the_case_without_a_fee(desk: Desk, end: State, outcome: str) -> None:
    case = await desk.at(end)
    (completed,) = await desk.events(ReviewCompleted)
    assert (completed.outcome, completed.fee_yen, completed.period_of_stay) == (outcome, 0, None)
    assert completed.reason_code == "requirements_not_met"
    assert "基準" not in completed.model_dump_json(), "the officer's words stay in the service"
    assert (await desk.post(desk.card_office, case.id, "fee", FEE)).status_code == 409
    assert await desk.service.journal_problems() == []


async def test_a_proposal_sent_back_goes_to_examination_with_the_note_and_can_be_made_again(desk: Desk) -> None:
    case = await desk.at(State.PROPOSED)
    answer = await desk.done(desk.chief, case.id, "decision", {"approve": False, "note": "納税を再確認"})
    assert answer["state"] == "UNDER_REVIEW"
    assert await desk.events(ReviewCompleted) == []
    await desk.done(desk.examiner, case.id, "proposal", GRANT)
    await desk.done(desk.chief, case.id, "decision", {"approve": True})
    detail = (await desk.get(desk.chief, f"/{case.id}")).json()
    assert [(p["approved"], p["note"]) for p in detail["proposals"]] == [(False, "納税を再確認"), (True, None)]
    assert len(await desk.events(ReviewCompleted)) == 1


async def test_findings_keep_no_unknown_and_not_asked_apart(desk: Desk) -> None:
    case = await desk.at(State.UNDER_REVIEW)
    given = {"status_applicability": "yes", "landing_criteria": "no", "taxes": "unknown"}
    await desk.done(desk.examiner, case.id, "examination", {"findings": given, "note": "確認中"})
    (kept,) = (await desk.get(desk.examiner, f"/{case.id}")).json()["examinations"]
    assert kept["note"] == "確認中"
    assert {code: kept["findings"][code] for code in given} == given
    assert kept["findings"]["immigration_history"] == "not_asked"
    of_the_case = {"procedure": case.procedure, "status_of_residence": case.status_of_residence}
    checklist = (await desk.get(desk.examiner, "/checklist", **of_the_case)).json()
    asked = {question["code"] for question in checklist}
    assert set(kept["findings"]) == asked


async def test_an_interview_rests_the_case_until_it_is_examined_again(desk: Desk) -> None:
    case = await desk.at(State.ON_HOLD_INTERVIEW)
    (invited,) = await desk.events(InterviewRequested)
    opened = unsealed(invited.sealed_instructions)
    assert opened == "来庁してください"
    answer = await desk.done(desk.examiner, case.id, "examination", {"findings": {}})
    assert answer["state"] == "UNDER_REVIEW"


async def test_the_chief_gives_a_case_to_another_examiner_who_then_is_the_only_one_to_act(desk: Desk) -> None:
    case = await desk.at(State.UNDER_REVIEW)
    await desk.done(desk.chief, case.id, "reassignment", {"examiner_id": str(desk.colleague.id)})
    refused = await desk.post(desk.examiner, case.id, "proposal", GRANT)
    assert (refused.status_code, refused.json()["code"]) == (403, "not-your-case")
    assert (await desk.done(desk.colleague, case.id, "proposal", GRANT))["state"] == "PROPOSED"
    assert len(await desk.events(ReviewStarted)) == 1, "ReviewStarted comes at the first allocation only"


async def test_a_terminated_case_tells_its_reason(desk: Desk) -> None:
    await desk.at(State.TERMINATED)
    (ended,) = await desk.events(ApplicationTerminated)
    assert ended.reason_code == "left_japan"


async def test_a_card_collected_at_a_counter_is_never_mailed(desk: Desk) -> None:
    case = await desk.at(State.COUNTER_VISIT)
    (visit,) = await desk.events(CounterVisitRequired)
    assert visit.office == "TYO"
    assert (await desk.post(desk.card_office, case.id, "mailing", {"carrier": "x", "tracking_number": "1"})).json()[
        "code"
    ] == "wrong-state"
    assert (await desk.done(desk.card_office, case.id, "delivery"))["state"] == "DELIVERED"


async def test_a_certificate_of_eligibility_is_free_and_ends_with_the_certificate(desk: Desk) -> None:
    case = await desk.at(State.DECIDED_GRANT, procedure="COE", stay_expiry=None, receipt_method="EMAIL")
    (completed,) = await desk.events(ReviewCompleted)
    assert (completed.fee_yen, completed.period_of_stay, completed.stay_until) == (0, "Y3", None)
    body = {"method": "EMAIL"}
    assert (await desk.done(desk.card_office, case.id, "certificate", body))["state"] == "CERTIFICATE_ISSUED"
    assert len(await desk.events(CertificateIssued)) == 1
    assert await desk.service.journal_problems() == []


async def test_a_certificate_of_employment_is_issued_once_its_fee_is_paid(desk: Desk) -> None:
    case = await desk.at(State.AWAITING_FEE, procedure="WORKCERT")
    assert (await desk.post(desk.card_office, case.id, "card-materials-received", MATERIALS)).status_code == 409
    answer = await desk.done(desk.card_office, case.id, "fee", FEE | {"amount_yen": 1600})
    assert answer["state"] == "DECIDED_GRANT"


async def test_fee_and_old_card_are_handed_over_at_the_counter_together(desk: Desk) -> None:
    case = await desk.at(State.AWAITING_FEE)
    body = {"amount_yen": 5500, "residence_card_received": True, "receives": "counter"}
    for wrong in ({"amount_yen": 4000}, {"residence_card_received": False}):
        assert (await desk.post(desk.card_office, case.id, "counter-reception", body | wrong)).status_code == 422
        found = await desk.case(case.id)
        assert (found.fee_paid, found.materials_received, found.receipt_method) == (False, False, "EMAIL"), (
            "all or nothing"
        )
    assert (await desk.done(desk.card_office, case.id, "counter-reception", body))["state"] == "CARD_PRODUCTION"
    assert (await desk.case(case.id)).receipt_method == "COUNTER", "the new card is in no batch to mail"
    (paid,), (received,) = await desk.events(FeePaid), await desk.events(CardMaterialsReceived)
    assert (paid.amount_yen, paid.method, received.application_id) == (5500, "revenue_stamp", case.application_id)


@pytest.mark.parametrize(("receives", "kept"), [("post", "POST"), ("counter", "COUNTER")])
async def test_what_is_said_at_the_counter_goes_before_the_form(desk: Desk, receives: str, kept: str) -> None:
    """An applicant who wanted to collect the card and brings an envelope gets it by post."""
    case = await desk.at(State.AWAITING_FEE, receipt_method="COUNTER" if receives == "post" else "POST")
    body = {"residence_card_received": True, "receives": receives}
    await desk.done(desk.card_office, case.id, "counter-reception", body)
    assert (await desk.case(case.id)).receipt_method == kept


async def test_a_certificate_is_paid_at_the_counter_alone(desk: Desk) -> None:
    case = await desk.at(State.AWAITING_FEE, procedure="WORKCERT")
    card = {"residence_card_received": True, "receives": "post"}
    refused = await desk.post(desk.card_office, case.id, "counter-reception", card)
    assert (refused.status_code, refused.json()["code"]) == (409, "no-card")
    paid = await desk.done(desk.card_office, case.id, "counter-reception", {"amount_yen": 1600})
    assert paid["state"] == "DECIDED_GRANT"


async def test_acquiring_a_status_costs_nothing_and_needs_no_old_card(desk: Desk) -> None:
    case = await desk.at(State.AWAITING_FEE, procedure="ACQUIRE", status_of_residence="DEPENDENT", stay_expiry=None)
    assert (await desk.post(desk.card_office, case.id, "fee", FEE)).json()["code"] == "fee-paid-already"
    body = {"residence_card_received": False}
    assert (await desk.done(desk.card_office, case.id, "card-materials-received", body))["state"] == "CARD_PRODUCTION"
    (completed,) = await desk.events(ReviewCompleted)
    assert str(completed.stay_until) == "2029-07-15"


async def test_re_entry_filed_along_is_decided_along_and_costs_its_own_fee(desk: Desk) -> None:
    case = await desk.at(State.UNDER_REVIEW, combined_with=["REENTRY"])
    refused = await desk.post(desk.examiner, case.id, "proposal", GRANT)
    assert (refused.status_code, refused.json()["code"]) == (422, "reentry-undecided")
    await desk.done(desk.examiner, case.id, "proposal", GRANT | {"reentry": "multiple"})
    assert (await desk.done(desk.chief, case.id, "decision", {"approve": True}))["fee_yen"] == 12_000


@pytest.mark.parametrize(("received", "fee"), [("2025-03-31", 4000), ("2025-04-01", 5500)])
async def test_the_fee_follows_the_day_of_receipt_whatever_the_day_of_decision(
    desk: Desk, received: str, fee: int
) -> None:
    case = await desk.at(State.AWAITING_FEE, legal_date=received)
    assert (await desk.case(case.id)).fee_yen == fee


async def test_the_same_request_ten_times_in_parallel_has_one_effect_and_one_answer(desk: Desk) -> None:
    case = await desk.at(State.PROPOSED)
    body = {"approve": True, "note": "可"}
    answers = await asyncio.gather(*(desk.post(desk.chief, case.id, "decision", body, key="one") for _ in range(10)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert len(await desk.events(ReviewCompleted)) == 1
    assert await desk.service.journal_problems() == []


async def test_two_examiners_who_start_a_case_at_once_do_not_both_get_it(desk: Desk) -> None:
    case = await desk.open()
    answers = await asyncio.gather(*(desk.post(who, case.id, "start") for who in (desk.examiner, desk.colleague)))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert len(await desk.events(ReviewStarted)) == 1


async def test_every_deciding_request_needs_an_idempotency_key(desk: Desk) -> None:
    case = await desk.at(State.PROPOSED)
    headers = tokens.bearer(desk.chief, desk.clock)
    answer = await desk.service.client.post(f"/v1/cases/{case.id}/decision", json={"approve": True}, headers=headers)
    assert answer.status_code == 428
    assert await desk.state(case.id) == State.PROPOSED


async def test_the_timeline_tells_the_way_and_shows_readers_to_the_auditor_only(desk: Desk) -> None:
    case = await desk.at(State.AWAITING_FEE)
    await desk.get(desk.examiner, f"/{case.id}")
    entries = (await desk.get(desk.examiner, f"/{case.id}/timeline")).json()["entries"]
    way = ["case:open", "case:start", "case:propose", "case:approve", "case:take_effect"]
    assert [entry["action"] for entry in entries] == way
    assert all(entry["ja"] and entry["en"] for entry in entries)
    audited = (await desk.get(desk.auditor, f"/{case.id}/timeline")).json()["entries"]
    assert [entry["actor_id"] for entry in audited if entry["action"] == "case:read"] == [str(desk.examiner.id)] * 2


async def test_a_card_number_is_normalised_stored_and_told_to_nobody(desk: Desk) -> None:
    case = await desk.at(State.CARD_PRODUCTION)
    body = {"card_number": "ａｂ 1234-5678 cd", "expires_on": "2029-08-31"}
    answer = await desk.post(desk.card_office, case.id, "card", body)
    assert answer.status_code == 200
    detail = await desk.get(desk.card_office, f"/{case.id}")
    assert detail.json()["card"]["card_number_masked"] == "AB********CD"
    assert "12345678" not in answer.text + detail.text
    async with desk.service.db.read() as session:
        assert await session.scalar(text("SELECT card_number FROM cards")) == "AB12345678CD"
        assert not await session.scalar(text("SELECT count(*) FROM outbox WHERE position('12345678' IN payload) > 0"))
        written = "SELECT count(*) FROM journal WHERE (changes::text || detail::text || answer::text) LIKE '%12345678%'"
        assert await session.scalar(text(written)) == 0


async def test_an_unknown_case_is_not_found(desk: Desk) -> None:
    assert (await desk.post(desk.examiner, new_id(), "start")).status_code == 404
    assert (await desk.get(desk.examiner, f"/{new_id()}")).status_code == 404
    assert (await desk.get(desk.examiner, f"/by-application/{new_id()}")).status_code == 404
