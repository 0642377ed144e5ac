"""Events of the application service: they open, change and close cases, once each."""

from typing import Any

import pytest
from sqlalchemy import func, select

from services.review.cards.store import CardMaterials
from services.review.cases.domain.states import State
from services.review.cases.store import Case
from services.review.examination.commands.documents import UnknownRequest
from shared.events.application import (
    AdditionalDocumentsSubmitted,
    ApplicantMoved,
    ApplicationCorrected,
    ApplicationHandedOver,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    CardMaterialsSent,
    CorrectionRequested,
)
from shared.events.base import Event
from shared.events.review import AdditionalDocumentsRequested
from shared.ids import new_id
from shared.messaging import Envelope, NotYet
from tests.services.review.desk import MATERIALS, Desk, filed


async def test_an_application_opens_one_case_however_often_it_is_told(desk: Desk) -> None:
    event = filed(category="CAT3", requested_period="Y5")
    await desk.service.deliver(event, event)
    async with desk.service.db.read() as session:
        assert await session.scalar(select(func.count()).select_from(Case)) == 1
        case = await session.scalar(select(Case))
    assert (case.state, case.office, case.category, case.requested_period) == ("RECEIVED", "TYO", "CAT3", "Y5")
    assert (case.examiner_id, case.fee_yen) == (None, None)
    assert await desk.events() == []
    assert await desk.lines() == 1
    assert await desk.service.journal_problems() == []


async def test_an_event_names_its_cause_in_the_journal(desk: Desk) -> None:
    event = filed()
    envelope = Envelope.of(event, id=new_id(), source="/zairyu/application", time=desk.clock.now())
    async with desk.service.db.transaction() as session:
        await desk.service.app.state.handlers[ApplicationSubmitted](session, envelope, event)
    case = await _only_case(desk)
    entry = (await desk.get(desk.examiner, f"/{case.id}/timeline")).json()["entries"][0]
    assert (entry["action"], entry["actor_kind"]) == ("case:open", "system")


@pytest.mark.parametrize(
    "kind",
    [
        CorrectionRequested,
        ApplicationCorrected,
        ApplicantMoved,
        ApplicationHandedOver,
        ApplicationWithdrawn,
        AdditionalDocumentsSubmitted,
        CardMaterialsSent,
    ],
)
async def test_what_comes_before_its_case_waits(desk: Desk, kind: type[Event]) -> None:
    with pytest.raises(NotYet):
        await desk.service.deliver(kind.example())
    assert await desk.lines() == 0


@pytest.mark.parametrize("state", [State.RECEIVED, State.UNDER_REVIEW, State.DOCS_REQUESTED, State.PROPOSED])
async def test_a_withdrawal_closes_an_undecided_case(desk: Desk, state: State) -> None:
    case = await desk.at(state)
    await desk._withdraw(case)
    await desk._withdraw(case)
    assert await desk.state(case.id) == State.WITHDRAWN
    assert (await desk.post(desk.chief, case.id, "decision", {"approve": True})).status_code == 409


async def test_a_withdrawal_after_the_decision_is_noted_and_changes_nothing(desk: Desk) -> None:
    case = await desk.at(State.AWAITING_FEE)
    await desk._withdraw(case)
    assert await desk.state(case.id) == State.AWAITING_FEE
    actions = (await desk.get(desk.chief, f"/{case.id}/timeline")).json()["entries"]
    assert actions[-1]["action"] == "case:withdraw_late"


@pytest.mark.parametrize(("state", "in_time"), [(State.RECEIVED, True), (State.AWAITING_FEE, False)])
async def test_a_correction_counts_until_the_decision(desk: Desk, state: State, in_time: bool) -> None:
    case = await desk.at(state, requested_period="Y5")
    documents = [new_id()]
    corrected = ApplicationCorrected.example(
        application_id=case.application_id, requested_period="Y1", document_ids=documents, changed=["job.salary"]
    )
    await desk.service.deliver(corrected)
    now = await desk.case(case.id)
    assert (now.requested_period == "Y1", now.document_ids == [str(documents[0])]) == (in_time, in_time)
    last = (await desk.get(desk.chief, f"/{case.id}/timeline")).json()["entries"][-1]
    assert last["detail"] == {"changed": ["job.salary"], "in_time": in_time}


