"""Answers of services about one application, merged: order, times between, delays at each group, gaps."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.gateway.pages.board.follow.merging import elapsed, instant, merge

T0 = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
TYPE = "zairyu.ApplicationSubmitted.v1"


def at(seconds: float) -> str:
    return (T0 + timedelta(seconds=seconds)).isoformat()


def step(seconds: float, kind: str = "command", state: str | None = None) -> dict[str, Any]:
    return {
        "at": at(seconds),
        "kind": kind,
        "name": "x",
        "state": state,
        "by": "officer",
        "subject": None,
        "event_id": None,
        "timer": None,
    }


def event(sent: float | None = 0.012) -> dict[str, Any]:
    return {"event_id": "e", "type": TYPE, "recorded_at": at(0), "sent_at": None if sent is None else at(sent)}


def group(taken: float | None, state: str = "handled", subscribed: bool = True) -> dict[str, Any]:
    arrived = {} if taken is None else {"e": {"event_id": "e", "at": at(taken), "state": state}}
    return {"subscriptions": {TYPE} if subscribed else set(), "taken": arrived}


def test_lines_stand_in_order_of_time_with_the_time_between() -> None:
    followed = {
        "review": {"steps": [step(2.5), step(0.25)], "events": []},
        "application": {"steps": [step(0)], "events": []},
    }
    lines = merge(followed, {}, T0)
    assert [(line.service, line.since) for line in lines] == [
        ("application", ""),
        ("review", "250 ms"),
        ("review", "2.2 s"),
    ]


@pytest.mark.parametrize(
    ("sent", "groups", "age", "arrivals", "gap"),
    [
        (0.012, {"review": group(0.04)}, 60, [("review", "handled", "40 ms")], False),
        (0.012, {"review": group(0.04), "document": group(None)}, 60, [("document", "missing", "")], True),
        (0.012, {"review": group(None)}, 5, [("review", "missing", "")], False),
        (0.012, {"review": group(None, subscribed=False)}, 60, [], False),
        (0.012, {"review": group(1, "parked")}, 60, [("review", "parked", "1.0 s")], True),
        (None, {}, 60, [], True),
    ],
    ids=["taken", "one group lacks it", "it may still arrive", "nobody here takes it", "dead letter", "never sent"],
)
def test_an_event_says_where_it_arrived_and_what_is_missing(
    sent: float | None, groups: dict[str, Any], age: int, arrivals: list[tuple[str, str, str]], gap: bool
) -> None:
    (line,) = merge({"application": {"steps": [], "events": [event(sent)]}}, groups, T0 + timedelta(seconds=age))
    found = [(arrival.group, arrival.state, arrival.after) for arrival in line.arrivals]
    assert set(arrivals) <= set(found)
    assert line.gap is gap
    assert line.sent_after == ("" if sent is None else "12 ms")


@pytest.mark.parametrize(("kind", "state"), [("letter", "parked"), ("mail", "failed"), ("timer", "failing")])
def test_what_failed_is_a_gap(kind: str, state: str) -> None:
    (line,) = merge({"notification": {"steps": [step(0, kind, state)], "events": []}}, {}, T0)
    assert line.gap


def test_times_have_the_unit_that_fits() -> None:
    seconds = (0.0854, 3.21, 240, 25_200, 1_036_800)
    assert [elapsed(timedelta(seconds=each)) for each in seconds] == ["85 ms", "3.2 s", "4 min", "7 h", "12 d"]
    assert instant(T0 + timedelta(milliseconds=7)) == "2026-11-20 12:00:00.007"
