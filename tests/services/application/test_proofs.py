"""Proofs of pending applications: the page, its code, and what anybody learns who holds it."""

from base64 import urlsafe_b64decode
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pypdfium2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from services.application.papers.codes import MAX_LENGTH, ProofKeys, Proven
from services.application.progress.domain import Progress, State
from services.application.proofs.domain.standing import is_pending
from services.application.proofs.paper import Paper, make_pdf
from shared.auth import Role
from shared.clock import ManualClock
from shared.errors import Text
from shared.events.review import CardDelivered, ReviewCompleted
from shared.ids import new_id
from shared.reference.offices import OFFICES
from shared.reference.procedures import PROCEDURES
from tests.services.application.people import Filer, complete_form
from tests.support.tokens import person

KEYS = ProofKeys.of("a secret of tests of proofs, of enough length")
PROVEN = Proven("東オンＥＮ26000001", date(2026, 11, 20), date(2027, 3, 19), date(2026, 11, 21))
NOT_GENUINE = {
    "genuine": False,
    **dict.fromkeys(
        (
            *("kind", "pending", "receipt_number", "procedure", "procedure_name", "received_on", "special_period_end"),
            *("issued_on", "certificate_number", "standing", "valid_until", "revoked_on"),
        )
    ),
}


async def printed(filer: Filer, application_id: str) -> tuple[bytes, str]:
    """The PDF, and the code on it."""
    answer = await filer.request("GET", f"/{application_id}/proof")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf"), answer.text
    return answer.content, next(word for word in text_of(answer.content).split() if word.count(".") == 5)


