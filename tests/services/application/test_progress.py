"""After filing: what review tells is what the applicant sees; withdrawal, requested documents, card materials."""

import asyncio
import unicodedata
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import select

from services.application.progress.commands.review_events import FOLLOWING
from services.application.progress.commands.timeline import OWN_STEPS
from services.application.progress.domain import ProgressStep
from shared.auth import Role
from shared.clock import ManualClock
from shared.db import Database
from shared.events.application import AdditionalDocumentsSubmitted, ApplicationWithdrawn, CardMaterialsSent
from shared.events.review import (
    EVENTS,
    AdditionalDocumentsOverdue,
    AdditionalDocumentsRequested,
    ApplicationTerminated,
    CardDelivered,
    CardIssued,
    CardMailed,
    CardMaterialsReceived,
    CardReturned,
    CaseTransferred,
    CertificateIssued,
    CounterVisitRequired,
    FeePaid,
    InterviewRequested,
    ReviewCompleted,
    ReviewEvent,
    ReviewStarted,
)
from shared.ids import new_id
from shared.journal.tables import journal
from shared.messaging import Envelope, NotYet, encode
from shared.messaging.effects import Effects
from shared.messaging.limit import DeadLetterLimit
from shared.messaging.message import Received
from tests.services.application.people import Filer, codes
from tests.support.keys import event_keys
from tests.support.tokens import officer

MATERIALS = {
    "fee_reference": "PAY-1",
    "carrier": "letter_pack_plus",
    "tracking_number": "123456789012",
    "residence_card_enclosed": True,
}


async def _status(filer: Filer, application_id: str) -> str:
    return str((await filer.get(f"/{application_id}"))["status"])


async def test_the_whole_way_is_shown_in_both_languages(filer: Filer, clock: ManualClock) -> None:
    application_id = await filer.filed()
    way: list[tuple[type[ReviewEvent], str, str]] = [
        (ReviewStarted, "under_review", "started_at"),
        (InterviewRequested, "on_hold_interview", "requested_at"),
        (ReviewCompleted, "decided_grant", "decided_at"),
        (FeePaid, "awaiting_fee", "paid_at"),
        (CardMaterialsReceived, "card_production", "received_at"),
        (CardIssued, "card_production", "issued_at"),
        (CardMailed, "dispatched", "mailed_at"),
        (CardDelivered, "delivered", "delivered_at"),
    ]
    for event, shown, moment in way:
        clock.advance(timedelta(hours=1))
        await filer.review(event, application_id, **{moment: clock.now()})
        assert await _status(filer, application_id) == shown
    timeline = (await filer.get(f"/{application_id}/timeline"))["items"]
    assert [entry["step"] for entry in timeline] == [
        "draft_begun",
        "submitted",
        "review_started",
        "interview_requested",
        "review_completed",
        "fee_paid",
        "card_materials_received",
        "card_issued",
        "card_mailed",
        "card_delivered",
    ]
    assert timeline[1]["text"] == {"ja": "申請を受け付けました", "en": "Application received"}
    assert timeline[8]["data"]["tracking_number"] == "123456789012"
    (item,) = (await filer.get())["items"]
    assert (item["status"], item["status_text"]["ja"]) == ("delivered", "受領済")


@pytest.mark.parametrize(
    ("event", "changes", "shown"),
    [
        (ReviewCompleted, {"outcome": "refused"}, "decided_refuse"),
        (ReviewCompleted, {"outcome": "not_accepted"}, "not_accepted"),
        (ApplicationTerminated, {}, "terminated"),
        (CertificateIssued, {}, "certificate_issued"),
        (CounterVisitRequired, {}, "received"),
        (CardReturned, {}, "card_production"),
    ],
)
async def test_other_endings_are_shown_too(
    filer: Filer, event: type[ReviewEvent], changes: dict[str, Any], shown: str
) -> None:
    application_id = await filer.filed()
    await filer.review(event, application_id, **changes)
    assert await _status(filer, application_id) == shown


async def test_a_second_delivery_has_no_second_effect(filer: Filer) -> None:
    application_id = await filer.filed()
    event = ReviewStarted.example(application_id=application_id)
    envelope = Envelope.of(event, id=new_id(), source="/zairyu/review", time=filer.clock.now())
    message = event_keys("review").sign(encode(event, envelope))
    received = Received(message.topic, message.key, message.value, message.headers, partition=0, offset=1)
    db: Database = filer.service.app.state.runtime.db
    handlers = filer.service.app.state.handlers
    effects = Effects(db, "application", handlers, event_keys("application"), DeadLetterLimit(), filer.clock)
    for _ in range(2):
        await effects.apply_batch(effects.open([received]))
    steps = [entry["step"] for entry in (await filer.get(f"/{application_id}/timeline"))["items"]]
    assert steps.count("review_started") == 1


