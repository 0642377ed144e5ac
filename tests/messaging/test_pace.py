"""Rates: messages that arrive and are taken in a minute."""

from shared.messaging.message import Partition
from shared.messaging.pace import Pace, Rate
from shared.messaging.ports import Progress

PLACE, OTHER = Partition("a.events", 0), Partition("a.events", 1)


def test_a_rate_is_that_of_the_last_minute_and_not_known_at_first() -> None:
    pace = Pace()
    for second in range(0, 15, 3):
        pace.see({PLACE: Progress(end=100 + second, committed=90)}, now=second)
        assert pace.rate(PLACE) is None
    pace.see({PLACE: Progress(end=115, committed=105)}, now=15)
    assert pace.rate(PLACE) == Rate(60, 60)
    for second in range(18, 90, 3):
        pace.see({PLACE: Progress(end=115, committed=105)}, now=second)
    assert pace.rate(PLACE) == Rate(0, 0)


def test_partitions_that_went_elsewhere_are_forgotten_and_a_topic_made_again_has_no_rate_below_zero() -> None:
    pace = Pace()
    for second, end in ((0, 50), (30, 5)):
        pace.see({PLACE: Progress(end=end, committed=0), OTHER: Progress(end=end, committed=0)}, now=second)
    assert pace.rate(PLACE) == Rate(0, 0)
    pace.see({OTHER: Progress(end=6, committed=0)}, now=33)
    assert pace.rate(PLACE) is None
