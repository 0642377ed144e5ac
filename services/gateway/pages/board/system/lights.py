"""Lights: what an operator should look at, by the state of a service, whose own clock tells the ages."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

# Seconds from which a light is yellow, and red.
OUTBOX = (60, 300)
UNREAD = (60, 300)
TIMERS = (120, 900)
TRANSACTION = (60, 300)
# Seconds after which one timer takes long.
WORK = 300
# Sealing is done every minute.
JOURNAL = (300, 1800)
# Numbers of single services: login ids that many wrong attempts have slowed, hours since signatures were made.
NUMBERS = {"slowed-accounts": (10, 100), "signatures-hours": (72, 168)}

# The notices with which work fails already, although requests are answered.
BROKEN = ("clock-differs", "database-full")


class Level(IntEnum):
    """The colour of a light; pages say it in words and with a symbol."""

    GOOD = 0
    LOOK = 1
    BROKEN = 2


@dataclass(frozen=True, slots=True)
class Light:
    """One line of the board. `subject` names its texts, `detail` is a name or a number to show, `place` the part of the
    service's page that says more."""

    level: Level
    subject: str
    detail: str = ""
    place: str = ""


def lights_of(state: Mapping[str, Any] | None) -> list[Light]:
    """The lights of a service that are not green, the worst first; a green one where all is well. None: no answer.
    Empty: it does not take the session."""
    if not state:
        return [Light(Level.BROKEN, "silent" if state is None else "refuses")]
    found = sorted(_lights(state), key=lambda light: -light.level)
    return found or [Light(Level.GOOD, "good")]


def level_of(lights: list[Light]) -> Level:
    """The worst of these."""
    return max((light.level for light in lights), default=Level.GOOD)


def _lights(state: Mapping[str, Any]) -> Iterator[Light]:
    stored = state["stored"]
    processes = processes_in(state)
    elsewhere = [check for process in reporting(processes) for check in process["checks"]]
    for name in dict.fromkeys(check["name"] for check in (*state["checks"], *elsewhere) if not check["is_good"]):
        yield Light(Level.BROKEN, "check", name, "checks")
    found = [*state["notices"], *(one for process in reporting(processes) for one in process.get("notices", ()))]
    for notice in dict.fromkeys(found):
        yield Light(Level.BROKEN if notice in BROKEN else Level.LOOK, "notice", notice, "checks")
    if silent := sum(process["is_silent"] for process in processes):
        yield Light(Level.LOOK, "process", str(silent), "processes")
    if stored:
        yield from _of_stored(stored, datetime.fromisoformat(state["at"]))


def processes_in(state: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    """The processes of a service by their reports. Those of the gateway, which has no database, stand beside its state;
    a service of the release before says nothing of its processes."""
    return list((state or {}).get("processes") or ((state or {}).get("stored") or {}).get("processes", ()))


def reporting(processes: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The processes whose reports are not missing."""
    return [process for process in processes if not process["is_silent"]]


def _of_stored(stored: Mapping[str, Any], now: datetime) -> Iterator[Light]:
    for part in stored.get("parts_missing", ()):
        yield Light(Level.BROKEN, "missing", part, "processes")
    # A service of the release before says nothing of its invariants.
    if violated := stored.get("violated"):
        yield Light(Level.BROKEN, "violated", str(len(violated)), "invariants")
    if unchecked := stored.get("unchecked"):
        yield Light(Level.LOOK, "unchecked", str(len(unchecked)), "invariants")
    letters = stored["letters"]
    if undecided := letters["parked"] + letters["refused"]:
        yield Light(Level.LOOK, "letters", str(undecided), "letters")
    yield from _late("unread", _oldest_unread(stored), UNREAD, "messaging")
    yield from _late("outbox", _age(stored["outbox"]["oldest_at"], now), OUTBOX, "messaging")
    oldest = max((_age(one["oldest_due_at"], now) for one in stored["timers"]), default=0)
    yield from _late("timers", oldest, TIMERS, "timers")
    for process in reporting(stored.get("processes", ())):
        for work in process.get("working_on", ()):
            yield from _long(work)
    if failing := sum(one["failing"] for one in stored["timers"]):
        yield Light(Level.LOOK, "failing", str(failing), "timers")
    for queue in stored["queues"]:
        if queue["is_late"]:
            yield Light(Level.LOOK, "queue", queue["name"], "queues")
    for rebuild in stored.get("rebuilds", ()):
        if rebuild["state"] == "held":
            yield Light(Level.LOOK, "held", rebuild["projection"], "projections")
    yield from _late("journal", _age(stored["journal"]["unsealed_since"], now), JOURNAL, "journal")
    for name, limits in NUMBERS.items():
        yield from _late(name.replace("-", "_"), stored.get("numbers", {}).get(name, 0), limits, "numbers")
    if wrong := max((each["contradictions"] for each in stored["journal"].get("rounds", ())), default=0):
        yield Light(Level.BROKEN, "contradicted", str(wrong), "journal")
    yield from _late("transaction", stored["database"]["longest_transaction_seconds"], TRANSACTION, "database")


def _late(subject: str, seconds: float, limits: tuple[int, int], place: str) -> Iterator[Light]:
    yellow, red = limits
    if seconds >= yellow:
        yield Light(Level.BROKEN if seconds >= red else Level.LOOK, subject, str(round(seconds)), place)


def _oldest_unread(stored: Mapping[str, Any]) -> float:
    consumers = [process["consumer"] for process in reporting(stored.get("processes", ())) if process["consumer"]]
    topics = [topic for consumer in consumers for topic in consumer.get("topics", ())]
    return max((topic.get("oldest_seconds") or 0 for topic in topics), default=0)


def unread_level(seconds: float) -> Level:
    """The level of a topic whose oldest message has waited so long."""
    return max((light.level for light in _late("unread", seconds, UNREAD, "")), default=Level.GOOD)


def _long(work: Mapping[str, Any]) -> Iterator[Light]:
    if work["seconds"] >= WORK:
        yield Light(Level.LOOK, "long", work["kind"], "timers")


def is_late(timer: Mapping[str, Any], now: datetime) -> bool:
    """Whether the oldest of these timers is as late as the yellow light has it."""
    return _age(timer["oldest_due_at"], now) >= TIMERS[0]


def _age(moment: str | None, now: datetime) -> float:
    return (now - datetime.fromisoformat(moment)).total_seconds() if moment else 0
