"""The timers of a service by kind: late or not, and the last run of those that recur."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.gateway.pages.board.system.lights import Level, is_late, reporting
from services.gateway.pages.board.system.overview import sign


def timers_of(state: Mapping[str, Any] | None, texts: Mapping[str, str]) -> list[dict[str, Any]]:
    """The timers, each with a sign, its last run, and the seconds for which a process has worked on one now."""
    if not state or not state["stored"]:
        return []
    stored, now = state["stored"], datetime.fromisoformat(state["at"])
    working: dict[str, float] = {}
    for process in reporting(stored.get("processes", ())):
        for work in process.get("working_on", ()):
            working[work["kind"]] = max(work["seconds"], working.get(work["kind"], 0))
    return [
        {
            **timer,
            **sign(_level(timer, now), texts),
            "last_run": timer.get("last_run"),
            "for": working.get(timer["kind"]),
        }
        for timer in stored["timers"]
    ]


def _level(timer: Mapping[str, Any], now: datetime) -> Level:
    return Level.LOOK if timer["failing"] or is_late(timer, now) else Level.GOOD
