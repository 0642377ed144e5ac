"""The receipt: office, fee of the day, usual duration; declarations word for word; one filing whatever is pressed."""

import asyncio
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from services.application.filing.domain.receipt import fees_of
from services.application.filing.schemas import Receipt
from shared.ids import new_id
from shared.journal.tables import journal
from shared.reference.declarations import DECLARATIONS
from shared.reference.fees import STAY_WORDS, Stay
from tests.services.application.people import DECLARED, Filer

TODAY = date(2026, 11, 20)
RULES = {"office", "fee", "standard_period", "in_charge"}


async def test_a_receipt_has_office_fee_and_usual_duration(filer: Filer) -> None:
    application_id = await filer.ready()
    receipt = (await filer.submit(application_id)).json()
    assert receipt["office"] == {
        "code": "TYO",
        "ja": "東京出入国在留管理局",
        "en": "Tokyo Regional Immigration Services Bureau",
    }
    assert receipt["standard_period"] == {"ja": "2週間～1か月", "en": "2 weeks to 1 month"}
    rows = {row["period"]["en"]: row["yen"] for row in receipt["fee"]}
    assert (rows["1 year"], rows["5 years or more"], len(rows)) == (27_000, 65_000, 7)
    assert {row["procedure"] for row in receipt["fee"]} == {"EXTEND"}
    assert await filer.get(f"/{application_id}/receipt") == receipt


@pytest.mark.parametrize(
    ("procedures", "day", "yen"),
    [
        (("COE",), TODAY, []),
        (("ACQUIRE",), TODAY, []),
        (("EXTEND",), date(2026, 9, 30), [5_500]),
        (("ACQUIRE", "REENTRY"), TODAY, [3_500, 6_500]),
        (("EXTEND", "EXTRA_ACT"), date(2026, 9, 30), [5_500]),
    ],
)
def test_the_fee_is_that_of_the_day_of_receipt_and_of_all_procedures(
    procedures: tuple[str, ...], day: date, yen: list[int]
) -> None:
    assert [row.yen for row in fees_of(procedures, day)] == yen


def test_every_group_of_periods_has_words() -> None:
    assert set(STAY_WORDS) == set(Stay) - {Stay.ANY}


def test_an_answer_that_was_kept_before_is_still_a_receipt() -> None:
    """A request that is repeated after an update gets the answer of its first time."""
    kept = {name: value for name, value in Receipt.model_json_schema()["properties"].items() if name not in RULES}
    assert not RULES & set(Receipt.model_json_schema()["required"])
    assert set(Receipt.model_json_schema()["required"]) == set(kept)


async def words_now(filer: Filer) -> Any:
    answer = await filer.service.client.get("/v1/declarations")
    assert answer.status_code == 200
    return answer.json()


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_the_declarations_are_kept_word_for_word(filer: Filer, language: str) -> None:
    """In the view, in the journal of the filing, with version and the language in which they were read."""
    shown = await words_now(filer)
    application_id = await filer.ready()
    assert (await filer.get(f"/{application_id}"))["declarations"] is None
    body = {"declarations": DECLARED["declarations"] | {"language": language, "version": shown["version"]}}
    assert (await filer.post(f"/{application_id}/submit", body)).status_code == 200
    kept = (await filer.get(f"/{application_id}"))["declarations"]
    texts = [{"code": item["code"], "text": item["text"][language]} for item in shown["items"]]
    assert kept == {"version": shown["version"], "language": language, "texts": texts}
    assert [text["code"] for text in texts] == [row.code for row in DECLARATIONS.rows]
    async with filer.service.db.read() as session:
        detail = await session.scalar(select(journal.c.detail).where(journal.c.action == "application:submit"))
    assert detail is not None
    assert detail["declarations"] == kept


async def test_another_wording_than_that_of_today_has_to_be_read_again(filer: Filer) -> None:
    application_id = await filer.ready()
    body = {"declarations": DECLARED["declarations"] | {"version": "2020-01-01"}}
    answer = await filer.post(f"/{application_id}/submit", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "declarations-changed")
    assert (await filer.get(f"/{application_id}"))["status"] == "draft"


def colleague(filer: Filer) -> Filer:
    """Somebody else of the same organisation, in the same role."""
    return Filer(filer.service, replace(filer.actor, id=new_id()))


async def test_two_tabs_and_two_colleagues_file_once(filer: Filer) -> None:
    """Every press has a key of its own, and all come at once; one is answered with the receipt, the others with its
    number."""
    other = colleague(filer)
    await other.activate()
    application_id = await filer.ready()
    presses = [who.submit(application_id) for who in (filer, other) for _ in range(5)]
    answers = await asyncio.gather(*presses)
    (filed,) = [answer for answer in answers if answer.status_code == 200]
    number = filed.json()["receipt_number"]
    for answer in answers:
        if answer is not filed:
            assert (answer.status_code, answer.json()["code"]) == (409, "already-filed")
            assert number in answer.text
    assert len([event for event in await filer.service.events() if type(event).__name__ == "ApplicationSubmitted"]) == 1
    assert (await other.get(f"/{application_id}/receipt"))["receipt_number"] == number


async def test_a_retry_after_a_lost_answer_gets_the_same_receipt(filer: Filer) -> None:
    application_id = await filer.ready()
    first = await filer.submit(application_id, "the-button-of-one-page")
    again = await filer.submit(application_id, "the-button-of-one-page")
    assert (first.status_code, again.json()) == (200, first.json())
    assert [item["id"] for item in (await filer.get())["items"]] == [application_id]