async def verified(filer: Filer, code: str) -> Any:
    """The answer about a code to anybody: without a token."""
    answer = await filer.service.client.get(f"/v1/proofs/{code}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def text_of(content: bytes) -> str:
    """The text of a PDF of one page, with the lines of the code joined."""
    document = pypdfium2.PdfDocument(content)
    try:
        assert len(document) == 1
        return joined(document[0].get_textpage().get_text_range())
    finally:
        document.close()


def joined(text: str) -> str:
    lines = text.replace("\r", "").split("\n")
    place = next((number for number, line in enumerate(lines) if line.count(".") == 5), None)
    if place is not None:
        lines[place : place + 2] = ["".join(lines[place : place + 2])]
    return "\n".join(lines)


async def test_the_page_says_what_was_filed_and_its_code_is_verified_by_anybody(filer: Filer) -> None:
    application_id = await filer.filed()
    receipt = await filer.get(f"/{application_id}/receipt")
    content, code = await printed(filer, application_id)
    page = text_of(content)
    for shown in (
        "受付証明",
        receipt["receipt_number"],
        "NGUYEN VAN AN",
        "1995",
        "在留期間更新許可申請",
        "第20条第6項",
    ):
        assert shown in page
    assert "Proof of pending application" in page
    assert "Article 20" in page
    found = await verified(filer, code)
    ends = datetime.fromisoformat(receipt["special_period_end"]).astimezone(UTC) + timedelta(hours=9)
    assert {name: value for name, value in found.items() if value is not None} == {
        "genuine": True,
        "kind": "proof",
        "pending": True,
        "receipt_number": receipt["receipt_number"],
        "procedure": "EXTEND",
        "procedure_name": {"ja": "在留期間更新許可申請", "en": "Extension of period of stay"},
        "received_on": "2026-11-20",
        "special_period_end": ends.date().isoformat(),
        "issued_on": "2026-11-20",
    }


async def test_nothing_of_the_person_is_in_the_answer_or_the_code(filer: Filer) -> None:
    application_id = await filer.filed()
    _, code = await printed(filer, application_id)
    answer = await filer.service.client.get(f"/v1/proofs/{code}")
    form = complete_form(date(2026, 11, 20))
    for secret in ("NGUYEN", form["birth_date"], form["residence_card_no"], application_id, "an.nguyen@example.com"):
        assert secret not in answer.text + code


async def test_the_same_minute_gives_the_same_bytes(filer: Filer) -> None:
    application_id = await filer.filed()
    first, again = [(await printed(filer, application_id))[0] for _ in range(2)]
    assert first == again


async def test_a_proof_is_pending_until_the_card_is_delivered_and_then_not_issued_any_more(filer: Filer) -> None:
    """A permission takes effect with the card: until then the old one is with the office, and the proof is needed."""
    application_id = await filer.granted()
    _, code = await printed(filer, application_id)
    assert (await verified(filer, code))["pending"] is True
    await filer.review(CardDelivered, application_id)
    assert (await verified(filer, code))["pending"] is False
    answer = await filer.request("GET", f"/{application_id}/proof")
    assert (answer.status_code, answer.json()["code"]) == (409, "not-pending")


@pytest.mark.parametrize("end", ["withdrawn", "refused"])
async def test_a_proof_shows_that_an_application_is_over(filer: Filer, end: str) -> None:
    application_id = await filer.filed()
    _, code = await printed(filer, application_id)
    if end == "withdrawn":
        assert (await filer.post(f"/{application_id}/withdraw", {"reason": "退職のため"})).status_code == 200
    else:
        await filer.review(ReviewCompleted, application_id, outcome="refused", fee_yen=0)
    found = await verified(filer, code)
    assert (found["genuine"], found["pending"]) == (True, False)
    assert (await filer.request("GET", f"/{application_id}/proof")).status_code == 409


async def test_a_draft_has_neither_proof_nor_receipt_and_a_stranger_gets_none(filer: Filer) -> None:
    draft = await filer.ready()
    for path in (f"/{draft}/proof", f"/{draft}/receipt"):
        answer = await filer.request("GET", path)
        assert (answer.status_code, answer.json()["code"]) == (409, "not-filed")
    assert (await filer.submit(draft)).status_code == 200
    stranger = Filer(filer.service, person(Role.ORG_STAFF, organisation=True))
    for path in (f"/{draft}/proof", f"/{draft}/receipt", f"/{new_id()}/proof"):
        assert (await stranger.request("GET", path)).status_code == 404


def _spoilt(code: str) -> Iterator[str]:
    head, _, signature = code.rpartition(".")
    yield head
    yield f"{head}."
    yield code[:-1]
    yield f"{code}A"
    yield f"{head}.{'A' * 86}"
    yield f"{head}.{signature[::-1]}"
    yield code.replace("26000001", "26000002")
    yield code.replace("EN", "CN")
    yield f"0000{code[4:]}"
    yield code.upper()
    yield "x" * 5000
    yield "東オンＥＮ26000001"
    yield ProofKeys.of("another installation's secret, of enough length").issue(PROVEN)
    yield f"{code}%00"


async def test_a_code_that_nobody_signed_is_not_genuine_and_says_nothing(filer: Filer) -> None:
    """Forged, cut off, too long, of another installation: one answer for all, so that nothing can be counted."""
    application_id = await filer.filed()
    _, code = await printed(filer, application_id)
    for spoilt in _spoilt(code):
        assert await verified(filer, spoilt) == NOT_GENUINE, spoilt[:60]


async def test_a_signed_code_of_an_application_that_is_not_there_is_not_genuine(filer: Filer) -> None:
    _, code = await printed(filer, await filer.filed())
    answer = (await filer.service.client.get("/v1/proofs")).json()
    assert code[:4] in {key["id"] for key in answer["keys"]}
    number = code.split(".")[1]
    assert await verified(filer, code.replace(number, "TYOEN26999999")) == NOT_GENUINE


async def test_a_code_is_verified_without_the_system_by_the_published_key(filer: Filer) -> None:
    _, code = await printed(filer, await filer.filed())
    published = (await filer.service.client.get("/v1/proofs")).json()
    (key,) = (one["public_key"] for one in published["keys"] if one["id"] == code[:4])
    said, _, signature = code.rpartition(".")
    raw = Ed25519PublicKey.from_public_bytes(urlsafe_b64decode(key + "="))
    raw.verify(urlsafe_b64decode(signature + "=="), (published["purpose"] + said).encode())


@given(
    office=st.sampled_from([row.prefix for row in OFFICES.rows]),
    letters=st.sampled_from(["ＥＮ", "Ｃ", "ＮＶ", "ＥＸＹ"]),
    serial=st.integers(1, 999_999),
    received=st.dates(date(2020, 1, 1), date(2090, 12, 31)),
    end=st.none() | st.dates(date(2020, 1, 1), date(2090, 12, 31)),
)
def test_a_code_says_what_was_signed(office: str, letters: str, serial: int, received: date, end: date | None) -> None:
    proven = Proven(f"{office}オン{letters}{received:%y}{serial:06}", received, end, received)
    code = KEYS.issue(proven)
    assert KEYS.read(code) == proven
    assert KEYS.issue(proven) == code
    assert len(code) <= MAX_LENGTH


@given(st.text(max_size=200))
def test_no_text_is_genuine_by_chance(code: str) -> None:
    assert KEYS.read(code) is None


@given(place=st.integers(0, 125), other=st.characters(codec="ascii"))
def test_one_changed_character_is_found(place: int, other: str) -> None:
    code = KEYS.issue(PROVEN)
    changed = code[:place] + other + code[place + 1 :]
    assert (KEYS.read(changed) is None) == (changed != code)


def test_a_new_key_signs_and_the_earlier_one_still_verifies() -> None:
    old, new = "the secret of last year which is long", "the secret of this year which is long"
    before, after = ProofKeys.of(old), ProofKeys.of(f"{new}, {old}")
    assert after.read(before.issue(PROVEN)) == PROVEN
    assert before.read(after.issue(PROVEN)) is None
    assert list(after.published())[1:] == list(before.published())


@pytest.mark.parametrize("procedure", [row.code for row in PROCEDURES.rows])
def test_what_is_over_is_not_pending(procedure: str) -> None:
    by_card = procedure in ("EXTEND", "CHANGE", "ACQUIRE")
    assert is_pending(procedure, State.RECEIVED, Progress.UNDER_REVIEW)
    for progress in (Progress.DECIDED_GRANT, Progress.AWAITING_FEE, Progress.CARD_PRODUCTION, Progress.DISPATCHED):
        assert is_pending(procedure, State.DECIDED, progress) is by_card
    for state, progress in (
        (State.DECIDED, Progress.DELIVERED),
        (State.DECIDED, Progress.DECIDED_REFUSE),
        (State.DECIDED, Progress.NOT_ACCEPTED),
        (State.DECIDED, Progress.CERTIFICATE_ISSUED),
        (State.WITHDRAWN, Progress.WITHDRAWN),
        (State.TERMINATED, Progress.TERMINATED),
    ):
        assert not is_pending(procedure, state, progress)


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (date(2027, 3, 19), "may remain in Japan"),
        (date(2026, 11, 20), "ended on the day above"),
        (None, "no special period"),
    ],
)
def test_the_page_says_what_it_means_and_keeps_to_one_page_with_the_longest_words(end: date | None, said: str) -> None:
    longest = [max((row.name for row in table.rows), key=lambda name: len(name.en)) for table in (PROCEDURES, OFFICES)]
    paper = Paper(
        receipt_number="東オンＥＮ26000001",
        applicant=" ".join(["WOLFESCHLEGELSTEINHAUSEN"] * 4),
        birth_year="1995",
        procedures=(longest[0],) * 3,
        status_of_residence=Text("高度専門職１号（ロ）", "Highly Skilled Professional (i)(b)"),
        office=longest[1],
        received_on=date(2026, 11, 20),
        stay_expiry=date(2027, 1, 19),
        special_period_end=end,
        issued_at=datetime(2026, 11, 21, 3, 0, tzinfo=UTC),
        address=f"https://residence-applications.example.jp/verify/{KEYS.issue(PROVEN)}",
        code=KEYS.issue(PROVEN),
    )
    page = text_of(make_pdf(paper))
    assert said in page.replace("\n", " ")
    assert KEYS.issue(PROVEN) in page


async def test_the_day_of_issue_is_that_of_japan(filer: Filer, clock: ManualClock) -> None:
    application_id = await filer.filed()
    clock.advance(timedelta(days=1, hours=12, minutes=30))
    _, code = await printed(filer, application_id)
    assert (await verified(filer, code))["issued_on"] == "2026-11-22"
