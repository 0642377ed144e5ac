"""Figures side by side: relations are taken round by round, and tables say what falls short."""

from tests.peers.__main__ import _compared, _measured, _paired
from tests.peers.contests import Comparison, Measured
from tests.peers.ground import Run
from tests.peers.services import Pair, Spent

SLOW = [Run(rate=1_000, own=100, postgres=20, broker=5), Run(2_000, 50, 20, 5), Run(1_000, 100, 20, 5)]
FAST = [Run(2_000, 50, 10, 5), Run(8_000, 25, 10, 5), Run(2_000, 50, 10, 5)]


def test_rounds_are_compared_with_themselves() -> None:
    relation = Comparison(Measured("a", "p", "k", runs=SLOW), Measured("b", "p", "k", runs=FAST), 0.8)
    assert relation.by_clock() == [0.5, 0.25, 0.5]
    assert relation.by_cpu() == [0.5, 0.5, 0.5]


def test_a_table_has_medians_and_says_what_falls_short() -> None:
    slow, fast = Measured("slow", "p", "k", runs=SLOW), Measured("fast", "p", "k", runs=FAST)
    assert _measured([slow])[1] == ("slow", "1,000", "1,000, 2,000", "100", "20", "5")
    rows = _compared([Comparison(slow, fast, 0.8), Comparison(fast, slow, 1.2)])
    assert [row[-1] for row in rows[1:]] == ["falls short", "holds"]


def test_a_request_stands_beside_what_it_needs() -> None:
    pair = Pair(
        "submit : bare", [Spent(10, 8), Spent(12, 6), Spent(11, 7)], [Spent(5, 2), Spent(6, 4), Spent(5.5, 3.5)]
    )
    assert _paired([pair])[1] == ("submit : bare", "7.0", "3.5", "2.00", "2.00")
