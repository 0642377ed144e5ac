"""Copies of other services' facts: how far they are behind, and the snapshots and rebuilds that make them again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.gateway.pages.board.system.lights import UNREAD, Level
from services.gateway.pages.board.system.overview import sign
from services.gateway.pages.board.system.processes import topics_of

_LEVELS = {"held": Level.LOOK}


def facts_of(state: Mapping[str, Any] | None, texts: Mapping[str, str]) -> list[dict[str, Any]]:
    """The owners of the facts that a service keeps, with the seconds by which its copy is behind."""
    if not state or not state["stored"]:
        return []
    now = datetime.fromisoformat(state["at"])
    unread = {topic["topic"]: topic["oldest_seconds"] for topic in topics_of(state["stored"])}
    found = []
    for one in state["stored"].get("facts", ()):
        since = one["set_aside_since"]
        aside = (now - datetime.fromisoformat(since)).total_seconds() if since else 0
        behind = max(unread.get(one["topic"], 0), aside)
        level = Level.LOOK if behind >= UNREAD[0] else Level.GOOD
        found.append({**sign(level, texts), "owner": one["owner"], "behind": round(behind)})
    return found


def snapshots_of(state: Mapping[str, Any] | None, texts: Mapping[str, str]) -> list[dict[str, Any]]:
    """The last snapshots of a service's own facts."""
    return [_shown(one, "sent", one["kind"], texts) for one in stored_rows(state, "snapshots")]


def rebuilds_of(state: Mapping[str, Any] | None, texts: Mapping[str, str]) -> list[dict[str, Any]]:
    """The last rebuilds of a service's copies, with the rows that came in a second."""
    found = []
    for one in stored_rows(state, "rebuilds"):
        began, until = (datetime.fromisoformat(one[name]) for name in ("started_at", "measured_at"))
        seconds = (until - began).total_seconds()
        rate = round(one["received"] / seconds) if seconds >= 1 else 0
        found.append({**_shown(one, "received", one["projection"], texts), "rate": rate})
    return found


def stored_rows(state: Mapping[str, Any] | None, name: str) -> list[dict[str, Any]]:
    """The last `snapshots` or `rebuilds` that a service reports."""
    # A service of the release before says nothing of it.
    return list(((state or {}).get("stored") or {}).get(name, ()))


def _shown(one: Mapping[str, Any], done: str, name: str, texts: Mapping[str, str]) -> dict[str, Any]:
    level = _LEVELS.get(one["state"], Level.GOOD)
    code = one["state"]
    tone = sign(level, texts)["tone"]
    percent = min(100, one[done] * 100 // one["expected"]) if one["expected"] else 100
    return {**one, "name": name, "tone": tone, "text": texts.get(f"rebuild_{code}", code), "percent": percent}
