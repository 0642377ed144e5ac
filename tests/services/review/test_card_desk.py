"""The card office at work on many cases: scans, batches and their files, letters that come back, counter visits."""

import asyncio
import base64
import csv
import io
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from services.review.cases.domain.states import State
from services.review.cases.store import Case
from shared.auth import Actor, Role
from shared.clock import ManualClock
from shared.events.review import CardIssued, CardMailed, CardReturned
from shared.ids import new_id
from shared.reference.receipt_numbers import parse_receipt_number
from tests.infra.databases import TestDatabase
from tests.services.review.conftest import NOON
from tests.services.review.desk import Desk
from tests.support import tokens
from tests.support.service import running

_NUMBERS = iter(range(10**6))


def file_of(*rows: tuple[Any, ...], encoding: str = "utf-8-sig") -> dict[str, str]:
    """A CSV as the body of a request."""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return {"file": base64.b64encode(out.getvalue().encode(encoding)).decode()}


def card_number() -> str:
    """Another card number."""
    return f"AB{next(_NUMBERS):08d}CD"


class CardDesk(Desk):
    """A desk with the routes of the card office for many cases."""

    async def ask(self, method: str, path: str, body: Any = None, by: Actor | None = None) -> httpx.Response:
        headers = tokens.bearer(by or self.card_office, self.clock)
        headers |= {"Idempotency-Key": str(new_id()), "Accept-Language": "en"}
        return await self.service.client.request(method, path, json=body, headers=headers)

    async def desk(self, method: str, path: str, body: Any = None, by: Actor | None = None) -> Any:
        answer = await self.ask(method, f"/v1/card-desk{path}", body, by)
        assert answer.status_code < 300, answer.text
        return answer.json()

    async def cases(self, count: int, state: State) -> list[Case]:
        found = [await self.at(state) for _ in range(count)]
        self.clock.advance(timedelta(minutes=1))
        return found

    def owner(self, case: Case) -> Actor:
        assert case.role is not None
        return Actor(kind="person", id=case.owner_id, roles=frozenset({Role(case.role)}), session_id=new_id())


@pytest.fixture
async def desk(service_database: Callable[[str], TestDatabase]) -> AsyncIterator[CardDesk]:
    async with running("review", service_database("review"), clock=(clock := ManualClock(NOON))) as service:
        yield CardDesk(service, clock)
        assert await service.journal_problems() == []


def codes(outcomes: dict[str, Any]) -> list[str]:
    """The outcome of each line."""
    return [line["code"] for line in outcomes["lines"]]


async def test_each_scanned_number_is_answered_for_itself(desk: CardDesk) -> None:
    first, second = await desk.cases(2, State.AWAITING_FEE)
    code = parse_receipt_number(first.receipt_number).ascii
    found = await desk.desk(
        "POST",
        "/scans",
        {"numbers": [code, second.receipt_number, code.lower(), "TYOEN99999999", "?"], "residence_card_received": True},
    )
    assert codes(found) == ["done", "done", "twice", "unknown-number", "unknown-number"]
    assert (found["done"], found["refused"]) == (2, 3)
    assert (await desk.case(first.id)).materials_received
    again = await desk.desk("POST", "/scans", {"numbers": [code]})
    assert codes(again) == ["already"]


async def test_a_case_of_another_office_is_not_scanned(desk: CardDesk) -> None:
    (case,) = await desk.cases(1, State.AWAITING_FEE)
    elsewhere = tokens.officer(Role.CARD_OFFICE, office="OSA")
    found = await desk.desk("POST", "/scans", {"numbers": [case.receipt_number]}, elsewhere)
    assert codes(found) == ["unknown-number"]
    assert not (await desk.case(case.id)).materials_received


async def test_a_card_that_is_received_at_the_counter_is_not_mailed(desk: CardDesk) -> None:
    collected = await desk.at(State.CARD_ISSUED, receipt_method="COUNTER")
    mailed = await desk.at(State.CARD_ISSUED, receipt_method="POST")
    assert (await desk.desk("GET", ""))["to_mail"] == 1
    batch = await desk.desk("POST", "/batches", {"kind": "mail"})
    shown = await desk.desk("GET", f"/batches/{batch['id']}")
    assert [line["case_id"] for line in shown["lines"]] == [str(mailed.id)]
    await desk.done(desk.card_office, collected.id, "counter-visit", {"reason_code": "asked_for"})


