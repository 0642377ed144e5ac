"""More time for requested documents, as the owner asks for it and learns the answer."""

import asyncio
from datetime import date
from typing import Any

import httpx
import pytest

from shared.events.application import MoreTimeRequested
from shared.events.fields import RequestedItem
from shared.events.review import AdditionalDocumentsRequested, InterviewRequested, MoreTimeAgreed, MoreTimeDeclined
from shared.ids import new_id
from tests.services.application.people import Filer, codes, pointers

ITEMS = (RequestedItem(code="RES_TAX"),)
DUE = date(2026, 12, 4)
# The clock of these tests stands on 2026-11-20.
WANTED = "2026-12-18"


async def _requested(filer: Filer) -> tuple[str, str]:
    """An application with an open request, and the request."""
    application_id, request_id = await filer.filed(), str(new_id())
    asked: dict[str, Any] = {"request_id": request_id, "due_on": DUE, "items": ITEMS}
    await filer.review(AdditionalDocumentsRequested, application_id, **asked)
    return application_id, request_id


async def _ask(
    filer: Filer, application_id: str, request_id: str, wanted_on: str = WANTED, key: str | None = None
) -> httpx.Response:
    body = {"request_id": request_id, "wanted_on": wanted_on, "reason": "証明書の発行に2週間かかるため"}
    return await filer.post(f"/{application_id}/requested-documents/more-time", body, key or str(new_id()))


async def _shown(filer: Filer, application_id: str) -> Any:
    return await filer.get(f"/{application_id}/requested-documents")


async def test_the_question_goes_to_review_without_its_words(filer: Filer) -> None:
    application_id, request_id = await _requested(filer)
    asked = await _ask(filer, application_id, request_id)
    assert asked.status_code == 200
    (event,) = [each for each in await filer.service.events() if isinstance(each, MoreTimeRequested)]
    assert (str(event.request_id), str(event.wanted_on)) == (request_id, WANTED)
    assert "証明書" not in event.model_dump_json()
    found = await _shown(filer, application_id)
    (row,) = found["more_time"]
    assert (row["state"], row["reason"]) == ("waiting", "証明書の発行に2週間かかるため")
    assert found["open"]["due_on"] == str(DUE), "until the answer the day stays"


async def test_with_an_agreement_the_day_moves(filer: Filer) -> None:
    application_id, request_id = await _requested(filer)
    more_time_id = (await _ask(filer, application_id, request_id)).json()["more_time_id"]
    agreed: dict[str, Any] = {"request_id": request_id, "more_time_id": more_time_id, "due_on": date(2026, 12, 11)}
    await filer.review(MoreTimeAgreed, application_id, **agreed)
    found = await _shown(filer, application_id)
    assert (found["open"]["due_on"], found["more_time"][0]["state"]) == ("2026-12-11", "agreed")
    steps = [entry["step"] for entry in (await filer.get(f"/{application_id}/timeline"))["items"]]
    assert steps[-2:] == ["more_time_asked", "more_time_agreed"] or "more_time_agreed" in steps
    assert (await _ask(filer, application_id, request_id)).status_code == 200, "one may ask again"


async def test_declined_the_day_stays_and_one_may_ask_again(filer: Filer) -> None:
    application_id, request_id = await _requested(filer)
    more_time_id = (await _ask(filer, application_id, request_id)).json()["more_time_id"]
    declined: dict[str, Any] = {"request_id": request_id, "more_time_id": more_time_id, "due_on": DUE}
    await filer.review(MoreTimeDeclined, application_id, **declined)
    found = await _shown(filer, application_id)
    assert (found["open"]["due_on"], found["more_time"][0]["state"]) == (str(DUE), "declined")
    assert (await _ask(filer, application_id, request_id)).status_code == 200


@pytest.mark.parametrize(
    ("wanted_on", "code"), [("2026-12-04", "not-later"), ("2026-11-19", "not-later"), ("2027-11-20", "too-late")]
)
async def test_the_day_is_a_later_one_within_reason(filer: Filer, wanted_on: str, code: str) -> None:
    application_id, request_id = await _requested(filer)
    refused = await _ask(filer, application_id, request_id, wanted_on)
    assert (refused.status_code, pointers(refused), codes(refused)) == (422, ["/wanted_on"], [code])
    assert (await _shown(filer, application_id))["more_time"] == []


async def test_there_is_one_question_at_a_time(filer: Filer) -> None:
    application_id, request_id = await _requested(filer)
    answers = await asyncio.gather(*(_ask(filer, application_id, request_id) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 9
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"already-asked"}
    assert len((await _shown(filer, application_id))["more_time"]) == 1


async def test_documents_end_the_question_and_an_answer_that_crosses_them_opens_nothing(filer: Filer) -> None:
    application_id, request_id = await _requested(filer)
    more_time_id = (await _ask(filer, application_id, request_id)).json()["more_time_id"]
    documents = [{"document_id": await filer.file(), "codes": ["RES_TAX"]}]
    sent = await filer.post(
        f"/{application_id}/requested-documents", {"request_id": request_id, "documents": documents}
    )
    assert sent.status_code == 200
    assert (await _shown(filer, application_id))["more_time"][0]["state"] == "lapsed"
    agreed: dict[str, Any] = {"request_id": request_id, "more_time_id": more_time_id, "due_on": date(2026, 12, 11)}
    await filer.review(MoreTimeAgreed, application_id, **agreed)
    found = await _shown(filer, application_id)
    assert found["open"] is None
    assert found["more_time"][0]["state"] == "agreed"
    assert (await filer.get(f"/{application_id}"))["due_on"] is None


async def test_there_is_no_more_time_for_a_request_that_is_not_open(filer: Filer) -> None:
    application_id, _ = await _requested(filer)
    refused = await _ask(filer, application_id, str(new_id()))
    assert (refused.status_code, refused.json()["code"]) == (409, "no-open-request")


async def test_late_documents_leave_an_interview_as_it_is(filer: Filer) -> None:
    application_id, request_id = await _requested(filer)
    await filer.review(InterviewRequested, application_id)
    documents = [{"document_id": await filer.file(), "codes": ["RES_TAX"]}]
    body = {"request_id": request_id, "documents": documents}
    assert (await filer.post(f"/{application_id}/requested-documents", body)).status_code == 200
    assert (await filer.get(f"/{application_id}"))["status"] == "on_hold_interview"
