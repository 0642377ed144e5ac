"""The age of the oldest message that is not taken."""

from shared.messaging.arrivals import Arrivals
from shared.messaging.message import Partition
from shared.messaging.ports import Progress

PLACE = Partition("a.events", 0)


def see(arrivals: Arrivals, now: float, end: int, committed: int) -> float | None:
    arrivals.see({PLACE: Progress(end, committed)}, now)
    return arrivals.age(PLACE, now)


def test_the_age_is_that_of_the_oldest_message_that_is_not_taken() -> None:
    arrivals = Arrivals()
    assert see(arrivals, 0, end=5, committed=5) is None
    assert see(arrivals, 10, end=7, committed=5) == 0
    assert see(arrivals, 20, end=7, committed=6) == 10, "one of both that came at 10 is left"
    assert see(arrivals, 30, end=9, committed=6) == 20
    assert see(arrivals, 40, end=9, committed=7) == 10, "the next came at 30"
    assert see(arrivals, 50, end=9, committed=9) is None


def test_what_was_there_before_is_as_old_as_the_first_look_and_a_partition_that_went_is_forgotten() -> None:
    arrivals = Arrivals()
    assert see(arrivals, 100, end=9, committed=2) == 0
    assert see(arrivals, 160, end=9, committed=3) == 60
    arrivals.see({}, 170)
    assert arrivals.age(PLACE, 170) is None
    assert see(arrivals, 180, end=9, committed=3) == 0


def test_moments_are_bounded_and_an_age_is_then_rather_too_great() -> None:
    arrivals = Arrivals()
    for moment in range(1000):
        see(arrivals, moment, end=moment + 1, committed=0)
    assert arrivals.age(PLACE, 1000) == 1000
    assert len(arrivals._seen[PLACE]) == 200
    assert see(arrivals, 1000, end=1000, committed=900) == 1000 - 199
    assert see(arrivals, 1000, end=1000, committed=1000) is None