async def test_a_decision_on_what_is_not_here_waits(filer: Filer) -> None:
    draft = await filer.begin()
    for application_id in (draft, str(new_id())):
        with pytest.raises(NotYet):
            await filer.review(ReviewCompleted, application_id)


async def test_withdrawal_closes_an_open_application_and_tells_review(filer: Filer) -> None:
    application_id = await filer.filed()
    answer = await filer.post(f"/{application_id}/withdraw", {"reason": "退職のため"})
    assert (answer.status_code, answer.json()["status"]) == (200, "withdrawn")
    event = (await filer.service.events())[-1]
    assert isinstance(event, ApplicationWithdrawn)
    assert "退職" not in event.model_dump_json()
    again = await filer.post(f"/{application_id}/withdraw", {"reason": "x"})
    assert again.json()["code"] == "cannot-be-withdrawn"
    other = await filer.ready()
    assert (await filer.submit(other)).status_code == 200


async def test_only_what_is_filed_and_undecided_can_be_withdrawn(filer: Filer) -> None:
    draft, decided = await filer.begin(), await filer.granted()
    reported = len(await filer.service.events())
    for application_id in (draft, decided):
        answer = await filer.post(f"/{application_id}/withdraw", {"reason": "x"})
        assert (answer.status_code, answer.json()["code"]) == (409, "cannot-be-withdrawn")
    assert len(await filer.service.events()) == reported
    assert (await Filer(filer.service).post(f"/{decided}/withdraw", {"reason": "x"})).status_code == 404


async def test_a_decision_that_crosses_a_withdrawal_stands(filer: Filer) -> None:
    application_id = await filer.filed()
    await filer.post(f"/{application_id}/withdraw", {"reason": "x"})
    await filer.review(ReviewCompleted, application_id)
    assert await _status(filer, application_id) == "decided_grant"
    assert await filer.service.journal_problems() == []


async def test_card_materials_are_sent_once_and_only_after_a_grant(filer: Filer) -> None:
    application_id = await filer.filed()
    path = f"/{application_id}/card-materials"
    early = await filer.post(path, MATERIALS)
    assert (early.status_code, early.json()["code"]) == (409, "not-granted")
    await filer.review(ReviewCompleted, application_id)
    without_card = await filer.post(path, MATERIALS | {"residence_card_enclosed": False})
    assert codes(without_card) == ["declaration-needed"]
    answers = await asyncio.gather(*(filer.post(path, MATERIALS, "one-key") for _ in range(10)))
    assert {(a.status_code, a.json()["status"]) for a in answers} == {(200, "awaiting_fee")}
    events = [e for e in await filer.service.events() if isinstance(e, CardMaterialsSent)]
    assert [(e.fee_reference, e.tracking_number) for e in events] == [("PAY-1", "123456789012")]
    assert (await filer.post(path, MATERIALS)).json()["code"] == "already-sent"


async def test_a_refused_application_has_no_card_to_send(filer: Filer) -> None:
    application_id = await filer.filed()
    await filer.review(ReviewCompleted, application_id, outcome="refused")
    assert (await filer.post(f"/{application_id}/card-materials", MATERIALS)).json()["code"] == "not-granted"


async def test_requested_documents_are_handed_in_once(filer: Filer) -> None:
    application_id = await filer.filed()
    request_id = str(new_id())
    path = f"/{application_id}/requested-documents"
    body = {"request_id": request_id, "documents": [{"document_id": await filer.file(), "codes": ["CAREER"]}]}
    assert (await filer.post(path, body)).json()["code"] == "no-open-request"
    asked = {"request_id": request_id, "due_on": date(2026, 12, 4)}
    await filer.review(AdditionalDocumentsRequested, application_id, **asked)
    view = await filer.get(f"/{application_id}")
    assert (view["status"], view["due_on"], view["open_request_id"]) == ("docs_requested", "2026-12-04", request_id)
    # Late is not too late: the examiner still wants them.
    await filer.review(AdditionalDocumentsOverdue, application_id, **asked)
    unknown = await filer.post(path, body | {"documents": [{"document_id": str(new_id()), "codes": ["CAREER"]}]})
    assert (unknown.status_code, unknown.json()["code"]) == (409, "document-unknown")
    assert (await filer.post(path, body | {"documents": []})).status_code == 422
    answers = await asyncio.gather(*(filer.post(path, body, "one-key") for _ in range(5)))
    assert {(a.status_code, a.json()["status"]) for a in answers} == {(200, "docs_submitted")}
    events = [e for e in await filer.service.events() if isinstance(e, AdditionalDocumentsSubmitted)]
    assert [str(e.request_id) for e in events] == [request_id]
    assert (await filer.post(path, body)).json()["code"] == "no-open-request"


