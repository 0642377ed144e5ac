"""Cards, certificates, counter visits and money: what the card office enters, and what a provider says."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.review.card_desk.domain import visits
from services.review.card_desk.domain.batches import BatchKind, check_some
from services.review.card_desk.domain.counter import Receives, check_handed_over
from services.review.cards import domain as cards
from services.review.cases.domain.states import State
from services.review.certificates import domain as certificates
from services.review.payment.domain import online, reconciliation
from services.review.payment.domain.online import LIVE, NoticeOutcome, Offer, OrderState, ReceiptState
from services.review.payment.domain.refunds import Way, check_decision, check_refundable
from tests.unit.review.support import ME, OTHER, TODAY, case, refusal

DAY = timedelta(days=1)
ORDER = UUID(int=7)
OFFERS = [Offer("convenience_store", 5500, 550), Offer("bank", 5500, 330)]
DUE = case(State.AWAITING_FEE, fee_yen=5500)
# A Wednesday; Saturday to Monday (海の日) are no days of work.
FIRST = date(2026, 7, 16)


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (lambda: cards.read_card_number("AB1234567"), ("card-number", "/card_number")),
        (lambda: cards.read_carrier("pigeon"), ("carrier", "/carrier")),
        (lambda: cards.read_tracking_number("123-456-7890"), ("tracking-number", "/tracking_number")),
        (lambda: cards.read_tracking_number("12345678901234"), ("tracking-number", "/tracking_number")),
        (lambda: cards.check_expiry(TODAY, None, TODAY), ("card-expiry", "/expires_on")),
        (lambda: cards.check_expiry(TODAY + 2 * DAY, TODAY + DAY, TODAY), ("card-expiry", "/expires_on")),
        (lambda: check_some(0, BatchKind.PRINT), ("nothing-to-print", None)),
        (lambda: check_handed_over(5500, True, None), ("receives-missing", "/receives")),
        (lambda: check_handed_over(None, False, None), ("nothing-handed-over", "/amount_yen")),
        (lambda: visits.check_waits(State.DISPATCHED), ("no-visit-needed", None)),
        (lambda: visits.free_place({1, 2}, "FUK"), ("time-full", None)),
        (
            lambda: visits.check_time(datetime(2026, 7, 16, 12, 0, tzinfo=visits.JAPAN), "FUK", TODAY, None),
            ("time-not-offered", "/starts_at"),
        ),
        (lambda: online.choose(case(State.AWAITING_FEE, fee_paid=True), OFFERS, "bank"), ("fee-paid-already", None)),
        (lambda: online.choose(DUE, [], "bank"), ("nothing-to-pay", None)),
        (lambda: online.choose(case(State.UNDER_REVIEW), OFFERS, "bank"), ("nothing-to-pay", None)),
        (lambda: online.choose(DUE, OFFERS, "gold"), ("payment-method", "/method")),
        (lambda: _refundable(proposed=True), ("refund-proposed-already", None)),
        (lambda: _refundable(receipt=ReceiptState.REFUNDED), ("refund-proposed-already", None)),
        (lambda: _refundable(receipt=ReceiptState.PAYS, case=State.DELIVERED), ("not-refundable", None)),
        (lambda: _refundable(way=Way.OTHERWISE), ("not-refused", "/way")),
        (lambda: check_decision(ME, True, OTHER, True, None), ("refund-decided-already", None)),
        (lambda: check_decision(ME, False, ME, True, None), ("four-eyes", None)),
        (lambda: check_decision(ME, False, OTHER, False, " "), ("note-missing", "/note")),
        (lambda: check_decision(ME, False, OTHER, False, None), ("note-missing", "/note")),
    ],
)
def test_what_the_card_office_enters_is_checked(act: Callable[[], object], expected: tuple[str, str | None]) -> None:
    assert refusal(act) == expected


def _refundable(**given: Any) -> None:
    usual: dict[str, Any] = {"receipt": ReceiptState.SURPLUS, "case": State.DELIVERED, "proposed": False}
    check_refundable(**usual | {"way": Way.PROVIDER, "was_refused": False} | given)


def test_what_is_right_passes() -> None:
    assert cards.read_card_number(" ab12345678cd ") == "AB12345678CD"
    assert cards.mask_card_number("AB12345678CD") == "AB********CD"
    assert cards.read_carrier("letter_pack_plus") == "letter_pack_plus"
    assert cards.read_tracking_number("1234-5678-9012") == "123456789012"
    cards.check_expiry(TODAY + DAY, TODAY + DAY, TODAY)
    cards.check_expiry(TODAY + DAY, None, TODAY)
    check_some(1, BatchKind.MAIL)
    check_handed_over(5500, False, None)
    check_handed_over(None, True, Receives.POST)
    check_handed_over(None, False, Receives.COUNTER)
    visits.check_waits(State.COUNTER_VISIT)
    visits.check_time(datetime(2026, 7, 16, 15, 30, tzinfo=visits.JAPAN), "FUK", TODAY, None)
    _refundable()
    _refundable(receipt=ReceiptState.PAYS, case=State.TERMINATED)
    _refundable(way=Way.OTHERWISE, was_refused=True)
    check_decision(ME, False, OTHER, True, None)
    check_decision(ME, False, OTHER, False, "twice")


def test_visits_are_offered_on_days_of_work_from_tomorrow_on() -> None:
    assert visits.days_offered(TODAY, date(2026, 7, 21)) == [FIRST, date(2026, 7, 17), date(2026, 7, 21)]
    assert len(visits.days_offered(TODAY, None)) == visits.DAYS_AHEAD
    assert visits.days_offered(TODAY, TODAY) == []


def test_a_counter_serves_at_its_times() -> None:
    offered = visits.times_offered("FUK", TODAY, FIRST)
    assert [f"{at:%H:%M}" for at in offered] == [
        "09:00",
        "09:30",
        "10:00",
        "10:30",
        "11:00",
        "11:30",
        "13:00",
        "13:30",
        "14:00",
        "14:30",
        "15:00",
        "15:30",
    ]
    assert {at.date() for at in offered} == {FIRST}
    assert offered[0].utcoffset() == timedelta(hours=9)
    assert len(visits.times_offered("TYO", TODAY, FIRST)) == 24


def test_the_first_free_place_is_given() -> None:
    assert visits.free_place(set(), "FUK") == 1
    assert visits.free_place({1}, "FUK") == 2
    assert visits.free_place({1, 2, 3, 4, 5}, "TYO") == 6


def test_certificates_have_a_number_and_some_an_end_and_a_photo() -> None:
    assert certificates.certificate_number("TYO", TODAY, 123) == "TYO26-000123"
    last = certificates.last_day("COE", TODAY)
    assert last is not None
    assert last > TODAY
    assert certificates.last_day("WORKCERT", TODAY) is None
    assert certificates.has_photo("COE")
    assert not certificates.has_photo("WORKCERT")


def test_a_fee_is_paid_online_with_a_charge_where_something_is_due() -> None:
    assert online.offers(0, "EXTEND", "Y1", TODAY) == []
    assert online.offers(None, "EXTEND", "Y1", TODAY) == []
    found = online.offers(5500, "EXTEND", "Y1", date(2027, 4, 1))
    assert len(found) == 2
    assert online.offers(5500, "EXTEND", "Y1", TODAY) == [], "revenue stamps are bought elsewhere"
    assert all(one.charge_yen > 0 and one.total_yen == 5500 + one.charge_yen for one in found)
    assert online.choose(DUE, OFFERS, "bank") is OFFERS[1]
    assert online.payable_until(datetime(2026, 7, 15, 15, tzinfo=UTC)) == datetime(2026, 7, 30, 14, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("total", "due", "known", "expected"),
    [
        (6050, True, False, NoticeOutcome.APPLIED),
        (6050, False, False, NoticeOutcome.SURPLUS),
        (6049, True, False, NoticeOutcome.WRONG_AMOUNT),
        (6050, True, True, NoticeOutcome.REPEATED),
    ],
)
def test_money_that_came_in_is_judged(total: int, due: bool, known: bool, expected: NoticeOutcome) -> None:
    assert online.judge_money(6050, total, due, known) is expected


def test_wrong_amounts_count_as_money_once_the_providers_file_has_them() -> None:
    assert {one for one in NoticeOutcome if online.came_in(one, False)} == {
        NoticeOutcome.APPLIED,
        NoticeOutcome.SURPLUS,
    }
    assert {one for one in NoticeOutcome if online.came_in(one, True)} == {
        NoticeOutcome.APPLIED,
        NoticeOutcome.SURPLUS,
        NoticeOutcome.WRONG_AMOUNT,
    }
    assert {order for order in OrderState if online.judge_end(order) is NoticeOutcome.APPLIED} == LIVE
    assert online.judge_end(OrderState.PAID) is NoticeOutcome.OUTDATED


@pytest.mark.parametrize(
    ("last", "first", "expected"),
    [
        (None, None, []),
        (None, TODAY - 2 * DAY, [TODAY - 2 * DAY, TODAY - DAY]),
        (TODAY - 2 * DAY, TODAY - 9 * DAY, [TODAY - DAY]),
        (TODAY - DAY, None, []),
        (TODAY, None, []),
    ],
)
def test_files_of_the_provider_are_read_up_to_yesterday(
    last: date | None, first: date | None, expected: list[date]
) -> None:
    assert reconciliation.due_days(last, first, TODAY) == expected


def test_after_an_outage_a_month_is_caught_up_with_at_once() -> None:
    found = reconciliation.due_days(None, date(2026, 1, 1), TODAY)
    assert (len(found), found[0]) == (31, date(2026, 1, 1))


HEAD = "kind,transaction_id,order_id,amount_yen,at\n"
LINE = f"paid,T1,{ORDER},6050,2026-07-15T12:00:00+09:00\n"


def test_a_file_of_payments_is_read_and_its_broken_lines_are_named() -> None:
    broken = [
        LINE.replace("paid", "sent"),
        LINE.replace("T1", ""),
        LINE.replace(str(ORDER), "mine"),
        LINE.replace("6050", "0"),
        LINE.replace("6050", "many"),
        LINE.replace("+09:00", ""),
        LINE.replace("2026-07-15T12:00:00+09:00", "noon"),
    ]
    content = HEAD + LINE + LINE.replace("paid", "refunded").replace("T1", "T2") + "".join(broken)
    settled, unreadable = reconciliation.read_settlements(content.encode())
    assert [(one.transaction_id, one.order_id, one.amount_yen) for one in settled] == [("T1", ORDER, 6050)]
    assert [row.line for row in unreadable] == list(range(4, 11))
    assert reconciliation.read_settlements(HEAD.encode()) == ([], [])
    assert refusal(lambda: reconciliation.read_settlements(b"nothing\n")) == ("columns-missing", "")
