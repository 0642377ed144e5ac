"""Answers of the services about one application, merged in order of time. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from shared.clock import JST

# A group that has not taken an event after this time has not just been slow.
EXPECTED = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Arrival:
    """An event at one group: `state` is how it arrived, or "missing"; `after` the time from its recording."""

    group: str
    state: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the page. `gap` marks what is missing or in the way; `since` is the time from the line before."""

    at: datetime
    service: str
    kind: str
    name: str
    state: str = ""
    by: str = ""
    subject: str = ""
    since: str = ""
    gap: bool = False
    sent_after: str = ""
    arrivals: tuple[Arrival, ...] = ()


def elapsed(time: timedelta) -> str:
    """A time in the unit that fits, by the symbols of every language: `85 ms`, `3.2 s`, `4 min`, `7 h`, `12 d`."""
    seconds = max(time.total_seconds(), 0.0)
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    for limit, length, unit in ((3600, 60, "min"), (86_400, 3600, "h")):
        if seconds < limit:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds / 86_400:.0f} d"


def instant(at: datetime) -> str:
    """A moment to the millisecond, as it is in Japan, in the form of every language."""
    return f"{at.astimezone(JST):%Y-%m-%d %H:%M:%S}.{at.microsecond // 1000:03d}"


def merge(
    followed: Mapping[str, Mapping[str, Any]], seen: Mapping[str, Mapping[str, Any]], now: datetime
) -> list[Line]:
    """Every step and event, the oldest first. `followed` and `seen` are answers by service, without those away."""
    lines = [_step(service, step) for service, answer in followed.items() for step in answer["steps"]]
    lines += [_event(service, event, seen, now) for service, answer in followed.items() for event in answer["events"]]
    lines.sort(key=lambda line: line.at)
    return [_since(line, lines[place - 1] if place else None) for place, line in enumerate(lines)]


def event_ids(followed: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The ids of all events that services recorded."""
    return [event["event_id"] for answer in followed.values() for event in answer["events"]]


def _step(service: str, step: Mapping[str, Any]) -> Line:
    return Line(
        at=datetime.fromisoformat(step["at"]),
        service=service,
        kind=step["kind"],
        name=step["name"],
        state=step["state"] or "",
        by=" ".join(part for part in (step["by"], step["timer"]) if part),
        subject=step["subject"] or "",
        gap=step["kind"] == "letter" or step["state"] in ("failed", "failing"),
    )


def _event(service: str, event: Mapping[str, Any], seen: Mapping[str, Mapping[str, Any]], now: datetime) -> Line:
    recorded = datetime.fromisoformat(event["recorded_at"])
    sent = event["sent_at"] and datetime.fromisoformat(event["sent_at"])
    arrivals = tuple(_arrivals(event, recorded, seen))
    is_late = now - recorded > EXPECTED
    missing = sent is None or any(arrival.state != "handled" for arrival in arrivals)
    return Line(
        at=recorded,
        service=service,
        kind="event",
        name=event["type"],
        subject=event["event_id"],
        gap=missing and is_late,
        sent_after=elapsed(sent - recorded) if sent else "",
        arrivals=arrivals,
    )


def _arrivals(event: Mapping[str, Any], recorded: datetime, seen: Mapping[str, Mapping[str, Any]]) -> Sequence[Arrival]:
    """The event at each group that takes its type."""
    found = []
    for group, answer in seen.items():
        taken = answer["taken"].get(event["event_id"])
        if taken is not None:
            after = datetime.fromisoformat(taken["at"]) - recorded
            found.append(Arrival(group, taken["state"], elapsed(after)))
        elif event["type"] in answer["subscriptions"]:
            found.append(Arrival(group, "missing", ""))
    return found


def _since(line: Line, before: Line | None) -> Line:
    return replace(line, since=elapsed(line.at - before.at)) if before else line
