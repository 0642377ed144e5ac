"""The processes of a service, and what they have still to take of each topic."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.gateway.pages.board.system.lights import Level, reporting
from services.gateway.pages.board.system.overview import sign


def processes_of(stored: Mapping[str, Any] | None, texts: Mapping[str, str]) -> list[dict[str, Any]]:
    """The processes by their last reports; one whose reports are missing needs a look, whatever it said before."""
    return [{**process, **_sign(process, texts)} for process in _processes(stored)]


def topics_of(stored: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """The topics that the consumers of a service take, summed over its processes, by name."""
    topics: dict[str, dict[str, Any]] = {}
    for process in reporting(_processes(stored)):
        for topic in (process["consumer"] or {}).get("topics", ()):
            empty = {"topic": topic["topic"], **dict.fromkeys(("partitions", "end", "lag", "oldest_seconds"), 0)}
            empty |= dict.fromkeys(("arrived", "taken"))
            total = topics.setdefault(topic["topic"], empty)
            for name in ("partitions", "end", "lag"):
                total[name] += topic[name]
            for name in ("arrived", "taken"):  # a process of the release before, or a young one, does not know
                if topic.get(name) is not None:
                    total[name] = round((total[name] or 0) + topic[name])
            total["oldest_seconds"] = max(total["oldest_seconds"], topic.get("oldest_seconds") or 0)
    return [topics[name] for name in sorted(topics)]


def phases_of(stored: Mapping[str, Any] | None) -> set[str]:
    """The phases of the consumers of a service."""
    return {process["consumer"]["phase"] for process in reporting(_processes(stored)) if process["consumer"]}


def _processes(stored: Mapping[str, Any] | None) -> Iterable[Mapping[str, Any]]:
    found: Iterable[Mapping[str, Any]] = (stored or {}).get("processes", ())
    return found


def _sign(process: Mapping[str, Any], texts: Mapping[str, str]) -> dict[str, Any]:
    failing = [check["name"] for check in process["checks"] if not check["is_good"]]
    notices = process.get("notices", [])
    if process["is_silent"]:
        return {**sign(Level.LOOK, texts), "failing": []}
    level = Level.BROKEN if failing else Level.LOOK if notices else Level.GOOD
    return {**sign(level, texts), "failing": [*failing, *notices]}