@pytest.mark.parametrize("role", [Role.EXAMINER, Role.CHIEF_EXAMINER, Role.RECEPTION, Role.CARD_OFFICE])
async def test_an_officers_look_is_in_the_journal(filer: Filer, role: Role) -> None:
    application_id, draft = await filer.filed(), await filer.begin()
    desk = Filer(filer.service, officer(role))
    assert (await desk.get(f"/{application_id}"))["form"]["name_roman"] == "NGUYEN VAN AN"
    assert (await desk.request("GET", f"/{draft}")).status_code == 404
    async with filer.service.db.read() as session:
        looks = select(journal.c.actor_id).where(journal.c.action == "application:read").order_by(journal.c.position)
        assert list(await session.scalars(looks)) == [desk.actor.id]


async def test_reception_finds_an_application_by_its_receipt_number_in_its_own_office_alone(filer: Filer) -> None:
    application_id = await filer.filed()
    number = (await filer.get(f"/{application_id}"))["receipt_number"]
    desk = Filer(filer.service, officer(Role.RECEPTION))
    for typed in (number, " ".join(number), unicodedata.normalize("NFKC", number).lower()):
        found = await desk.request("GET", f"/received?receipt_number={quote(typed)}")
        assert (found.status_code, found.json()["id"]) == (200, application_id), typed
    async with filer.service.db.read() as session:
        looks = select(journal.c.actor_id).where(journal.c.action == "application:read").order_by(journal.c.position)
        assert list(await session.scalars(looks)) == [desk.actor.id] * 3
    wrong = await desk.request("GET", "/received?receipt_number=26000001")
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/receipt_number")
    unknown = f"/received?receipt_number={quote(number[:-1] + ('2' if number[-1] != '2' else '3'))}"
    assert (await desk.request("GET", unknown)).status_code == 404
    for who, status in (
        (officer(Role.RECEPTION, office="OSA"), 404),
        (officer(Role.OPERATOR), 403),
        (filer.actor, 403),
    ):
        answer = await Filer(filer.service, who).request("GET", f"/received?receipt_number={quote(number)}")
        assert answer.status_code == status, who.roles


async def test_a_case_that_went_to_another_office_is_seen_there_alone_and_said_to_the_owner(filer: Filer) -> None:
    application_id = await filer.filed()
    await filer.review(ReviewStarted, application_id)
    now = filer.clock.now()
    await filer.review(CaseTransferred, application_id, office="OSA", office_before="TYO", transferred_at=now)
    shown = await filer.get(f"/{application_id}")
    assert (shown["office"], shown["handling_office"], shown["status"]) == ("TYO", "OSA", "under_review")
    last = (await filer.get(f"/{application_id}/timeline"))["items"][-1]
    assert (last["step"], last["data"]) == ("case_transferred", {"office": "OSA", "office_before": "TYO"})
    for office, status in (("TYO", 404), ("OSA", 200)):
        desk = Filer(filer.service, officer(Role.EXAMINER, office=office))
        for path in ("", "/corrections", "/requested-documents"):
            assert (await desk.request("GET", f"/{application_id}{path}")).status_code == status, (office, path)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.AUDITOR, Role.ADMINISTRATOR, Role.USER_APPROVAL])
async def test_officers_without_the_task_see_no_application(filer: Filer, role: Role) -> None:
    application_id = await filer.filed()
    desk = Filer(filer.service, officer(role))
    for method, path in (("GET", f"/{application_id}"), ("GET", ""), ("POST", f"/{application_id}/submit")):
        assert (await desk.request(method, path)).status_code == 403
    examiner = Filer(filer.service, officer(Role.EXAMINER))
    assert (await examiner.request("GET", f"/{application_id}/timeline")).status_code == 403
    assert (await examiner.submit(application_id)).status_code == 403


def test_every_event_of_review_has_a_step_of_its_own_and_fields_that_exist() -> None:
    of_cases = [event for event in EVENTS if issubclass(event, ReviewEvent)]
    missing = [event.__name__ for event in of_cases if event not in FOLLOWING]
    assert not missing, f"no row in FOLLOWING (progress/commands/review_events.py): {missing}"
    assert set(FOLLOWING) == set(of_cases)
    assert len({following.step for following in FOLLOWING.values()}) == len(FOLLOWING)
    for event, following in FOLLOWING.items():
        assert {following.at, *following.data} <= event.model_fields.keys(), event.__name__


def test_every_step_of_the_timeline_comes_from_a_command_or_an_event() -> None:
    assert {*OWN_STEPS.values(), *(following.step for following in FOLLOWING.values())} == set(ProgressStep)
