"""Recent requests: a minute and an hour of them, in numbers and by route."""

from collections.abc import Sequence

import pytest

from shared.http.recent import BOUNDS, Recent, Tally, quantile, slowest


class Hand:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def test_a_minute_and_an_hour_are_forgotten_when_they_are_over() -> None:
    hand = Hand()
    recent = Recent(hand)
    recent.count("GET", "/a", 200, 0.02, None)
    recent.count("GET", "/a", 503, 2.0, "abc")
    assert recent.minute().requests == 0, "ten seconds that have just begun are no full ones"
    hand.now += 10
    recent.count("POST", "/b", 200, 0.1, None)
    hand.now += 50
    assert (recent.minute().requests, recent.minute().errors) == (3, 1)
    hand.now += 10
    assert (recent.minute().requests, recent.minute().errors) == (1, 0)
    assert {route: tally.requests for route, tally in recent.routes().items()} == {("GET", "/a"): 2, ("POST", "/b"): 1}
    hand.now += 3600
    assert recent.routes() == {}
    assert [(one.route, one.status, one.trace_id) for one in recent.slow()] == [("/a", 503, "abc")]


def test_slow_ones_are_bounded_and_the_newest_comes_first() -> None:
    recent = Recent(Hand())
    for status in range(200, 230):
        recent.count("GET", "/a", status, 1.5, None)
    recent.count("GET", "/a", 299, 0.99, None)
    assert [one.status for one in recent.slow()] == list(range(229, 209, -1))


def _tally(*seconds: float) -> Tally:
    tally = Tally()
    for one in seconds:
        tally.count(200, one)
    return tally


@pytest.mark.parametrize(
    ("seconds", "share", "expected"),
    [
        ([], 0.95, None),
        ([0.2] * 20, 0.5, 0.175),
        ([0.2] * 19 + [4.0], 0.95, 0.25),
        ([0.2] * 18 + [4.0] * 2, 0.95, 3.75),
        ([90.0], 0.95, BOUNDS[-1]),
    ],
)
def test_a_quantile_is_estimated_within_its_class(seconds: Sequence[float], share: float, expected: float) -> None:
    found = quantile(_tally(*seconds).by_duration, share)
    assert found == (expected if expected is None else pytest.approx(expected))


def test_the_slowest_routes_come_first() -> None:
    routes = {("GET", "/a"): _tally(0.01), ("GET", "/b"): _tally(3.0), ("GET", "/c"): _tally(0.3)}
    assert [route for (_, route), _ in slowest(routes, 2)] == ["/b", "/c"]
