"""Answers in another language than the official two: a form, names, and refusals."""

from typing import Any

import pytest

from shared import languages
from shared.languages import LANGUAGES
from tests.support.service import RunningService

FORM = "/v1/forms/extend-n-2026-02-27"
VIETNAMESE = {"Accept-Language": "vi-VN,vi;q=0.9,en;q=0.5"}


@pytest.fixture(autouse=True)
def _offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languages, "OFFERED", tuple(LANGUAGES))


def _item(form: Any, code: str) -> Any:
    return next(item for topic in form["topics"] for item in topic["items"] if item["code"] == code)


async def test_forms_names_and_refusals_are_in_the_callers_language(service: RunningService) -> None:
    """Labels and options stand beside the official ones; a refusal, also one with values, is said in Vietnamese."""
    answer = await service.client.get(FORM, headers=VIETNAMESE)
    assert "Accept-Language" in answer.headers["Vary"]
    form = answer.json()
    assert form["title"]["ja"] == "在留期間更新許可申請（区分N）"
    assert form["title"]["vi"] == "Đơn xin gia hạn thời hạn lưu trú (phần N)"
    nationality = _item(form, "nationality")
    assert nationality["label"] == {"ja": "国籍・地域", "en": "Nationality/Region", "vi": "Quốc tịch/vùng lãnh thổ"}
    country = next(each for each in nationality["options"] if each["code"] == "VNM")
    assert country["label"]["vi"] == "Việt Nam"

    in_english = (await service.client.get(FORM, headers={"Accept-Language": "en"})).json()
    assert set(_item(in_english, "nationality")["label"]) == {"ja", "en"}

    refused = await service.client.get(f"{FORM}?status=NO_SUCH", headers=VIETNAMESE)
    assert refused.status_code == 422
    assert refused.headers["Content-Language"] == "vi"
    (mistake,) = refused.json()["errors"]
    assert mistake["message"].startswith("Hãy chọn một trong các mục: ENG_HUM_INT")
