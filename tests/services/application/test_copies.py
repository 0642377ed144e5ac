"""A draft from an earlier application: all that can still be true, and a list of what not."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.application.filing.domain.answers import flat
from services.application.filing.domain.copying import Earlier, LeftOut, Why, copied
from services.application.forms.extend.n import EXTEND_N
from shared.auth import Role
from shared.clock import ManualClock
from shared.events.document import DocumentDeleted
from shared.events.registration import AccountSuspended
from tests.services.application.people import Filer
from tests.support.tokens import person

TODAY = date(2026, 11, 20)
EXAMPLE = flat(EXTEND_N.example)


def earlier(**changes: Any) -> Earlier:
    facts: dict[str, Any] = {
        "version": EXTEND_N,
        "answers": EXAMPLE | {"stay_expiry": "2026-12-31", "passport_expiry": "2031-03-31"},
        "is_granted": False,
        "has_photo": True,
        "photo_from": TODAY,
        "has_documents": False,
    }
    return Earlier(**(facts | changes))


def left_out(application: Earlier, today: date = TODAY) -> dict[str, Why]:
    copy = copied(application, EXTEND_N, "ENG_HUM_INT", today)
    return {each.pointer: each.why for each in copy.left_out}


def test_what_is_asked_each_time_is_left_out_and_the_rest_is_there() -> None:
    copy = copied(earlier(), EXTEND_N, "ENG_HUM_INT", TODAY)
    gone = {each.pointer for each in copy.left_out}
    assert {each.why for each in copy.left_out} == {Why.ASKED_EACH_TIME}
    assert {"/form/requested_period", "/form/extension_reason", "/form/criminal/has", "/form/job/changed"} <= gone
    for code in ("name_roman", "residence_card_no", "stay_expiry", "org.name", "job.detail", "passport_no"):
        assert copy.answers[code] == earlier().answers[code]
    assert copy.with_photo
    assert len(copy.answers) + len(gone) == len(earlier().answers)


def test_card_and_stay_go_when_the_stay_has_ended_or_was_granted_again() -> None:
    gone = {"/form/stay_expiry", "/form/current_period", "/form/residence_card_no"}
    assert gone.isdisjoint(left_out(earlier(), date(2026, 12, 31)))
    for found in (left_out(earlier(), date(2027, 1, 1)), left_out(earlier(is_granted=True))):
        assert {pointer for pointer, why in found.items() if why is Why.NO_LONGER_VALID} == gone


def test_a_passport_that_has_expired_is_left_out() -> None:
    gone = {"/form/passport_no", "/form/passport_expiry"}
    assert gone.isdisjoint(left_out(earlier(), date(2031, 3, 31)))
    assert gone <= left_out(earlier(), date(2031, 4, 1)).keys()


@pytest.mark.parametrize(("uploaded", "kept"), [(date(2026, 5, 20), True), (date(2026, 5, 19), False), (None, False)])
def test_a_photo_is_good_for_six_months(uploaded: date | None, kept: bool) -> None:
    copy = copied(earlier(photo_from=uploaded), EXTEND_N, "ENG_HUM_INT", TODAY)
    assert copy.with_photo is kept
    assert (LeftOut("/photo_id", Why.PHOTO_TOO_OLD) in copy.left_out) is not kept


def test_documents_are_those_of_today() -> None:
    assert left_out(earlier(has_documents=True))["/documents"] is Why.OF_THEN


async def copy_of(filer: Filer, application_id: str, key: str | None = None, **body: Any) -> Any:
    answer = await filer.post(f"/{application_id}/copies", body, key)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_filed_application_is_copied_into_a_draft_that_says_what_it_lacks(filer: Filer) -> None:
    application_id = await filer.filed()
    first, again = [await copy_of(filer, application_id, "key-1") for _ in range(2)]
    assert first == again, "the same press twice makes one copy"
    view, source = await filer.get(f"/{first['id']}"), await filer.get(f"/{application_id}")
    assert (view["status"], view["revision"], view["documents"]) == ("draft", 1, [])
    assert view["form"]["name_roman"] == source["form"]["name_roman"]
    assert view["form"]["residence_card_no"] == source["form"]["residence_card_no"]
    assert "requested_period" not in view["form"]
    assert (view["photo_id"], view["notify"]) == (source["photo_id"], source["notify"])
    codes = {each["pointer"]: each["code"] for each in first["left_out"]}
    assert codes["/form/requested_period"] == "asked-each-time"
    assert codes["/documents"] == "documents-of-then"
    label = next(each["label"] for each in first["left_out"] if each["pointer"] == "/form/requested_period")
    assert label == {"ja": "希望する在留期間", "en": "Desired period of stay"}
    assert await filer.service.journal_problems() == []


async def test_half_a_year_later_photo_card_and_stay_are_asked_again(filer: Filer, clock: ManualClock) -> None:
    application_id = await filer.filed()
    clock.advance(timedelta(days=200))
    copy = await copy_of(filer, application_id)
    codes = {each["pointer"]: each["code"] for each in copy["left_out"]}
    assert codes["/photo_id"] == "photo-too-old"
    assert codes["/form/residence_card_no"] == codes["/form/stay_expiry"] == "no-longer-valid"
    view = await filer.get(f"/{copy['id']}")
    assert (view["photo_id"], "residence_card_no" in view["form"]) == (None, False)


async def test_a_photo_that_was_deleted_is_not_copied(filer: Filer) -> None:
    application_id = await filer.filed()
    photo = (await filer.get(f"/{application_id}"))["photo_id"]
    about = {"owner_id": filer.owner_id, "kind": "photo", "application_id": None}
    await filer.service.deliver(DocumentDeleted.example(**about, document_id=photo))
    assert (await filer.get(f"/{(await copy_of(filer, application_id))['id']}"))["photo_id"] is None


async def test_only_ones_own_application_is_copied_by_somebody_who_may_file(filer: Filer) -> None:
    application_id = await filer.filed()
    stranger = Filer(filer.service)
    assert (await stranger.post(f"/{application_id}/copies", {})).status_code == 404
    assert (await Filer(filer.service, person(Role.EXAMINER)).post(f"/{application_id}/copies", {})).status_code == 403
    assert (await filer.request("POST", f"/{application_id}/copies", {})).status_code == 428
    offered = await filer.post(f"/{application_id}/copies", {"procedure": "NONSENSE"})
    assert (offered.status_code, offered.json()["code"]) == (422, "not-offered")
    assert (await filer.post(f"/{application_id}/copies", {"form": {}})).status_code == 422
    await filer.service.deliver(AccountSuspended.example(account_id=filer.actor.id))
    assert (await filer.post(f"/{application_id}/copies", {})).status_code == 403
    assert len((await filer.get())["items"]) == 1
