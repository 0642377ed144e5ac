"""A certificate has a number and a last day by the rules. Recipients acknowledge it, and officers revoke it."""

from typing import Any

import pytest

from services.review.cases.domain.states import State
from services.review.cases.store import Case
from services.review.certificates import domain
from shared.events.application import CertificateReceived
from shared.events.review import CertificateIssued, CertificateRevoked
from tests.services.review.desk import Desk
from tests.support.keys import unsealed

COE = {"procedure": "COE", "stay_expiry": None, "receipt_method": "EMAIL"}
REVOKED = {"reason_code": "wrong_entry", "reason": "氏名のつづりが旅券と異なる"}


async def certificate(desk: Desk, case: Case) -> dict[str, Any]:
    """The certificate as the case shows it."""
    found: dict[str, Any] = (await desk.get(desk.card_office, f"/{case.id}")).json()["certificate"]
    return found


async def steps(desk: Desk, case: Case) -> list[str]:
    found: list[str] = (await desk.get(desk.card_office, f"/{case.id}")).json()["steps"]
    return found


async def test_a_certificate_of_eligibility_ends_three_months_after_its_day_of_issue(desk: Desk) -> None:
    case = await desk.at(State.CERTIFICATE_ISSUED, **COE)
    (issued,) = await desk.events(CertificateIssued)
    assert issued.certificate_number.startswith("TYO26-")
    assert (issued.photo_id, issued.status_of_residence, issued.period_of_stay) == (
        case.photo_id,
        "ENG_HUM_INT",
        "Y3",
    )
    assert issued.valid_until.isoformat() == "2026-10-15"
    assert (await certificate(desk, case))["number"] == issued.certificate_number
    assert await desk.service.journal_problems() == []


@pytest.mark.parametrize("procedure", ["WORKCERT", "EXTRA_ACT"])
async def test_other_papers_have_no_last_day(desk: Desk, procedure: str) -> None:
    assert domain.last_day(procedure, desk.clock.now().date()) is None


async def test_numbers_are_never_given_twice(desk: Desk) -> None:
    for _ in range(3):
        await desk.at(State.CERTIFICATE_ISSUED, **COE)
    numbers = [event.certificate_number for event in await desk.events(CertificateIssued)]
    assert len(set(numbers)) == 3


async def test_the_receipt_is_shown_on_the_case_and_in_its_timeline(desk: Desk) -> None:
    case = await desk.at(State.CERTIFICATE_ISSUED, **COE)
    (issued,) = await desk.events(CertificateIssued)
    received = CertificateReceived.example(
        application_id=case.application_id, certificate_number=issued.certificate_number
    )
    await desk.service.deliver(received)
    assert (await certificate(desk, case))["received_at"] is not None
    entries = (await desk.get(desk.card_office, f"/{case.id}/timeline")).json()["entries"]
    assert entries[-1]["action"] == "case:note_receipt"


async def test_a_certificate_is_revoked_once_with_its_reason_in_words_for_the_holder(desk: Desk) -> None:
    case = await desk.at(State.CERTIFICATE_ISSUED, **COE)
    assert await steps(desk, case) == ["revoke_certificate"]
    answer = await desk.done(desk.card_office, case.id, "certificate-revocation", REVOKED)
    assert answer["state"] == "CERTIFICATE_ISSUED"
    (revoked,) = await desk.events(CertificateRevoked)
    shown = await certificate(desk, case)
    assert (revoked.certificate_number, revoked.reason_code) == (shown["number"], "wrong_entry")
    assert unsealed(revoked.sealed_reason) == REVOKED["reason"] == shown["revocation_reason"]
    assert await steps(desk, case) == []
    again = await desk.post(desk.card_office, case.id, "certificate-revocation", REVOKED)
    assert (again.status_code, again.json()["code"]) == (409, "no-certificate-in-force")
    assert len(await desk.events(CertificateRevoked)) == 1
    assert await desk.service.journal_problems() == []


async def test_a_reason_is_one_of_the_list(desk: Desk) -> None:
    case = await desk.at(State.CERTIFICATE_ISSUED, **COE)
    odd = await desk.post(desk.card_office, case.id, "certificate-revocation", REVOKED | {"reason_code": "moon"})
    assert (odd.status_code, odd.json()["code"], odd.json()["errors"][0]["pointer"]) == (
        422,
        "unknown-reason",
        "/reason_code",
    )
    assert (await certificate(desk, case))["revoked_at"] is None