async def test_the_case_follows_what_a_correction_says_of_the_form(desk: Desk) -> None:
    case = await desk.at(State.RECEIVED)
    facts = {"stay_expiry": "2026-09-30", "nationality": "CHN", "category": "CAT2", "person_keys": ["a" * 64]}
    corrected = ApplicationCorrected.example(application_id=case.application_id, requested_period="Y1", **facts)
    await desk.service.deliver(corrected)
    now = await desk.case(case.id)
    assert (str(now.stay_expiry), now.nationality, now.category) == ("2026-09-30", "CHN", "CAT2")
    assert now.person_keys == ["a" * 64]
    unstated = dict.fromkeys((*facts, "special_period_end", "receipt_method", "correction_id"))
    await desk.service.deliver(ApplicationCorrected.example(application_id=case.application_id, **unstated))
    later = await desk.case(case.id)
    assert (later.stay_expiry, later.nationality, later.person_keys) == (
        now.stay_expiry,
        now.nationality,
        now.person_keys,
    )
    (shown,) = (await desk.get(desk.examiner, f"/{case.id}")).json()["corrections"]
    assert (shown["requested_at"], shown["corrected_at"] is not None) == (None, True)


async def test_a_new_address_is_shown_and_the_case_stays_where_it_is(desk: Desk) -> None:
    case = await desk.at(State.UNDER_REVIEW)
    moved = {"application_id": case.application_id, "office": "OSA", "lives_there_from": "2026-08-01"}
    await desk.service.deliver(ApplicantMoved.example(**moved))
    shown = (await desk.get(desk.examiner, f"/{case.id}")).json()
    assert (shown["office"], shown["address_office"], shown["moved_on"]) == ("TYO", "OSA", "2026-08-01")
    last = (await desk.get(desk.chief, f"/{case.id}/timeline")).json()["entries"][-1]
    assert last["action"] == "case:note_address"


async def test_events_of_a_case_name_the_account_in_charge_of_the_application(desk: Desk) -> None:
    case = await desk.at(State.UNDER_REVIEW)
    colleague = new_id()
    handed_over = {"application_id": case.application_id, "account_id": colleague, "account_before": case.account_id}
    await desk.service.deliver(ApplicationHandedOver.example(**handed_over))
    shown = (await desk.get(desk.examiner, f"/{case.id}")).json()
    assert shown["account_id"] == str(colleague)
    last = (await desk.get(desk.chief, f"/{case.id}/timeline")).json()["entries"][-1]
    assert last["action"] == "case:note_filer"
    await desk._ask(case)
    (asked,) = await desk.events(AdditionalDocumentsRequested)
    assert asked.account_id == colleague
    assert await desk.service.journal_problems() == []


async def test_documents_for_a_request_that_never_was_are_set_aside(desk: Desk) -> None:
    case, other = await desk.at(State.DOCS_REQUESTED), await desk.open()
    for wrong in ({"request_id": new_id()}, {"application_id": other.application_id}):
        with pytest.raises(UnknownRequest):
            await desk.service.deliver(desk.answered(case, **wrong))
    assert await desk.state(case.id) == State.DOCS_REQUESTED


async def test_documents_told_twice_are_taken_once(desk: Desk) -> None:
    case = await desk.at(State.DOCS_REQUESTED)
    event = desk.answered(case, document_ids=[new_id()])
    await desk.service.deliver(event, event)
    now = await desk.case(case.id)
    assert now.document_ids.count(str(event.document_ids[0])) == 1
    assert now.state == State.DOCS_SUBMITTED


@pytest.mark.parametrize("announced", ["before", "after", "never"])
async def test_materials_are_received_whether_announced_before_after_or_never(desk: Desk, announced: str) -> None:
    case = await desk.at(State.AWAITING_FEE)
    sent = CardMaterialsSent.example(application_id=case.application_id)
    if announced == "before":
        await desk.service.deliver(sent)
    await desk.done(desk.card_office, case.id, "card-materials-received", MATERIALS)
    if announced == "after":
        await desk.service.deliver(sent)
    kept: dict[str, Any] = (await desk.get(desk.card_office, f"/{case.id}")).json()["materials"]
    assert kept["received_at"] is not None
    assert kept["tracking_number"] == (None if announced == "never" else sent.tracking_number)
    async with desk.service.db.read() as session:
        assert await session.scalar(select(func.count()).select_from(CardMaterials)) == 1
    assert await desk.service.journal_problems() == []


async def _only_case(desk: Desk) -> Case:
    async with desk.service.db.read() as session:
        found: Case = await session.scalar(select(Case))
    return found
