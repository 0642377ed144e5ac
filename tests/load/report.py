"""The report of a load: facts of the machine, each minute, and the verdict, beside Locust's own tables."""

import csv
import html
import json
import os
import platform
import statistics
import subprocess
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from deploy.local.service import ROOT

# Memory that grows by more than this in an hour, and by this share of itself, is said to grow.
GROWTH_MB, GROWTH_SHARE = 30.0, 0.15
# The first minutes fill caches, and few minutes say nothing about an hour.
_WARM_MINUTES, _FEWEST_MINUTES = 3, 10


@dataclass(frozen=True, slots=True)
class Request:
    """A request, or a wait, when it was over."""

    at: float
    kind: str
    name: str
    milliseconds: float
    failed: bool


@dataclass
class Minute:
    """One minute: what is on the way, and memory in MB by process."""

    at: float
    outbox: int = 0
    lag: int = 0
    memory: dict[str, float] = field(default_factory=dict)
    fault: str = ""


def read_requests(path: Path) -> list[Request]:
    """All requests of a run."""
    with path.open() as lines:
        found = csv.reader(lines)
        return [Request(float(at), kind, name, float(ms), failed == "1") for at, kind, name, ms, failed in found]


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which so many of a hundred are; 0 without any."""
    return statistics.quantiles(values, n=100, method="inclusive")[round(share) - 1] if len(values) > 1 else sum(values)


def growth_of(minutes: Sequence[tuple[float, float]]) -> float:
    """MB by which memory grows in an hour: the slope of the line through its values (seconds, MB)."""
    if len(minutes) < 2:
        return 0.0
    return statistics.linear_regression(*zip(*minutes, strict=True)).slope * 3600


def growing(minutes: Sequence[Minute]) -> list[str]:
    """The processes whose memory grows, once there are minutes enough to say so."""
    warm = minutes[_WARM_MINUTES:]
    if len(warm) < _FEWEST_MINUTES:
        return []
    found = []
    for name in sorted({name for minute in warm for name in minute.memory}):
        values = [(minute.at, minute.memory[name]) for minute in warm if name in minute.memory]
        growth = growth_of(values)
        middle = statistics.mean(value for _, value in values)
        if growth > GROWTH_MB and growth > GROWTH_SHARE * middle:
            found.append(f"memory of {name} grows by {growth:.0f} MB an hour, from {middle:.0f} MB")
    return found


def machine() -> dict[str, str]:
    """The facts without which no figure says anything."""
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True)
    cpu = Path("/proc/cpuinfo")
    models = [line.partition(":")[2].strip() for line in cpu.read_text().splitlines() if line.startswith("model name")]
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": commit.stdout.strip() or "unknown",
        "system": platform.platform(),
        "processor": f"{os.cpu_count()} x {models[0] if models else platform.machine()}",
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GB",
        "python": platform.python_version(),
        "load before": " ".join(f"{one:.1f}" for one in psutil.getloadavg()),
    }


def by_minute(requests: Sequence[Request], minutes: Sequence[Minute], names: Sequence[str]) -> list[dict[str, Any]]:
    """A row for each minute: requests, failures, percentiles of those `names`, outbox, lag, fault and memory."""
    rows = []
    start = minutes[0].at - 60 if minutes else min((one.at for one in requests), default=0.0)
    among: dict[int, list[Request]] = defaultdict(list)
    for request in requests:
        among[int((request.at - start) // 60)].append(request)
    for number in range(max(len(minutes), max(among, default=-1) + 1)):
        those = among[number]
        row: dict[str, Any] = {"minute": number + 1, "requests": len(those), "failed": sum(one.failed for one in those)}
        for name in names:
            values = [one.milliseconds for one in those if one.name == name]
            label = name.partition(",")[0]
            row |= {f"{label}: done": len(values)}
            row |= {f"{label}: p{share}": round(percentile(values, share)) for share in (50, 95, 99)}
        if number < len(minutes):
            minute = minutes[number]
            row |= {"outbox": minute.outbox, "lag": minute.lag, "fault": minute.fault}
            row |= {f"MB {name}": round(value) for name, value in minute.memory.items()}
        rows.append(row)
    return rows


def write(folder: Path, facts: Mapping[str, str], rows: Sequence[Mapping[str, Any]], verdict: Sequence[str]) -> None:
    """`machine.json`, `minutes.csv` and `verdict.txt`; and all of it at the top of Locust's own page."""
    (folder / "machine.json").write_text(json.dumps(facts, indent=2, ensure_ascii=False))
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with (folder / "minutes.csv").open("w", newline="") as written:
        table = csv.DictWriter(written, columns)
        table.writeheader()
        table.writerows(rows)
    said = list(verdict) or ["nothing failed, everything arrived, nothing is lost or doubled, the invariants hold"]
    (folder / "verdict.txt").write_text("\n".join(said) + "\n")
    page = folder / "report.html"
    if page.exists():
        stated = "".join(f"<dt>{html.escape(name)}</dt><dd>{html.escape(value)}</dd>" for name, value in facts.items())
        lines = "".join(f"<li>{html.escape(line)}</li>" for line in said)
        section = f"<section style='font-family:sans-serif;margin:1rem'><ul>{lines}</ul><dl>{stated}</dl></section>"
        before, tag, rest = page.read_text().rpartition("<body>")
        page.write_text(f"{before}{tag}{section}{rest}")


def table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """Some columns as a table for a terminal."""
    lines = [[*columns], *([str(row.get(name, "")) for name in columns] for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(columns))]
    return "\n".join("  ".join(text.rjust(width) for text, width in zip(line, widths, strict=True)) for line in lines)
