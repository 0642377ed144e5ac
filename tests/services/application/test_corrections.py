"""Corrections after filing: freely, with the examiner's agreement, and what is never corrected."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from services.application.tables import Application, FiledVersion
from shared.auth import Role
from shared.clock import ManualClock
from shared.events.application import ApplicationCorrected, CorrectionRequested
from shared.events.review import CorrectionAgreed, CorrectionDeclined, ReviewCompleted, ReviewStarted
from shared.ids import new_id
from tests.services.application.people import Filer, codes, complete_form, pointers
from tests.support.tokens import officer

JOB = {"form": {"occupation": "経理"}, "reason": "職業の入力を誤ったため"}


async def _correct(filer: Filer, application_id: str, body: Any, revision: int | str = "*", key: str = "") -> Any:
    tag = revision if revision == "*" else f'"{revision}"'
    key = key or str(new_id())
    path = f"/{application_id}/corrections"
    return await filer.request("POST", path, body, If_Match=tag, Idempotency_Key=key)


async def _corrections(filer: Filer, application_id: str) -> Any:
    return await filer.get(f"/{application_id}/corrections")


async def _events(filer: Filer, kind: type[Any]) -> list[Any]:
    return [event for event in await filer.service.events() if isinstance(event, kind)]


async def test_a_correction_before_the_examination_is_made_at_once(filer: Filer, clock: ManualClock) -> None:
    application_id = await filer.filed()
    before = await filer.get(f"/{application_id}")
    clock.advance(timedelta(hours=1))
    body = {"form": {"occupation": "経理", "requested_period": "Y1"}, "reason": "入力を誤ったため"}
    answer = await _correct(filer, application_id, body, before["revision"])
    assert answer.status_code == 200, answer.text
    assert (answer.json()["state"], answer.json()["changed"]) == ("corrected", ["occupation", "requested_period"])
    assert answer.headers["ETag"] == f'"{before["revision"] + 1}"'
    after = await filer.get(f"/{application_id}")
    assert after["form"] == before["form"] | {"occupation": "経理", "requested_period": "Y1"}
    assert after["receipt_number"] == before["receipt_number"]
    (event,) = await _events(filer, ApplicationCorrected)
    assert (event.changed, event.requested_period) == (("occupation", "requested_period"), "Y1")
    assert str(event.stay_expiry) == before["form"]["stay_expiry"]
    assert "経理" not in event.model_dump_json()
    found = await _corrections(filer, application_id)
    assert (found["possible"], found["revision"]) == ("freely", after["revision"])
    (shown,) = found["items"]
    assert (shown["state"], shown["reason"], shown["number"]) == ("corrected", "入力を誤ったため", 2)
    job, period = shown["changes"]
    assert job["label"]["ja"] == "職業"
    assert (job["before"]["ja"], job["after"]["ja"]) == (before["form"]["occupation"], "経理")
    assert (period["before"]["en"], period["after"]["en"]) == ("3 years", "1 year")
    steps = [entry["step"] for entry in (await filer.get(f"/{application_id}/timeline"))["items"]]
    assert steps == ["draft_begun", "submitted", "corrected"]
    assert await filer.service.journal_problems() == []


async def test_every_version_is_kept(filer: Filer) -> None:
    application_id = await filer.filed()
    for job in ("経理", "人事", "総務"):
        assert (await _correct(filer, application_id, {"form": {"occupation": job}, "reason": "x"})).status_code == 200
    found = await _corrections(filer, application_id)
    pairs = [(each["before"]["ja"], each["after"]["ja"]) for item in found["items"] for each in item["changes"]]
    assert pairs[1:] == [("経理", "人事"), ("人事", "総務")]
    async with filer.service.db.read() as session:
        numbers = await session.scalars(select(FiledVersion.number).order_by(FiledVersion.number))
        assert list(numbers) == [1, 2, 3, 4]


async def test_a_patch_merges_groups_and_null_removes(filer: Filer) -> None:
    application_id = await filer.filed()
    before = (await filer.get(f"/{application_id}"))["form"]
    answer = await _correct(
        filer, application_id, {"form": {"org": {"staff": 999}, "passport_expiry": None}, "reason": "x"}
    )
    assert answer.status_code == 200, answer.text
    after = (await filer.get(f"/{application_id}"))["form"]
    assert after["org"] == before["org"] | {"staff": 999}
    assert "passport_expiry" not in after


async def test_documents_and_photo_are_replaced(filer: Filer) -> None:
    application_id = await filer.filed()
    photo, pdf = await filer.file("photo"), await filer.file()
    before = await filer.get(f"/{application_id}")
    documents = [*before["documents"], {"document_id": pdf, "codes": ["CAREER"]}]
    answer = await _correct(filer, application_id, {"photo_id": photo, "documents": documents, "reason": "x"})
    assert answer.json()["changed"] == ["photo", "documents"], answer.text
    (event,) = await _events(filer, ApplicationCorrected)
    assert str(event.photo_id) == photo
    assert pdf in {str(each) for each in event.document_ids}
    (shown,) = (await _corrections(filer, application_id))["items"]
    assert [each["pointer"] for each in shown["changes"]] == ["/photo_id", "/documents"]
    assert "1 file" in shown["changes"][1]["before"]["en"]
    unknown = [{"document_id": str(new_id()), "codes": ["CAREER"]}]
    refused = await _correct(filer, application_id, {"documents": unknown, "reason": "x"})
    assert "document-unknown" in codes(refused)
    none = await _correct(filer, application_id, {"photo_id": None, "documents": [], "reason": "x"})
    assert (none.status_code, {"required", "document-missing"} <= set(codes(none))) == (422, True)


@pytest.mark.parametrize("name", ["procedure", "status_of_residence", "combined_with", "legal_date"])
async def test_what_is_never_corrected_is_refused_with_the_way_out(filer: Filer, name: str) -> None:
    application_id = await filer.filed()
    answer = await _correct(filer, application_id, JOB | {name: "x"})
    assert (answer.status_code, answer.json()["code"], pointers(answer)) == (422, "not-correctable", [f"/{name}"])
    assert (await filer.get(f"/{application_id}"))["form"]["occupation"] != "経理"


async def test_another_person_is_refused_also_in_steps(filer: Filer) -> None:
    application_id = await filer.filed()
    changes = {"name_roman": "TRAN THI BINH", "birth_date": "1991-01-02", "nationality": "CHN"}
    whole = await _correct(filer, application_id, {"form": changes, "reason": "x"})
    assert (whole.status_code, whole.json()["code"]) == (422, "another-person")
    two = {name: changes[name] for name in ("name_roman", "birth_date")}
    assert (await _correct(filer, application_id, {"form": two, "reason": "x"})).status_code == 200
    third = await _correct(filer, application_id, {"form": {"nationality": "CHN"}, "reason": "x"})
    assert third.json()["code"] == "another-person"


async def test_an_address_of_another_office_is_no_correction(filer: Filer) -> None:
    application_id = await filer.filed()
    moved = await _correct(filer, application_id, {"form": {"jp_address": "大阪府大阪市北区１"}, "reason": "x"})
    assert (moved.status_code, moved.json()["code"]) == (422, "office-changes")
    assert "change of address" in moved.json()["detail"]
    same = await _correct(filer, application_id, {"form": {"jp_address": "東京都港区港南１－１"}, "reason": "x"})
    assert same.status_code == 200, same.text


async def test_all_problems_are_named_at_once_and_nothing_changes(filer: Filer) -> None:
    application_id = await filer.filed()
    before = await filer.get(f"/{application_id}")
    body = {"form": {"occupation": None, "home_address": None, "org": {"foreign": 9000}}, "reason": "x"}
    answer = await _correct(filer, application_id, body)
    assert (answer.status_code, answer.json()["code"]) == (422, "incomplete")
    assert {"/form/occupation", "/form/home_address", "/form/org/foreign"} <= set(pointers(answer))
    unreadable = await _correct(filer, application_id, {"form": {"birth_date": "?", "nonsense": 1}, "reason": "x"})
    assert (unreadable.json()["code"], len(pointers(unreadable))) == ("unreadable-form", 2)
    same = {"form": {"occupation": before["form"]["occupation"]}, "reason": "x"}
    assert (await _correct(filer, application_id, same)).json()["code"] == "nothing-changed"
    assert (await _correct(filer, application_id, JOB | {"reason": ""})).status_code == 422
    assert await filer.get(f"/{application_id}") == before
    assert await _events(filer, ApplicationCorrected) == []


async def test_a_correction_is_checked_by_the_rules_of_the_day_of_receipt(filer: Filer, clock: ManualClock) -> None:
    application_id = await filer.filed()
    # The stay has ended since: what was filed in time stays in time.
    clock.advance(timedelta(days=90))
    assert (await _correct(filer, application_id, JOB)).status_code == 200
    late = {"form": {"stay_expiry": "2026-11-10"}, "reason": "x"}
    assert "stay-expired" in codes(await _correct(filer, application_id, late))


async def test_the_end_of_the_special_period_follows_the_end_of_the_stay(filer: Filer) -> None:
    application_id = await filer.filed()
    before = await filer.get(f"/{application_id}")
    answer = await _correct(filer, application_id, {"form": {"stay_expiry": "2027-01-31"}, "reason": "x"})
    assert answer.status_code == 200, answer.text
    after = await filer.get(f"/{application_id}")
    assert after["special_period_end"] > before["special_period_end"]
    (event,) = await _events(filer, ApplicationCorrected)
    assert event.special_period_end.isoformat().startswith(after["special_period_end"][:16])


async def test_a_card_number_of_another_open_application_is_refused(filer: Filer) -> None:
    form = complete_form(filer.clock.now().date(), card="CD12345678EF")
    await filer.filed(form=form)
    application_id = await filer.filed()
    answer = await _correct(filer, application_id, {"form": {"residence_card_no": "CD12345678EF"}, "reason": "x"})
    assert "second-open-application" in codes(answer)


async def test_a_correction_needs_the_version_that_was_read(filer: Filer) -> None:
    application_id = await filer.filed()
    revision = (await filer.get(f"/{application_id}"))["revision"]
    path = f"/{application_id}/corrections"
    assert (await filer.post(path, JOB)).status_code == 428
    assert (await _correct(filer, application_id, JOB, revision - 1)).status_code == 412
    assert (await _correct(filer, application_id, JOB, revision)).status_code == 200
    other = {"form": {"occupation": "人事"}, "reason": "x"}
    assert (await _correct(filer, application_id, other, revision)).status_code == 412


async def test_the_same_press_ten_times_corrects_once(filer: Filer) -> None:
    application_id = await filer.filed()
    answers = await asyncio.gather(*(_correct(filer, application_id, JOB, key="one-key") for _ in range(10)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["correction_id"] for answer in answers}) == 1
    assert len(await _events(filer, ApplicationCorrected)) == 1


async def test_after_the_start_the_examiner_is_asked_and_nothing_changes(filer: Filer) -> None:
    application_id = await filer.filed()
    await filer.review(ReviewStarted, application_id)
    before = await filer.get(f"/{application_id}")
    assert (await _corrections(filer, application_id))["possible"] == "with_agreement"
    answer = await _correct(filer, application_id, JOB)
    assert (answer.status_code, answer.json()["state"]) == (200, "waiting")
    assert await filer.get(f"/{application_id}") == before
    (event,) = await _events(filer, CorrectionRequested)
    assert (str(event.correction_id), event.changed) == (answer.json()["correction_id"], ("occupation",))
    second = await _correct(filer, application_id, {"form": {"occupation": "人事"}, "reason": "x"})
    assert (second.status_code, second.json()["code"]) == (409, "correction-waiting")
    (shown,) = (await _corrections(filer, application_id))["items"]
    assert (shown["state"], shown["changes"][0]["after"]["ja"]) == ("waiting", "経理")
    assert await filer.service.journal_problems() == []


async def test_an_agreed_correction_is_made(filer: Filer, clock: ManualClock) -> None:
    application_id = await filer.filed()
    await filer.review(ReviewStarted, application_id)
    correction_id = (await _correct(filer, application_id, JOB)).json()["correction_id"]
    clock.advance(timedelta(days=1))
    for _ in range(2):
        await filer.review(CorrectionAgreed, application_id, correction_id=correction_id, agreed_at=clock.now())
    assert (await filer.get(f"/{application_id}"))["form"]["occupation"] == "経理"
    (event,) = await _events(filer, ApplicationCorrected)
    assert str(event.correction_id) == correction_id
    (shown,) = (await _corrections(filer, application_id))["items"]
    assert (shown["state"], shown["number"]) == ("corrected", 2)
    steps = [entry["step"] for entry in (await filer.get(f"/{application_id}/timeline"))["items"]]
    assert {"correction_requested", "correction_agreed", "corrected"} <= set(steps)
    other = {"form": {"occupation": "人事"}, "reason": "x"}
    assert (await _correct(filer, application_id, other)).json()["state"] == "waiting"
    assert await filer.service.journal_problems() == []


async def test_a_declined_correction_changes_nothing_and_the_next_one_may_be_asked(filer: Filer) -> None:
    application_id = await filer.filed()
    await filer.review(ReviewStarted, application_id)
    correction_id = (await _correct(filer, application_id, JOB)).json()["correction_id"]
    await filer.review(CorrectionDeclined, application_id, correction_id=correction_id)
    assert (await filer.get(f"/{application_id}"))["form"]["occupation"] != "経理"
    (shown,) = (await _corrections(filer, application_id))["items"]
    assert shown["state"] == "declined"
    assert (await _correct(filer, application_id, JOB)).status_code == 200
    assert await filer.service.journal_problems() == []


async def test_a_decision_that_crosses_a_correction_stands(filer: Filer) -> None:
    application_id = await filer.filed()
    await filer.review(ReviewStarted, application_id)
    correction_id = (await _correct(filer, application_id, JOB)).json()["correction_id"]
    await filer.review(ReviewCompleted, application_id)
    (shown,) = (await _corrections(filer, application_id))["items"]
    assert shown["state"] == "lapsed"
    await filer.review(CorrectionAgreed, application_id, correction_id=correction_id)
    assert (await filer.get(f"/{application_id}"))["form"]["occupation"] != "経理"
    late = await _correct(filer, application_id, JOB)
    assert (late.status_code, late.json()["code"]) == (409, "cannot-be-corrected")
    assert (await _corrections(filer, application_id))["possible"] == "not"
    assert await _events(filer, ApplicationCorrected) == []
    assert await filer.service.journal_problems() == []


async def test_a_draft_is_edited_and_not_corrected(filer: Filer) -> None:
    await filer.activate()
    draft = await filer.begin()
    answer = await _correct(filer, draft, JOB)
    assert (answer.status_code, answer.json()["code"]) == (409, "cannot-be-corrected")
    assert "edit the draft" in answer.json()["detail"]


async def test_a_correction_and_a_withdrawal_at_once_leave_one_truth(filer: Filer) -> None:
    application_id = await filer.filed()
    corrected, withdrawn = await asyncio.gather(
        _correct(filer, application_id, JOB), filer.post(f"/{application_id}/withdraw", {"reason": "x"})
    )
    assert withdrawn.status_code == 200
    assert corrected.status_code in (200, 409)
    async with filer.service.db.read() as session:
        row = await session.scalar(select(Application))
        assert (row.state, "経理" in row.form) == ("withdrawn", corrected.status_code == 200)


async def test_nobody_else_corrects_or_sees_it_and_officers_of_the_office_look(filer: Filer) -> None:
    application_id = await filer.filed()
    await _correct(filer, application_id, JOB)
    stranger = Filer(filer.service)
    assert (await _correct(stranger, application_id, JOB)).status_code == 404
    assert (await stranger.request("GET", f"/{application_id}/corrections")).status_code == 404
    desk = Filer(filer.service, officer(Role.EXAMINER))
    assert (await _corrections(desk, application_id))["items"][0]["reason"] == JOB["reason"]
    assert (await _correct(desk, application_id, JOB)).status_code == 403
    elsewhere = Filer(filer.service, officer(Role.EXAMINER, office="OSA"))
    assert (await elsewhere.request("GET", f"/{application_id}/corrections")).status_code == 404


async def test_a_corrected_name_is_found_in_the_list(filer: Filer) -> None:
    application_id = await filer.filed()
    answer = await _correct(filer, application_id, {"form": {"name_roman": "NGUYEN VAN BINH"}, "reason": "x"})
    assert answer.status_code == 200, answer.text
    for words, count in (("binh", 1), ("nguyen van an", 0)):
        assert len((await filer.get(f"?q={words}"))["items"]) == count, words
