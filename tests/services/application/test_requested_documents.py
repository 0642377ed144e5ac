"""A request for documents answered item by item, and submitted once."""

import asyncio
from datetime import date, timedelta
from typing import Any

from shared.auth import Role
from shared.clock import ManualClock
from shared.events.application import AdditionalDocumentsSubmitted
from shared.events.fields import RequestedItem
from shared.events.review import AdditionalDocumentsRequested, ReviewCompleted
from shared.ids import new_id
from tests.services.application.people import Filer, codes, pointers
from tests.support.tokens import officer

ITEMS = (RequestedItem(code="RES_TAX"), RequestedItem(code="CAREER"), RequestedItem(code="RES_TAX"))


async def _requested(filer: Filer) -> tuple[str, str]:
    """An application with an open request of three items, and the request."""
    application_id, request_id = await filer.filed(), str(new_id())
    asked: dict[str, Any] = {"request_id": request_id, "due_on": date(2026, 12, 4), "items": ITEMS}
    await filer.review(AdditionalDocumentsRequested, application_id, **asked)
    return application_id, request_id


async def _save(filer: Filer, application_id: str, request_id: str, place: int, **answer: Any) -> Any:
    body = {"request_id": request_id, "place": place} | answer
    return await filer.request("PUT", f"/{application_id}/requested-documents", body)


async def test_each_item_is_answered_and_all_are_submitted_once(filer: Filer) -> None:
    application_id, request_id = await _requested(filer)
    path = f"/{application_id}/requested-documents"
    opened = (await filer.get(path))["open"]
    assert [(item["place"], item["code"], item["answered"]) for item in opened["items"]] == [
        (0, "RES_TAX", False),
        (1, "CAREER", False),
        (2, "RES_TAX", False),
    ]
    assert (opened["due_on"], opened["days_left"], opened["overdue"]) == ("2026-12-04", 14, False)
    assert opened["items"][1]["name"]["ja"]
    pdf = await filer.file()
    first = await _save(filer, application_id, request_id, 0, document_ids=[pdf])
    assert (first.status_code, first.json()["answered"], first.json()["open_items"]) == (200, True, 2)
    early = await filer.post(path, {"request_id": request_id})
    assert (early.status_code, pointers(early)) == (422, ["/items/1", "/items/2"])
    await _save(filer, application_id, request_id, 1, why_not="前の勤務先が廃業したため")
    await _save(filer, application_id, request_id, 2, document_ids=[pdf])
    assert (await filer.get(path))["open"]["complete"] is True
    answers = await asyncio.gather(*(filer.post(path, {"request_id": request_id}, "one-key") for _ in range(10)))
    assert {(answer.status_code, answer.json()["status"]) for answer in answers} == {(200, "docs_submitted")}
    (event,) = [each for each in await filer.service.events() if isinstance(each, AdditionalDocumentsSubmitted)]
    assert ([str(each) for each in event.document_ids], event.not_submitted) == ([pdf], ("CAREER",))
    assert "廃業" not in event.model_dump_json()
    found = await filer.get(path)
    (sent,) = found["submitted"]
    assert found["open"] is None
    assert sent["documents"] == [{"document_id": pdf, "codes": ["RES_TAX"]}]
    assert [(each["code"], each["why_not"]) for each in sent["not_submitted"]] == [
        ("CAREER", "前の勤務先が廃業したため")
    ]
    assert await filer.service.journal_problems() == []


async def test_an_answer_may_be_changed_and_taken_back(filer: Filer) -> None:
    application_id, request_id = await _requested(filer)
    await _save(filer, application_id, request_id, 0, why_not="x")
    await _save(filer, application_id, request_id, 0, document_ids=[await filer.file()])
    (item, *_) = (await filer.get(f"/{application_id}/requested-documents"))["open"]["items"]
    assert (len(item["document_ids"]), item["why_not"]) == (1, None)
    emptied = await _save(filer, application_id, request_id, 0)
    assert (emptied.json()["answered"], emptied.json()["open_items"]) == (False, 3)


async def test_reasons_alone_are_an_answer(filer: Filer) -> None:
    application_id, request_id = await _requested(filer)
    for place in range(3):
        await _save(filer, application_id, request_id, place, why_not="x")
    answer = await filer.post(f"/{application_id}/requested-documents", {"request_id": request_id})
    assert answer.status_code == 200, answer.text


async def test_what_cannot_be_an_answer_is_refused(filer: Filer) -> None:
    application_id, request_id = await _requested(filer)
    pdf, photo = await filer.file(), await filer.file("photo")
    both = await _save(filer, application_id, request_id, 0, document_ids=[pdf], why_not="x")
    assert codes(both) == ["both-answers"]
    assert codes(await _save(filer, application_id, request_id, 0, document_ids=[photo])) == ["not-a-pdf"]
    assert (await _save(filer, application_id, request_id, 3, why_not="x")).status_code == 404
    assert (await _save(filer, application_id, str(new_id()), 0, why_not="x")).json()["code"] == "no-open-request"
    stranger = Filer(filer.service)
    assert (await _save(stranger, application_id, request_id, 0, why_not="x")).status_code == 404
    unknown = await _save(filer, application_id, request_id, 0, document_ids=[str(new_id())])
    assert unknown.status_code == 200, "the file may be on its way"
    for place in (1, 2):
        await _save(filer, application_id, request_id, place, why_not="x")
    early = await filer.post(f"/{application_id}/requested-documents", {"request_id": request_id})
    assert (early.status_code, early.json()["code"]) == (409, "document-unknown")


async def test_an_overdue_request_is_shown_as_such_and_answered_late(filer: Filer, clock: ManualClock) -> None:
    application_id, request_id = await _requested(filer)
    clock.advance(timedelta(days=15))
    opened = (await filer.get(f"/{application_id}/requested-documents"))["open"]
    assert (opened["overdue"], opened["days_left"]) == (True, None)
    assert (await _save(filer, application_id, request_id, 0, why_not="x")).status_code == 200


async def test_a_decision_closes_the_request(filer: Filer) -> None:
    application_id, request_id = await _requested(filer)
    await filer.review(ReviewCompleted, application_id)
    assert (await filer.get(f"/{application_id}/requested-documents"))["open"] is None
    assert (await _save(filer, application_id, request_id, 0, why_not="x")).status_code == 409


async def test_officers_of_the_office_read_the_reasons(filer: Filer) -> None:
    application_id, request_id = await _requested(filer)
    for place in range(3):
        await _save(filer, application_id, request_id, place, why_not="廃業したため")
    await filer.post(f"/{application_id}/requested-documents", {"request_id": request_id})
    desk = Filer(filer.service, officer(Role.EXAMINER))
    (sent,) = (await desk.get(f"/{application_id}/requested-documents"))["submitted"]
    assert sent["not_submitted"][0]["why_not"] == "廃業したため"
    elsewhere = Filer(filer.service, officer(Role.EXAMINER, office="OSA"))
    assert (await elsewhere.request("GET", f"/{application_id}/requested-documents")).status_code == 404