async def test_cards_are_printed_in_a_batch_and_bad_lines_are_listed(desk: CardDesk) -> None:
    cases = await desk.cases(4, State.CARD_PRODUCTION)
    batch = await desk.desk("POST", "/batches", {"kind": "print"})
    assert (batch["cases"], batch["waiting"]) == (4, 4)
    answer = await desk.ask("GET", f"/v1/card-desk/batches/{batch['id']}/file")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["receipt_number"] for row in rows] == [case.receipt_number for case in cases]
    assert {row["stay_until"] for row in rows} == {"2029-08-31"}
    numbers = [card_number() for _ in cases]
    path = f"/batches/{batch['id']}/returned-file"
    returned = file_of(
        ("カード番号", "code"),
        (numbers[0], rows[0]["code"]),
        ("AB1", rows[1]["code"]),
        (numbers[0], rows[2]["code"]),
        ("=HYPERLINK(1)", rows[3]["code"]),
        (numbers[1], rows[0]["code"]),
        (numbers[1], "TYOEN99999999"),
        encoding="cp932",
    )
    found = await desk.desk("POST", path, returned)
    assert codes(found) == ["done", "card-number", "card-number-taken", "card-number", "twice", "not-in-batch"]
    assert [line["line"] for line in found["lines"]] == [2, 3, 4, 5, 6, 7]
    assert len(await desk.events(CardIssued)) == 1
    again = await desk.desk("POST", path, file_of(("receipt_number", "card_number"), (rows[0]["code"], numbers[0])))
    assert codes(again) == ["already"]
    other = await desk.desk("POST", path, file_of(("receipt_number", "card_number"), (rows[0]["code"], card_number())))
    assert codes(other) == ["wrong-state"]
    shown = await desk.desk("GET", f"/batches/{batch['id']}")
    assert [line["waits"] for line in shown["lines"]] == [False, True, True, True]
    rest = [(row["code"], card_number()) for row in rows[1:]]
    assert codes(await desk.desk("POST", path, file_of(("code", "card_number"), *rest))) == ["done"] * 3


async def test_the_same_batch_and_the_same_file_ten_times_at_once(desk: CardDesk) -> None:
    cases = await desk.cases(3, State.CARD_PRODUCTION)
    answers = await asyncio.gather(*(desk.ask("POST", "/v1/card-desk/batches", {"kind": "print"}) for _ in range(10)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 9}
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"nothing-to-print"}
    (batch,) = [answer.json() for answer in answers if answer.status_code == 201]
    rows = [(case.receipt_number, card_number()) for case in cases]
    body = file_of(("receipt_number", "card_number"), *rows)
    path = f"/batches/{batch['id']}/returned-file"
    found = await asyncio.gather(*(desk.desk("POST", path, body) for _ in range(10)))
    assert Counter(one["done"] for one in found) == {3: 1, 0: 9}
    assert {one["already"] for one in found if not one["done"]} == {3}
    assert len(await desk.events(CardIssued)) == 3


async def test_a_batch_that_is_closed_leaves_its_cases_to_another(desk: CardDesk) -> None:
    await desk.cases(2, State.CARD_PRODUCTION)
    batch = await desk.desk("POST", "/batches", {"kind": "print", "most": 1})
    assert (await desk.desk("GET", ""))["to_print"] == 1
    closed = await desk.desk("POST", f"/batches/{batch['id']}/closing")
    assert closed["waiting"] == 0
    assert (await desk.desk("GET", ""))["to_print"] == 2


async def test_a_card_that_was_recorded_by_hand_is_out_of_its_batch(desk: CardDesk) -> None:
    (case,) = await desk.cases(1, State.CARD_PRODUCTION)
    await desk.desk("POST", "/batches", {"kind": "print"})
    await desk.done(desk.card_office, case.id, "card", {"card_number": card_number(), "expires_on": "2029-08-31"})
    desk.clock.advance(timedelta(minutes=1))
    assert (await desk.desk("POST", "/batches", {"kind": "mail"}))["cases"] == 1


