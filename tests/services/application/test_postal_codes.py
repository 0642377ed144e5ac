"""Addresses of postal codes, for anybody."""

import pytest

from shared.reference.offices import prefecture_of
from shared.reference.postal_codes import addresses_of
from tests.services.application.people import Filer


@pytest.mark.parametrize("typed", ["1000013", "100-0013", "〒100-0013", "１００ー００１３"])
async def test_a_code_has_its_address_however_it_is_written(filer: Filer, typed: str) -> None:
    answer = await filer.service.client.get(f"/v1/postal-codes/{typed}")
    assert answer.status_code == 200
    found = answer.json()
    (place,) = found["places"]
    assert (found["postal_code"], place["address"]) == ("1000013", "東京都千代田区霞が関")
    assert (place["prefecture_code"], place["city"], place["town"]) == ("JP-13", "千代田区", "霞が関")
    assert place["kana"].startswith("トウキョウト")


async def test_an_answer_is_kept_until_the_next_month(filer: Filer) -> None:
    first = await filer.service.client.get("/v1/postal-codes/1000013")
    assert first.headers["Cache-Control"].startswith("public")
    again = await filer.service.client.get("/v1/postal-codes/1000013", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("typed", "status", "code", "like"),
    [
        ("9999999", 404, "no-such-postal-code", "100-0013"),
        ("100001", 422, "invalid", "010-0001"),
        ("00001", 422, "invalid", "100-0013"),
        ("abc", 422, "invalid", "100-0013"),
        ("1" * 300, 422, "invalid", ""),
    ],
)
async def test_what_is_no_code_is_refused_with_an_example(
    filer: Filer, typed: str, status: int, code: str, like: str
) -> None:
    for language in ("ja", "en"):
        answer = await filer.service.client.get(f"/v1/postal-codes/{typed}", headers={"Accept-Language": language})
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert like in answer.text


def test_an_organisation_and_several_places_of_one_code() -> None:
    (ministry,) = addresses_of("1008926")
    assert (ministry.organisation, ministry.address) == ("総務省", "東京都千代田区霞が関2丁目1-2")
    assert {place.city for place in addresses_of("4980000")} == {"弥富市", "桑名郡木曽岬町"}


def test_the_prefecture_of_a_code_is_one_that_an_office_handles() -> None:
    for code in ("0600000", "2310001", "5300001", "8120011", "9000001", "4980000"):
        for place in addresses_of(code):
            assert prefecture_of(place.address) == place.prefecture
