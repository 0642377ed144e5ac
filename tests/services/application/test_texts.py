"""Texts and days over HTTP: what a client sends ends in a kept value or a 422 with its place, and never in a 500."""

import json
from typing import Any

import httpx
import pytest

from shared.clock import legal_date
from shared.ids import new_id
from tests.services.application.people import Filer, codes, complete_form, pointers
from tests.support.tokens import bearer


async def test_half_a_character_is_refused_with_its_pointer(filer: Filer) -> None:
    """[faults 4] In a text of the form, in the name of a field, and in every other text of the service."""
    for form, pointer in (
        ({"occupation": "eng\ud800ineer"}, "/form/occupation"),
        ({"family": [{"name": "\udfff"}]}, "/form/family/0/name"),
        ({"\ud800": "x"}, "/form"),
        ({"org": {"\udc00name": "x"}}, "/form/org"),
    ):
        answer = await _post(filer, "", filer.draft(form=form))
        assert (answer.status_code, pointers(answer)) == (422, [pointer]), answer.text
    answer = await _post(filer, "", {**filer.draft(form={}), "\ud800": 1})
    assert answer.status_code == 422
    application_id = await filer.filed()
    for path, body in (("withdraw", {"reason": "a\ud800"}), ("card-materials", {"tracking_number": "\ud800"})):
        answer = await _post(filer, f"/{application_id}/{path}", body)
        assert answer.status_code == 422
        assert "bad-text" in codes(answer)


async def test_a_day_that_cannot_be_true_is_refused_and_files_nothing(filer: Filer) -> None:
    """[faults 5, faults 19, faults 20] Whatever period is counted back from it."""
    for field in ("stay_expiry", "birth_date", "passport_expiry"):
        for typed in (
            "0003-06-01",
            "0001-01-01",
            "0005-12-31",
            "1800-01-01",
            "2538-04-12",
            "9999-12-31",
            34801,
            10**18,
        ):
            form = {field: typed, "current_period": "Y3"}
            answer = await filer.post("", filer.draft(form=form))
            assert (answer.status_code, pointers(answer)) == (422, [f"/form/{field}"]), answer.text
            assert set(codes(answer)) <= {"cannot-be-true", "serial-number", "not-a-day"}
    assert (await filer.get())["items"] == []


async def test_a_name_with_marks_is_transliterated_and_the_check_tells_to_compare(filer: Filer) -> None:
    """[faults 15] The hint stays while the name stays, and is no problem: the draft can be filed."""
    application_id = await filer.ready(form=complete_form(legal_date(filer.clock.now()), name_roman="Müller Åse"))
    check = await filer.get(f"/{application_id}/check")
    assert (check["complete"], check["problems"]) == (True, [])
    (hint,) = check["hints"]
    assert (hint["pointer"], hint["code"]) == ("/form/name_roman", "compare")
    assert "MUELLER AASE" in hint["message"]["en"]
    kept = await filer.get(f"/{application_id}")
    assert kept["form"]["name_roman"] == "MUELLER AASE"
    body: dict[str, Any] = {"form": kept["form"] | {"occupation": "技術者"}}
    saved = await filer.put(f"/{application_id}/form", body, kept["revision"])
    assert saved.status_code == 200
    assert (await filer.get(f"/{application_id}/check"))["hints"] == [hint]
    body["form"]["name_roman"] = "MULLER ASE"
    saved = await filer.put(f"/{application_id}/form", body, kept["revision"] + 1)
    assert saved.status_code == 200
    assert (await filer.get(f"/{application_id}/check"))["hints"] == []


@pytest.mark.parametrize("email", ["グエン@example.jp", "hanako..s.@docomo.ne.jp", "a@example.jp\r\nBcc: b@example.jp"])
async def test_an_address_that_no_mail_reaches_is_refused(filer: Filer, email: str) -> None:
    """[faults 8, faults 26] As usage registration refuses it."""
    answer = await filer.post("", filer.draft(form={}, notify={"email": email, "language": "en"}))
    assert (answer.status_code, pointers(answer), codes(answer)) == (422, ["/notify/email"], ["email"])


async def test_line_ends_of_windows_are_kept_as_one_character(filer: Filer) -> None:
    """[faults 2, faults 12] And what turns the direction of writing is not kept."""
    form = {"job": {"detail": "設計\r\n開発"}, "free": "a\rb", "tel": "03-1234-5678\r\n", "occupation": "a\u202eb"}
    application_id = await filer.begin(form=form)
    kept = (await filer.get(f"/{application_id}"))["form"]
    assert kept == {"job": {"detail": "設計\n開発"}, "free": "a\nb", "tel": "0312345678", "occupation": "ab"}


async def _post(filer: Filer, path: str, body: Any) -> httpx.Response:
    """With half characters as JSON's escapes, as a program sends them."""
    headers = bearer(filer.actor, filer.clock) | {"Content-Type": "application/json", "Idempotency-Key": str(new_id())}
    url = f"/v1/applications{path}"
    return await filer.service.client.post(url, content=json.dumps(body), headers=headers | {"Accept-Language": "en"})
