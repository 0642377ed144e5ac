"""Fees by procedure, channel, option, period of stay granted and day of receipt."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.reference import fees
from shared.reference.codes import Channel, Procedure
from shared.reference.dated import NotInRules, Table
from shared.reference.fees import (
    BY_STAY,
    FEE_REDUCTIONS,
    FEES,
    MULTIPLE,
    PAYMENT_CHARGES,
    SINGLE,
    Fee,
    Stay,
    amounts,
    fee,
    payment_charge,
    stay_group,
)
from shared.reference.periods import Period
from shared.reference.permitted_periods import PERMITTED

DAY = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("periods", "counter", "online"),
    [
        ("D15 D30 D90 M3", 10_000, 10_000),
        ("M3D1 M4 M6", 18_000, 15_000),
        ("M6D1 M7 M11", 25_000, 21_000),
        ("Y1 M12", 33_000, 27_000),
        ("Y1D1 Y2 Y2M11", 48_000, 42_000),
        ("Y3 Y4M3 Y4M11", 64_000, 56_000),
        ("Y5 INF", 75_000, 65_000),
    ],
)
@pytest.mark.parametrize("procedure", ["CHANGE", "EXTEND"])
def test_the_fee_follows_the_period_of_stay_that_is_granted(
    procedure: str, periods: str, counter: int, online: int
) -> None:
    for stay in periods.split():
        assert fee(procedure, "counter", DAY, stay=stay) == counter
        assert fee(procedure, "online", DAY, stay=stay) == online


@pytest.mark.parametrize(
    ("procedure", "channel", "option", "stay", "before", "since"),
    [
        ("EXTEND", "online", "", "Y3", 5_500, 56_000),
        ("CHANGE", "counter", "", "Y1", 6_000, 33_000),
        ("PR", "counter", "", "INF", 10_000, 200_000),
        ("REENTRY", "online", "single", None, 3_500, 3_500),
        ("REENTRY", "counter", "multiple", None, 7_000, 7_000),
        ("WORKCERT", "online", "", None, 1_600, 1_600),
        ("ACQUIRE", "online", "", "Y3", 0, 0),
        ("COE", "online", "", "Y5", 0, 0),
    ],
)
def test_an_application_received_up_to_2026_09_30_pays_the_old_fee(
    procedure: str, channel: str, option: str, stay: str | None, before: int, since: int
) -> None:
    assert fee(procedure, channel, date(2026, 9, 30), option=option, stay=stay) == before
    assert fee(procedure, channel, date(2026, 10, 1), option=option, stay=stay) == since


def test_without_a_period_there_is_no_amount_where_it_depends_on_the_period() -> None:
    assert fee("EXTEND", "online", date(2026, 9, 30)) == 5_500
    with pytest.raises(NotInRules, match="no period of stay"):
        fee("EXTEND", "online", date(2026, 10, 1))


def test_before_the_decision_all_amounts_are_known() -> None:
    assert [row.yen for row in amounts("EXTEND", "online", DAY)] == [
        10_000,
        15_000,
        21_000,
        27_000,
        42_000,
        56_000,
        65_000,
    ]
    assert [row.yen for row in amounts("EXTEND", "online", date(2026, 9, 30))] == [5_500]
    assert [(row.option, row.yen) for row in amounts("REENTRY", "online", DAY)] == [(SINGLE, 3_500), (MULTIPLE, 6_500)]
    assert amounts("PR", "online", DAY) == ()


@pytest.mark.parametrize("day", [date(2026, 9, 30), date(2026, 10, 1), date(2030, 1, 1)])
def test_every_period_that_may_be_granted_has_a_fee(day: date) -> None:
    listed = {code for row in PERMITTED.on(day) for code in (*row.choices, row.designated_up_to) if code}
    for stay in {*listed, "D1", "M1", "Y2M6"} - {"DIP"}:
        for procedure in (Procedure.CHANGE, Procedure.EXTEND):
            for channel in Channel:
                assert fee(procedure, channel, day, stay=stay) > 0


@given(months=st.integers(1, 59), more=st.integers(1, 12))
def test_a_longer_period_of_any_status_costs_as_much_or_more(months: int, more: int) -> None:
    shorter, longer = (
        f"M{n}" if n < 12 else "Y" + str(n // 12) + (f"M{n % 12}" if n % 12 else "") for n in (months, months + more)
    )
    for procedure, channel in product((Procedure.CHANGE, Procedure.EXTEND), Channel):
        assert fee(procedure, channel, DAY, stay=shorter) <= fee(procedure, channel, DAY, stay=longer)
        assert fee(procedure, "online", DAY, stay=shorter) <= fee(procedure, "counter", DAY, stay=shorter)


def test_the_fee_of_every_period_that_can_be_granted_lies_between_its_neighbours() -> None:
    for row in PERMITTED.on(DAY):
        lengths = sorted(
            (Period.parse(code).days_from(date(2027, 1, 1)) or 10**6, code) for code in row.choices if code != "DIP"
        )
        for procedure, channel in product((Procedure.CHANGE, Procedure.EXTEND), Channel):
            costs = [fee(procedure, channel, DAY, stay=code) for _, code in lengths]
            assert costs == sorted(costs), row


def test_paying_online_costs_a_charge_since_2026_10_01() -> None:
    assert payment_charge("EXTEND", date(2026, 9, 30), "Y3") == 0
    assert [payment_charge("CHANGE", DAY, stay) for stay in ("M3", "Y1", "Y2M11", "Y3", "Y5", "INF")] == [330] * 3 + [
        550
    ] * 3
    assert [payment_charge(procedure, DAY) for procedure in ("REENTRY", "WORKCERT", "COE", "ACQUIRE")] == [
        220,
        220,
        0,
        0,
    ]
    assert {row.procedure for row in PAYMENT_CHARGES.on(DAY)} == {
        row.procedure for row in FEES.on(DAY) if row.channel == "online" and row.yen
    }


def test_hardship_lowers_the_fee_at_the_counter() -> None:
    reduced = {row.procedure: row.yen for row in FEE_REDUCTIONS.on(DAY)}
    assert reduced == {"CHANGE": 10_000, "EXTEND": 10_000, "PR": 20_000}
    for procedure, yen in reduced.items():
        assert yen <= min(row.yen for row in amounts(procedure, "counter", DAY))
    assert FEE_REDUCTIONS.on(date(2026, 9, 30)) == ()


def test_longer_stays_never_cost_less() -> None:
    for procedure in (Procedure.CHANGE, Procedure.EXTEND):
        for channel in Channel:
            rows = amounts(procedure, channel, BY_STAY)
            assert [row.stay for row in rows] == [stay for stay in Stay if stay]
            assert [row.yen for row in rows] == sorted(row.yen for row in rows)


def test_a_text_that_is_no_period_has_no_group() -> None:
    with pytest.raises(ValueError, match="not a period of stay"):
        stay_group("three years")


def test_a_new_fee_is_one_added_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """The recipe of docs/reference-data.md: one line, and both sides of its day, which no row of the table reaches."""
    day = date(2100, 4, 1)
    before = {(channel, stay): fee("EXTEND", channel, day, stay=stay) for channel in Channel for stay in ("Y3", "Y5")}
    yen = before[Channel.ONLINE, "Y3"] + 1
    added = Fee(
        Procedure.EXTEND, Channel.ONLINE, "", Stay.UNDER_Y5, yen, valid_from=day, source="Cabinet Order of 2100"
    )
    monkeypatch.setattr(fees, "FEES", Table(FEES.name, FEES.key, [*FEES.written, added]))
    assert fee("EXTEND", "online", date(2100, 3, 31), stay="Y3") == before[Channel.ONLINE, "Y3"]
    after = {(channel, stay): fee("EXTEND", channel, day, stay=stay) for channel, stay in before}
    assert after == before | {(Channel.ONLINE, "Y3"): yen}
