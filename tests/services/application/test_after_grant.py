"""Next steps after the decision: fee, what to send and where, certificate, refusal."""

from datetime import date
from typing import Any

import pytest

from services.application.changes.commands.after_grant import after_grant_of
from services.application.forms.sections import section_form
from services.application.tables import Application, Progress
from shared.events.review import CardMaterialsReceived, FeePaid, ReviewCompleted
from shared.reference.after_grant import items_to_send, payment_ways
from tests.services.application.people import Filer


async def test_before_the_decision_there_is_nothing_to_do(filer: Filer) -> None:
    application_id = await filer.filed()
    answer = await filer.request("GET", f"/{application_id}/after-grant")
    assert (answer.status_code, answer.json()["code"]) == (409, "not-decided")


async def test_a_card_says_what_to_pay_and_what_to_send_where(filer: Filer) -> None:
    application_id = await filer.granted()
    found = await filer.get(f"/{application_id}/after-grant")
    assert (found["result"], found["fee_yen"], found["fee_paid"]) == ("card", 5500, False)
    assert [(way["code"], way["charge_yen"]) for way in found["ways"]] == [
        ("convenience_store", 550),
        ("bank", 550),
    ]
    assert [item["code"] for item in found["send"]] == ["RESIDENCE_CARD", "RETURN_ENV"]
    assert (found["send_to"]["postal_code"], found["send_to"]["verify"]) == ("135-0064", True)
    assert found["certificate_by"] is None
    await filer.review(FeePaid, application_id)
    await filer.review(CardMaterialsReceived, application_id)
    found = await filer.get(f"/{application_id}/after-grant")
    assert (found["fee_paid"], found["ways"], found["send"], found["send_to"]) == (True, [], [], None)


@pytest.mark.parametrize("outcome", ["refused", "not_accepted"])
async def test_a_refusal_names_the_office_that_explains_it(filer: Filer, outcome: str) -> None:
    application_id = await filer.filed()
    await filer.review(ReviewCompleted, application_id, outcome=outcome, fee_yen=0)
    found = await filer.get(f"/{application_id}/after-grant")
    assert (found["result"], found["fee_yen"], found["send"], found["ways"]) == (outcome, None, [], [])
    assert "東京出入国在留管理局" in found["office"]["name"]["ja"]


async def test_the_charge_follows_the_period_that_is_granted(filer: Filer) -> None:
    application_id = await filer.filed()
    await filer.review(ReviewCompleted, application_id, period_of_stay="Y1")
    found = await filer.get(f"/{application_id}/after-grant")
    assert [way["charge_yen"] for way in found["ways"]] == [330, 330]


async def test_only_the_owner_sees_it(filer: Filer) -> None:
    application_id = await filer.granted()
    assert (await Filer(filer.service).request("GET", f"/{application_id}/after-grant")).status_code == 404


def test_a_certificate_comes_as_the_form_asks() -> None:
    form = '{"receipt_method":"EMAIL"}'
    row: dict[str, Any] = {
        "procedure": "COE",
        "combined_with": [],
        "state": "decided",
        "office": "TYO",
        "receipt_number": "x",
    }
    application = Application(
        form_version=section_form("COE", "N").version, form=form, status_of_residence="ENG_HUM_INT", **row
    )
    progress = Progress(
        outcome="granted", fee_yen=0, fee_paid=False, materials_sent=False, materials_received=False, office=None
    )
    found = after_grant_of(application, progress, None, date(2026, 11, 29))
    assert (found.result, found.certificate_by, found.send, found.ways) == ("certificate", "EMAIL", [], [])


@pytest.mark.parametrize(
    ("procedure", "status", "fee", "codes"),
    [
        ("EXTEND", "ENG_HUM_INT", 5500, ["RESIDENCE_CARD", "RETURN_ENV"]),
        ("CHANGE", "SSW1", 5500, ["RESIDENCE_CARD", "RETURN_ENV", "DESIGNATION"]),
        ("ACQUIRE", "DEPENDENT", 0, ["RETURN_ENV"]),
    ],
)
def test_what_is_sent_follows_status_and_fee(procedure: str, status: str, fee: int, codes: list[str]) -> None:
    assert [item.code for item in items_to_send(procedure, status, fee, date(2026, 11, 29))] == codes


def test_revenue_stamps_end_with_september_2026() -> None:
    before, since = date(2026, 9, 30), date(2026, 10, 1)
    assert [way.code for way in payment_ways(before)] == ["revenue_stamp"]
    assert [way.code for way in payment_ways(since)] == ["convenience_store", "bank"]
    codes = [[item.code for item in items_to_send("EXTEND", "ENG_HUM_INT", 5500, day)] for day in (before, since)]
    assert codes == [["RESIDENCE_CARD", "PAYMENT_FORM", "RETURN_ENV"], ["RESIDENCE_CARD", "RETURN_ENV"]]
