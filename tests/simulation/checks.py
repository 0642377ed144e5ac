"""The guarantees that a run must have kept, whatever happened in it."""

from collections import Counter
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from tests.simulation.world import World


class Violation(AssertionError):
    """The run broke a guarantee."""


def unsettled(world: "World") -> list[str]:
    """The work that is still under way, in words; none when all has come to an end."""
    from tests.simulation.world import GROUP, TOPIC

    rows = world.server.rows
    found = []
    if any(p.alive and p.main and not p.main.done() for p in world.processes if p.name.startswith("writer")):
        found.append("writers write")
    if rows("outbox"):
        found.append(f"{len(rows('outbox'))} rows in the outbox")
    lag = len(world.broker.log(TOPIC)) - sum(world.broker.committed(GROUP).values())
    if lag:
        found.append(f"{lag} messages to take")
    if rows("dead_letters"):
        found.append(f"{len(rows('dead_letters'))} letters")
    if world.plan.workers and any(row["kind"] == "remind" for row in rows("timers")):
        found.append("timers")
    if world.plan.workers and not any(row["kind"] == "job" for row in rows("effects")):
        found.append("the recurring job")
    return found


def check(world: "World") -> None:
    """Raise `Violation` unless each event and each timer had one effect, in order, and every part still works."""
    rows = world.server.rows
    done = sorted(rows("effects"), key=lambda row: row["position"])
    _once(world, done)
    _in_order(world, done)
    if world.plan.workers:
        _timers(world, done)
    _sent(world)
    for process in world.processes:
        main = process.main
        if process.alive and main and main.done() and not process.name.startswith("writer") and not main.cancelled():
            raise Violation(f"{process.name} ended by itself")


def _once(world: "World", done: list[dict[str, Any]]) -> None:
    submitted = {row["id"] for row in world.server.rows("submissions")}
    took = Counter(row["id"] for row in done if row["kind"] == "event")
    twice = [each for each, count in took.items() if count > 1]
    if twice:
        raise Violation(f"two effects of {twice[0]}")
    decisions = world.server.rows("dead_letter_decisions")
    dropped = {row["event_id"] for row in decisions if row["action"] == "dropped"}
    if dropped & took.keys():
        raise Violation("an event that was dropped had an effect")
    lost = submitted - took.keys() - dropped
    if lost:
        raise Violation(f"{len(lost)} events were lost")
    if took.keys() - submitted:
        raise Violation("an effect of an event that was never written")


def _in_order(world: "World", done: list[dict[str, Any]]) -> None:
    last: dict[UUID, int] = {}
    for row in done:
        if row["kind"] == "event":
            if row["number"] <= last.get(row["aggregate"], 0):
                raise Violation(f"number {row['number']} took effect after {last[row['aggregate']]}")
            last[row["aggregate"]] = row["number"]


def _timers(world: "World", done: list[dict[str, Any]]) -> None:
    took = Counter(row["id"].int for row in done if row["kind"] == "timer")
    if took != Counter(range(1, world.plan.timers + 1)):
        raise Violation(f"timers took effect {dict(took)} times")
    jobs = [row for row in world.server.rows("timers") if row["kind"] == "job:sweep"]
    if len(jobs) != 1:
        raise Violation(f"a recurring job stands {len(jobs)} times")


def _sent(world: "World") -> None:
    """The service remembers exactly what it sent."""
    if {row["id"] for row in world.server.rows("submissions")} != {
        row["event_id"] for row in world.server.rows("sent_events")
    }:
        raise Violation("events that were sent are not those remembered")