async def test_letters_are_mailed_reported_returned_and_mailed_again(desk: CardDesk) -> None:
    cases = await desk.cases(3, State.CARD_ISSUED)
    batch = await desk.desk("POST", "/batches", {"kind": "mail"})
    tracking = [f"12345678901{at}" for at in range(3)]
    rows = [(case.receipt_number, "レターパックプラス", number) for case, number in zip(cases, tracking, strict=True)]
    path = f"/batches/{batch['id']}/returned-file"
    mailed = await desk.desk("POST", path, file_of(("受付番号", "配送方法", "お問い合わせ番号"), *rows))
    assert codes(mailed) == ["done"] * 3
    results = ("配達完了", "returned", "lost")
    report = file_of(
        ("お問い合わせ番号", "result"),
        *zip(tracking, results, strict=True),
        ("999999999999", "lost"),
        (tracking[0], "eaten"),
        encoding="utf-16",
    )
    found = await desk.desk("POST", "/carrier-reports", report)
    assert codes(found) == ["done", "done", "done", "unknown-number", "unknown-result"]
    assert [await desk.state(case.id) for case in cases] == [State.DELIVERED, State.RETURNED, State.CARD_PRODUCTION]
    assert codes(await desk.desk("POST", "/carrier-reports", report))[:3] == ["already"] * 3
    assert [event.kind for event in await desk.events(CardReturned)] == ["returned", "lost"]
    desk.clock.advance(timedelta(days=1))
    again = await desk.desk("POST", "/batches", {"kind": "mail"})
    assert again["cases"] == 1, "the letter that came back"
    back = (cases[1].receipt_number, "registered_mail", "555555555555")
    second = await desk.desk(
        "POST",
        f"/batches/{again['id']}/returned-file",
        file_of(("receipt_number", "carrier", "tracking_number"), back),
    )
    assert codes(second) == ["done"]
    assert len(await desk.events(CardMailed)) == 4


async def test_a_lost_card_is_made_again_with_another_number(desk: CardDesk) -> None:
    (case,) = await desk.cases(1, State.DISPATCHED)
    await desk.done(desk.card_office, case.id, "card-return", {"kind": "lost"})
    old = f"AB{case.id.int % 10**8:08d}CD"
    taken = await desk.post(desk.card_office, case.id, "card", {"card_number": old, "expires_on": "2029-08-31"})
    assert (taken.status_code, taken.json()["code"]) == (422, "card-number-taken")
    await desk.done(desk.card_office, case.id, "card", {"card_number": card_number(), "expires_on": "2029-08-31"})
    await desk.done(desk.card_office, case.id, "mailing", {"carrier": "registered_mail", "tracking_number": "1" * 12})
    await desk.done(desk.card_office, case.id, "delivery")


async def test_a_returned_letter_can_be_collected_at_the_counter(desk: CardDesk) -> None:
    (case,) = await desk.cases(1, State.DISPATCHED)
    await desk.done(desk.card_office, case.id, "card-return", {"kind": "returned"})
    await desk.done(desk.card_office, case.id, "counter-visit", {"reason_code": "returned_mail"})


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "columns-missing"),
        (b"receipt_number,card_number\r\n", "no-rows"),
        (b"receipt_number\r\nTYOEN26000001\r\n", "columns-missing"),
        (b"\x81\xff\x00\x01", "encoding"),
        (b"\xff\xfe\x00", "encoding"),
        (b"receipt_number,card_number\r\n" + b"TYOEN26000001,AB00000000CD\r\n" * 1001, "too-many-rows"),
    ],
    ids=["empty", "no rows", "no column", "no text", "half a character", "too many"],
)
async def test_a_file_that_cannot_be_read_says_why_and_changes_nothing(
    desk: CardDesk, content: bytes, code: str
) -> None:
    await desk.cases(1, State.CARD_PRODUCTION)
    batch = await desk.desk("POST", "/batches", {"kind": "print"})
    lines = await desk.lines()
    body = {"file": base64.b64encode(content).decode()}
    answer = await desk.ask("POST", f"/v1/card-desk/batches/{batch['id']}/returned-file", body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["errors"][0]["pointer"] == "/file"
    assert await desk.lines() == lines


async def test_a_batch_is_its_offices_alone(desk: CardDesk) -> None:
    await desk.cases(1, State.CARD_PRODUCTION)
    batch = await desk.desk("POST", "/batches", {"kind": "print"})
    elsewhere = tokens.officer(Role.CARD_OFFICE, office="OSA")
    path = f"/v1/card-desk/batches/{batch['id']}"
    body = file_of(("receipt_number", "card_number"), ("x", "y"))
    for method, route, sent in (
        ("GET", path, None),
        ("GET", f"{path}/file", None),
        ("POST", f"{path}/returned-file", body),
        ("POST", f"{path}/closing", None),
    ):
        assert (await desk.ask(method, route, sent, elsewhere)).status_code == 404, route
        assert (await desk.ask(method, route, sent, desk.examiner)).status_code == 403, route


async def _visit(desk: CardDesk, case: Case, by: Actor | None = None) -> dict[str, Any]:
    answer = await desk.ask("GET", f"/v1/visits/{case.application_id}", by=by or desk.owner(case))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_time_at_the_counter_is_booked_and_moved(desk: CardDesk) -> None:
    (case,) = await desk.cases(1, State.COUNTER_VISIT)
    shown = await _visit(desk, case)
    assert shown["needed"]
    first, second = shown["times"][0], shown["times"][7]
    assert (first["starts_at"], first["free"]) == ("2026-07-16T09:00:00+09:00", 6)
    for chosen in (first, second, second):
        answer = await desk.ask(
            "PUT", f"/v1/visits/{case.application_id}", {"starts_at": chosen["starts_at"]}, desk.owner(case)
        )
        assert answer.status_code == 200, answer.text
    shown = await _visit(desk, case)
    assert datetime.fromisoformat(shown["booked"]["starts_at"]) == datetime.fromisoformat(second["starts_at"])
    assert [one["free"] for one in shown["times"][:8:7]] == [6, 5]
    (visit,) = (await desk.desk("GET", "/visits?day=2026-07-16"))["visits"]
    assert visit["receipt_number"] == case.receipt_number


async def test_two_never_get_the_last_place(desk: CardDesk) -> None:
    cases = await desk.cases(10, State.COUNTER_VISIT)
    at = (await _visit(desk, cases[0]))["times"][0]["starts_at"]
    answers = await asyncio.gather(
        *(desk.ask("PUT", f"/v1/visits/{case.application_id}", {"starts_at": at}, desk.owner(case)) for case in cases)
    )
    assert Counter(answer.status_code for answer in answers) == {200: 6, 409: 4}
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"time-full"}
    assert (await _visit(desk, cases[0]))["times"][0]["free"] == 0


