"""Online payment: what the applicant is shown, what notices change, and what is refused."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from services.review.cases.domain.states import State
from services.review.invariants import INVARIANTS
from services.review.payment_provider.http import HttpProvider
from services.review.payment_provider.port import ProviderUnavailable
from shared.auth import Role
from shared.events.review import FeePaid, OtherAmountPaid
from shared.ids import new_id
from shared.notice_signature import sign
from tests.infra.databases import TestDatabase
from tests.services.review.paying import CALLBACK_KEY, CHARGE_YEN, FEE_YEN, PayingDesk, paying
from tests.support import tokens


@pytest.fixture
async def desk(service_database: Callable[[str], TestDatabase]) -> AsyncIterator[PayingDesk]:
    async with paying(service_database("review")) as desk:
        yield desk
        assert await desk.service.journal_problems() == []
        fees_agree = {each.name: each for each in INVARIANTS}["fees-agree"]
        async with desk.service.db.read() as session:
            assert (await session.scalars(text(fees_agree.violations), {"since_id": UUID(int=0)})).all() == []


async def test_the_charge_is_shown_before_and_after_and_the_payment_pays_the_fee(desk: PayingDesk) -> None:
    case = await desk.granted()
    shown = (await desk.payment(case)).json()
    assert [(one["method"], one["fee_yen"], one["charge_yen"], one["total_yen"]) for one in shown["offers"]] == [
        ("convenience_store", FEE_YEN, CHARGE_YEN, FEE_YEN + CHARGE_YEN),
        ("bank", FEE_YEN, CHARGE_YEN, FEE_YEN + CHARGE_YEN),
    ]
    order = await desk.ordered(case)
    assert order["state"] == "open"
    assert order["pay_number"] == next(iter(desk.book.orders.values())).number
    assert await desk.act(order, "pay") == [200]
    shown = (await desk.payment(case)).json()
    assert (shown["fee_paid"], shown["offers"], shown["orders"][0]["state"]) == (True, [], "paid")
    (receipt,) = shown["receipts"]
    assert (receipt["amount_yen"], receipt["state"]) == (FEE_YEN + CHARGE_YEN, "pays")
    (event,) = await desk.events(FeePaid)
    assert (event.amount_yen, event.method) == (FEE_YEN, "convenience_store")


async def test_a_bank_transfer_leads_to_the_providers_page(desk: PayingDesk) -> None:
    order = await desk.ordered(await desk.granted(), "bank")
    assert order["pay_number"] is None
    assert "/pay/ord_" in order["pay_url"]


async def test_a_certificate_that_is_paid_online_goes_on(desk: PayingDesk) -> None:
    case = await desk.granted(procedure="WORKCERT", status_of_residence="ENG_HUM_INT")
    order = await desk.ordered(case)
    assert (order["fee_yen"], order["charge_yen"]) == (1_600, 220)
    await desk.act(order, "pay")
    assert await desk.state(case.id) == State.DECIDED_GRANT


async def test_the_same_notice_ten_times_at_once_pays_once(desk: PayingDesk) -> None:
    case = await desk.granted()
    order = await desk.ordered(case)
    notice = {"event_id": "evt_1", "transaction_id": "txn_1"}
    answers = await asyncio.gather(*(desk.notice(order["id"], **notice) for _ in range(10)))
    assert Counter(answer.json()["outcome"] for answer in answers) == {"applied": 1, "repeated": 9}
    assert len(await desk.events(FeePaid)) == 1


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"])
async def test_a_notice_that_is_called_a_form_is_refused_for_its_signature(desk: PayingDesk, kind: str) -> None:
    """Its bytes are checked, whatever it is called and whatever key comes with it."""
    headers = {"Content-Type": kind, "Idempotency-Key": "notice-1"}
    for body in (b"a=1", b"--x--\r\n"):
        answer = await desk.service.client.post("/payments/callback", content=body, headers=headers)
        assert answer.status_code in (400, 401, 422), answer.text


async def test_two_events_of_one_transaction_pay_once(desk: PayingDesk) -> None:
    order = await desk.ordered(await desk.granted())
    answers = await asyncio.gather(*(desk.notice(order["id"], transaction_id="txn_1") for _ in range(5)))
    assert Counter(answer.json()["outcome"] for answer in answers) == {"applied": 1, "repeated": 4}


async def test_ten_orders_at_once_are_one(desk: PayingDesk) -> None:
    case = await desk.granted()
    answers = await asyncio.gather(*(desk.pay(case) for _ in range(10)))
    assert {answer.status_code for answer in answers} == {200}
    assert len(desk.book.orders) == 1
    assert len((await desk.payment(case)).json()["orders"]) == 1


async def test_a_number_that_is_paid_twice_leaves_money_to_give_back(desk: PayingDesk) -> None:
    case = await desk.granted()
    assert await desk.act(await desk.ordered(case), "twice") == [200, 200]
    assert [one["state"] for one in (await desk.payment(case)).json()["receipts"]] == ["pays", "surplus"]
    assert len(await desk.events(FeePaid)) == 1
    assert [one["receipt_number"] for one in (await desk.look())["refundable"]] == [case.receipt_number]


async def test_money_after_a_slip_is_to_be_given_back(desk: PayingDesk) -> None:
    case = await desk.granted()
    order = await desk.ordered(case)
    slip = {"amount_yen": FEE_YEN, "paid_on": "2026-11-16", "reference": "S-1"}
    await desk.done(desk.card_office, case.id, "fee", slip)
    assert (await desk.payment(case)).json()["orders"][0]["state"] == "cancelled"
    assert (await desk.notice(order["id"])).json()["outcome"] == "surplus"
    assert len(await desk.events(FeePaid)) == 1


async def test_a_slip_cancels_the_order_at_the_provider(desk: PayingDesk) -> None:
    case = await desk.granted()
    await desk.ordered(case)
    slip = {"amount_yen": FEE_YEN, "paid_on": "2026-11-16", "reference": "S-1"}
    await desk.done(desk.card_office, case.id, "fee", slip)
    await desk.work_timers()
    assert [one.state for one in desk.book.orders.values()] == ["cancelled"]


async def test_money_after_the_order_has_expired_still_pays_a_fee_that_is_due(desk: PayingDesk) -> None:
    case = await desk.granted()
    order = await desk.ordered(case)
    desk.clock.advance(timedelta(days=15))
    await desk.work_timers()
    assert (await desk.payment(case)).json()["orders"][0]["state"] == "expired"
    other = await desk.ordered(case, "bank")
    assert (await desk.notice(order["id"])).json()["outcome"] == "applied"
    shown = (await desk.payment(case)).json()
    assert shown["fee_paid"]
    assert {one["id"]: one["state"] for one in shown["orders"]} == {order["id"]: "paid", other["id"]: "cancelled"}
    assert (await desk.notice(other["id"])).json()["outcome"] == "surplus"


async def test_notices_that_come_in_the_wrong_order_take_nothing_back(desk: PayingDesk) -> None:
    case = await desk.granted()
    order = await desk.ordered(case)
    await desk.notice(order["id"])
    for kind in ("expired", "cancelled"):
        late = await desk.notice(order["id"], kind=kind, transaction_id=None, amount_yen=None)
        assert late.json()["outcome"] == "outdated"
    assert (await desk.payment(case)).json()["orders"][0]["state"] == "paid"


async def test_a_notice_may_be_quicker_than_the_answer_to_the_order(desk: PayingDesk) -> None:
    case = await desk.granted()
    place = desk.service.app.state.payment_provider.place

    async def paid_before_it_answers(order):  # type: ignore[no-untyped-def]
        placed = await place(order)
        assert (await desk.notice(str(order.id))).json()["outcome"] == "applied"
        return placed

    desk.service.app.state.payment_provider.place = paid_before_it_answers
    assert (await desk.ordered(case))["state"] == "paid"


async def test_another_amount_is_refused_recorded_and_listed(desk: PayingDesk) -> None:
    case = await desk.granted()
    order = await desk.ordered(case)
    for _ in range(2):
        answer = await desk.notice(order["id"], event_id="evt_1", amount_yen=FEE_YEN)
        assert (answer.status_code, answer.json()["code"]) == (422, "wrong-amount")
    (listed,) = (await desk.look())["refused_notices"]
    assert (listed["outcome"], listed["amount_yen"], listed["receipt_number"]) == (
        "wrong_amount",
        FEE_YEN,
        case.receipt_number,
    )
    assert not (await desk.payment(case)).json()["fee_paid"]


async def test_an_order_that_is_not_ours_is_refused_and_listed(desk: PayingDesk) -> None:
    answer = await desk.notice(str(new_id()))
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown-order")
    assert len((await desk.look())["refused_notices"]) == 1


@pytest.mark.parametrize(
    "forged",
    ["nothing", "not a signature", "other key", "other kid", "other body", "yesterday", "tomorrow"],
)
async def test_a_forged_notice_changes_nothing(desk: PayingDesk, forged: str) -> None:
    case = await desk.granted()
    order = await desk.ordered(case)
    before = await desk.lines()
    body = b'{"event_id": "e"}'
    now = desk.clock.now()
    right = sign(body, now, "k1", CALLBACK_KEY)
    signature = {
        "nothing": None,
        "not a signature": "v1=1",
        "other key": sign(body, now, "k1", "another-key-of-somebody-else-0123456"),
        "other kid": sign(body, now, "k9", CALLBACK_KEY),
        "other body": sign(b"{}", now, "k1", CALLBACK_KEY),
        "yesterday": sign(body, now - timedelta(days=1), "k1", CALLBACK_KEY),
        "tomorrow": sign(body, now + timedelta(days=1), "k1", CALLBACK_KEY),
    }[forged]
    answer = await desk.raw_notice(body, signature)
    assert (answer.status_code, answer.json()["code"]) == (401, "signature-refused")
    assert await desk.lines() == before
    # The right signature is refused for its content alone.
    assert (await desk.raw_notice(body, right)).status_code == 422
    assert await desk.act(order, "forged") == [401]


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"amount_yen": None}, "/"),
        ({"amount_yen": -1}, "/amount_yen"),
        ({"order_id": "x"}, "/order_id"),
        ({"at": "2026-11-16T00:00:00"}, "/at"),
        ({"kind": "eaten"}, "/kind"),
    ],
)
async def test_a_notice_that_cannot_be_read_says_where(desk: PayingDesk, changes: dict[str, Any], place: str) -> None:
    answer = await desk.notice(**({"order_id": str(new_id())} | changes))
    assert (answer.status_code, answer.json()["code"]) == (422, "notice-malformed")
    assert place in answer.json()["detail"]


async def test_a_large_notice_is_not_read(desk: PayingDesk) -> None:
    assert (await desk.raw_notice(b"x" * 9000, None)).status_code == 413


async def test_the_key_that_goes_out_counts_while_both_are_there(desk: PayingDesk) -> None:
    order = await desk.ordered(await desk.granted())
    answer = await desk.notice(order["id"], kid="k0", key="a-key-that-goes-out-0123456789-0123456")
    assert answer.json()["outcome"] == "applied"


async def test_a_stranger_sees_and_orders_nothing(desk: PayingDesk) -> None:
    case = await desk.granted()
    stranger = tokens.person(Role(case.role or ""))
    assert (await desk.payment(case, stranger)).status_code == 404
    assert (await desk.pay(case, by=stranger)).status_code == 404
    assert desk.book.orders == {}


async def test_what_cannot_be_paid_says_why(desk: PayingDesk) -> None:
    case = await desk.granted()
    wrong = await desk.pay(case, "gold")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "payment-method")
    assert wrong.json()["errors"][0]["pointer"] == "/method"
    undecided = await desk.at(State.PROPOSED)
    assert (await desk.pay(undecided)).json()["code"] == "nothing-to-pay"
    await desk.act(await desk.ordered(case), "pay")
    assert (await desk.pay(case)).json()["code"] == "fee-paid-already"


async def test_a_provider_that_is_down_can_be_asked_again(desk: PayingDesk) -> None:
    case = await desk.granted()
    provider = desk.service.app.state.payment_provider
    url, provider._url = provider._url, "http://127.0.0.1:9"
    answer = await desk.pay(case, key="the-first")
    assert (answer.status_code, answer.json()["code"]) == (503, "payment-provider-unavailable")
    provider._url = url
    again = await desk.pay(case, key="the-first")
    assert again.json()["orders"][0]["state"] == "open"
    assert len(desk.book.orders) == 1


async def test_a_refund_needs_two_officers_and_is_carried_out_once(desk: PayingDesk) -> None:
    case = await desk.granted()
    await desk.act(await desk.ordered(case), "twice")
    (money,) = (await desk.look())["refundable"]
    proposed = await desk.at_payment_desk(f"receipts/{money['receipt_id']}/refund", {"reason": "二重納付"})
    assert proposed.status_code == 200, proposed.text
    path = f"refunds/{proposed.json()['id']}/decision"
    own = await desk.at_payment_desk(path, {"approve": True})
    assert (own.status_code, own.json()["code"]) == (403, "four-eyes")
    second = [tokens.officer(Role.CARD_OFFICE) for _ in range(10)]
    answers = await asyncio.gather(*(desk.at_payment_desk(path, {"approve": True}, by) for by in second))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 9}
    await desk.work_timers()
    await desk.work_timers()
    assert [line.kind for line in desk.book.lines] == ["paid", "paid", "refunded"]
    assert [one["state"] for one in (await desk.payment(case)).json()["receipts"]] == ["pays", "refunded"]
    assert (await desk.look())["refundable"] == []


async def test_a_refund_that_the_provider_refuses_for_good_is_given_back_otherwise_by_two_officers(
    desk: PayingDesk,
) -> None:
    case = await desk.granted()
    await desk.act(await desk.ordered(case), "closed")
    (money,) = (await desk.look())["refundable"]
    second, path = tokens.officer(Role.CARD_OFFICE), f"receipts/{money['receipt_id']}/refund"
    early = await desk.at_payment_desk(path, {"reason": "x", "way": "otherwise"})
    assert (early.status_code, early.json()["errors"][0]["pointer"]) == (422, "/way")
    first = (await desk.at_payment_desk(path, {"reason": "二重納付"})).json()
    await desk.at_payment_desk(f"refunds/{first['id']}/decision", {"approve": True}, second)
    await desk.work_timers()
    (money,) = (await desk.look())["refundable"]
    assert (money["refund"], money["refused"]["reason"]) == (None, "account closed (422)")
    await desk.work_timers()
    assert [line.kind for line in desk.book.lines] == ["paid", "paid"], "not tried again"

    other = (await desk.at_payment_desk(path, {"reason": "振込先を確認", "way": "otherwise"})).json()
    own = await desk.at_payment_desk(f"refunds/{other['id']}/decision", {"approve": True})
    assert own.json()["code"] == "four-eyes"
    done = await desk.at_payment_desk(f"refunds/{other['id']}/decision", {"approve": True}, second)
    assert (done.json()["way"], done.json()["refunded_at"] is not None) == ("otherwise", True)
    assert [one["state"] for one in (await desk.payment(case)).json()["receipts"]] == ["pays", "refunded"]
    assert (await desk.look())["refundable"] == []
    assert await desk.service.journal_problems() == []


@pytest.mark.parametrize("status", [401, 429, 500])
async def test_a_refund_that_the_provider_cannot_carry_out_now_is_tried_again(status: int) -> None:
    provider = HttpProvider("http://provider", "key")
    provider._http = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(status)))
    with pytest.raises(ProviderUnavailable):
        await provider.refund(new_id(), "txn", 1)
    await provider.close()


async def test_the_fee_of_a_case_that_ends_before_its_card_is_given_back(desk: PayingDesk) -> None:
    case = await desk.granted()
    await desk.act(await desk.ordered(case), "pay")
    assert (await desk.look())["refundable"] == []
    end = {"reason_code": "left_japan"}
    decided = await desk.post(desk.chief, case.id, "termination", end)
    assert (decided.status_code, decided.json()["code"]) == (403, "four-eyes"), "who decided does not undo it"
    await desk.done(tokens.officer(Role.CHIEF_EXAMINER), case.id, "termination", end)
    (money,) = (await desk.look())["refundable"]
    assert (money["state"], money["amount_yen"]) == ("pays", FEE_YEN + CHARGE_YEN)


async def test_nobody_pays_for_a_case_that_ended(desk: PayingDesk) -> None:
    case = await desk.granted()
    order = await desk.ordered(case)
    await desk.done(tokens.officer(Role.CHIEF_EXAMINER), case.id, "termination", {"reason_code": "left_japan"})
    await desk.work_timers()
    (placed,) = desk.book.orders.values()
    assert placed.state == "cancelled"
    assert [one["state"] for one in (await desk.payment(case)).json()["orders"]] == ["cancelled"]
    assert await desk.act(order, "late") == [200, 200]
    (money,) = (await desk.look())["refundable"]
    assert money["state"] == "surplus", "paid all the same, and given back"


async def test_money_that_pays_a_fee_is_not_given_back(desk: PayingDesk) -> None:
    case = await desk.granted()
    await desk.act(await desk.ordered(case), "twice")
    (money,) = (await desk.look())["refundable"]
    path = f"receipts/{money['receipt_id']}/refund"
    assert (
        await desk.at_payment_desk(path, {"reason": "x"}, tokens.officer(Role.CARD_OFFICE, office="OSA"))
    ).status_code == 404
    assert (await desk.at_payment_desk(path, {"reason": "x"})).status_code == 200
    assert (await desk.at_payment_desk(path, {"reason": "x"})).json()["code"] == "refund-proposed-already"
    refund = (await desk.look())["refundable"][0]["refund"]
    other = tokens.officer(Role.CARD_OFFICE)
    unsaid = await desk.at_payment_desk(f"refunds/{refund['id']}/decision", {"approve": False}, other)
    assert unsaid.json()["errors"][0]["pointer"] == "/note"
    no = await desk.at_payment_desk(f"refunds/{refund['id']}/decision", {"approve": False, "note": "確認中"}, other)
    assert no.json()["approved"] is False
    assert (await desk.at_payment_desk(path, {"reason": "again"})).status_code == 200


async def test_the_file_makes_up_for_a_notice_that_was_lost(desk: PayingDesk) -> None:
    case = await desk.granted()
    assert await desk.act(await desk.ordered(case), "lost") == []
    desk.clock.advance(timedelta(days=1))
    await desk.reconcile()
    assert (await desk.payment(case)).json()["fee_paid"]
    (difference,) = (await desk.look())["differences"]
    assert (difference["kind"], difference["receipt_number"]) == ("notice_missing", case.receipt_number)
    resolved = await desk.at_payment_desk(f"differences/{difference['id']}/resolution", {"note": "確認済み"})
    assert resolved.status_code == 200
    await desk.reconcile()
    assert (await desk.look())["differences"] == []


@pytest.mark.parametrize(("act", "paid"), [("too_little", -100), ("too_much", 100)])
async def test_money_of_another_amount_is_recorded_from_the_file_and_given_back_by_two(
    desk: PayingDesk, act: str, paid: int
) -> None:
    case = await desk.granted()
    assert await desk.act(await desk.ordered(case), act) == [422]
    assert (await desk.look())["refundable"] == [], "a notice alone may be wrong"
    desk.clock.advance(timedelta(days=1))
    await desk.reconcile()
    shown = (await desk.payment(case)).json()
    assert (shown["fee_paid"], shown["orders"][0]["state"]) == (False, "paid")
    assert shown["offers"], "the fee can be ordered again"
    (money,) = (await desk.look())["refundable"]
    total = FEE_YEN + CHARGE_YEN
    assert (money["amount_yen"], money["ordered_yen"], money["state"]) == (total + paid, total, "surplus")
    proposed = await desk.at_payment_desk(f"receipts/{money['receipt_id']}/refund", {"reason": "金額の相違"})
    path = f"refunds/{proposed.json()['id']}/decision"
    assert (await desk.at_payment_desk(path, {"approve": True})).json()["code"] == "four-eyes"
    await desk.at_payment_desk(path, {"approve": True}, tokens.officer(Role.CARD_OFFICE))
    await desk.act(await desk.ordered(case), "pay")
    await desk.work_timers()
    assert [(line.kind, line.amount_yen) for line in desk.book.lines] == [
        ("paid", total + paid),
        ("paid", total),
        ("refunded", total + paid),
    ]
    assert [one["state"] for one in (await desk.payment(case)).json()["receipts"]] == ["refunded", "pays"]
    await desk.reconcile()
    assert len((await desk.look())["differences"]) == 1, "read once, and looked into by an officer"


async def test_a_notice_that_reported_another_amount_is_put_right_by_the_file(desk: PayingDesk) -> None:
    case = await desk.granted()
    assert await desk.act(await desk.ordered(case), "wrong_amount") == [422]
    desk.clock.advance(timedelta(days=1))
    await desk.reconcile()
    assert (await desk.payment(case)).json()["fee_paid"]
    assert (await desk.look())["refundable"] == []


@pytest.mark.parametrize("slip", [False, True])
async def test_who_paid_another_amount_is_informed_once(desk: PayingDesk, slip: bool) -> None:
    case = await desk.granted()
    order = await desk.ordered(case)
    if slip:
        paid = {"amount_yen": FEE_YEN, "paid_on": "2026-11-16", "reference": "S-1"}
        await desk.done(desk.card_office, case.id, "fee", paid)
    await desk.act(order, "too_little")
    assert await desk.events(OtherAmountPaid) == [], "a notice alone may be wrong"
    desk.clock.advance(timedelta(days=1))
    await desk.reconcile()
    await desk.reconcile()
    (event,) = await desk.events(OtherAmountPaid)
    total = FEE_YEN + CHARGE_YEN
    assert (event.amount_yen, event.ordered_yen, event.fee_due) == (total - 100, total, not slip)


async def test_money_of_another_amount_after_a_slip_is_given_back_too(desk: PayingDesk) -> None:
    case = await desk.granted()
    order = await desk.ordered(case)
    slip = {"amount_yen": FEE_YEN, "paid_on": "2026-11-16", "reference": "S-1"}
    await desk.done(desk.card_office, case.id, "fee", slip)
    await desk.act(order, "too_much")
    desk.clock.advance(timedelta(days=1))
    await desk.reconcile()
    assert [one["receipt_number"] for one in (await desk.look())["refundable"]] == [case.receipt_number]


async def test_files_of_days_without_a_round_are_read_afterwards_and_each_once(desk: PayingDesk) -> None:
    for _ in range(3):
        await desk.act(await desk.ordered(await desk.granted()), "lost")
        desk.clock.advance(timedelta(days=1))
    await desk.reconcile()
    assert [one["kind"] for one in (await desk.look())["differences"]] == ["notice_missing"] * 3
    await desk.reconcile()
    assert len((await desk.look())["differences"]) == 3


async def test_every_kind_of_difference_is_listed(desk: PayingDesk) -> None:
    wrong, gone = await desk.granted(), await desk.granted()
    assert await desk.act(await desk.ordered(wrong), "wrong_amount") == [422]
    await desk.act(await desk.ordered(gone), "pay")
    desk.book.lines.pop()
    desk.book.lines[0].amount_yen += 1
    desk.book.lines.append(type(desk.book.lines[0])("paid", "txn_x", str(new_id()), 100, desk.clock.now().isoformat()))
    desk.book.lines.append(type(desk.book.lines[0])("paid", "txn_y", "=1+1", 100, desk.clock.now().isoformat()))
    desk.clock.advance(timedelta(days=1))
    await desk.reconcile()
    assert {one["kind"]: one["receipt_number"] for one in (await desk.look())["differences"]} == {
        "wrong_amount": wrong.receipt_number,
        "missing_in_file": gone.receipt_number,
        "unknown_order": None,
        "unreadable": None,
    }
    assert [
        one["receipt_number"]
        for one in (await desk.look(tokens.officer(Role.CARD_OFFICE, office="OSA")))["differences"]
    ] == [None, None]


async def test_the_database_refuses_one_officer_for_both_steps_of_a_refund(desk: PayingDesk) -> None:
    case = await desk.granted()
    await desk.act(await desk.ordered(case), "twice")
    (money,) = (await desk.look())["refundable"]
    await desk.at_payment_desk(f"receipts/{money['receipt_id']}/refund", {"reason": "x"})
    with pytest.raises(IntegrityError, match="ck_refunds_four_eyes"):
        async with desk.service.db.transaction() as session:
            await session.execute(
                text("UPDATE refunds SET approved = true, decided_by = proposed_by, decided_at = now()")
            )