async def test_a_place_is_free_again_when_its_case_ends_or_is_collected_sooner(desk: CardDesk) -> None:
    """Nobody comes then: not on the list of the day, and not by what the applicant is shown."""
    *booked, last = await desk.cases(7, State.COUNTER_VISIT)
    at = (await _visit(desk, last))["times"][0]["starts_at"]

    async def book(case: Case) -> int:
        body = {"starts_at": at}
        return (await desk.ask("PUT", f"/v1/visits/{case.application_id}", body, desk.owner(case))).status_code

    assert [await book(case) for case in (*booked, last)] == [200] * 6 + [409]
    other_chief = tokens.officer(Role.CHIEF_EXAMINER)
    await desk.done(other_chief, booked[0].id, "termination", {"reason_code": "left_japan"})
    await desk.done(desk.card_office, booked[1].id, "delivery")
    assert (await _visit(desk, last))["times"][0]["free"] == 2
    assert await book(last) == 200
    coming = {one["receipt_number"] for one in (await desk.desk("GET", f"/visits?day={at[:10]}"))["visits"]}
    assert coming == {case.receipt_number for case in (*booked[2:], last)}
    assert [(await _visit(desk, case))["booked"] for case in booked[:2]] == [None, None]


async def test_what_cannot_be_booked_says_why(desk: CardDesk) -> None:
    (case,) = await desk.cases(1, State.COUNTER_VISIT)
    path = f"/v1/visits/{case.application_id}"
    for at in ("2026-07-18T09:00:00+09:00", "2026-07-16T09:01:00+09:00", "2026-07-15T09:00:00+09:00"):
        answer = await desk.ask("PUT", path, {"starts_at": at}, desk.owner(case))
        assert (answer.status_code, answer.json()["code"]) == (422, "time-not-offered"), at
    stranger = tokens.person(Role(case.role or ""))
    assert (await desk.ask("PUT", path, {"starts_at": "2026-07-16T09:00:00+09:00"}, stranger)).status_code == 404
    (mailed,) = await desk.cases(1, State.DISPATCHED)
    assert (await _visit(desk, mailed))["times"] == []
    late = await desk.ask(
        "PUT", f"/v1/visits/{mailed.application_id}", {"starts_at": "2026-07-16T09:00:00+09:00"}, desk.owner(mailed)
    )
    assert (late.status_code, late.json()["code"]) == (409, "no-visit-needed")
