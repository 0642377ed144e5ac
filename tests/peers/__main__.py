"""`make bench-peers`: what docs/benchmarks.md shows side by side, measured on this machine.

`python -m tests.peers [--rounds N] [--events N] [--broker apache|tansu] [PART ...]` measures those parts: the keys of
`CONTESTS` and `PAIRS`.
"""

import argparse
import asyncio
import os
import platform
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from shared import logging
from tests.peers import contests, services
from tests.peers.contests import Comparison, Kafka, Measured
from tests.peers.services import Pair

CONTESTS = {"relay": contests.relays, "consumer": contests.consumers}
PAIRS = {"submit": services.filings, "sign-in": services.sign_ins, "search": services.searches}


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.peers", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*CONTESTS, *PAIRS, []], help="all where none is given")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--events", type=int, default=30_000)
    found = "apache" if shutil.which("java") and shutil.which("mvn") else "tansu"
    parser.add_argument("--broker", choices=["apache", "tansu"], default=found)
    asked = parser.parse_args()
    kafka: Kafka = asked.broker
    cores, load = os.cpu_count(), os.getloadavg()[0]
    print(
        f"{platform.machine()}, {cores} cores at load {load:.1f}, Python {platform.python_version()}, broker {kafka}\n"
    )
    with Path(os.devnull).open("w") as nobody:
        logging.configure("bench", "INFO", nobody)
        for name in asked.parts or (*CONTESTS, *PAIRS):
            if name in PAIRS:
                _print(_paired(PAIRS[name](asked.rounds)))
                continue
            measured, compared = asyncio.run(CONTESTS[name](kafka, asked.rounds, asked.events))
            _print(_measured(measured))
            _print(_compared(compared))
    return 0


def _measured(measured: Sequence[Measured]) -> list[Sequence[str]]:
    rows: list[Sequence[str]] = [("what", "events/s, median", "least, most", "µs CPU an event", "PostgreSQL", "broker")]
    for each in measured:
        rates = [run.rate for run in each.runs]
        costs = (median(getattr(run, who) for run in each.runs) for who in ("own", "postgres", "broker"))
        rows.append(
            (
                each.what,
                f"{median(rates):,.0f}",
                f"{min(rates):,.0f}, {max(rates):,.0f}",
                *(f"{cost:.0f}" for cost in costs),
            )
        )
    return rows


def _compared(compared: Sequence[Comparison]) -> list[Sequence[str]]:
    rows: list[Sequence[str]] = [("ratio", "by the clock", "by CPU of the process", "to hold", "")]
    for each in compared:
        clock, cpu = median(each.by_clock()), median(each.by_cpu())
        verdict = "holds" if cpu >= each.least else "falls short"
        rows.append((each.what, f"{clock:.2f}", f"{cpu:.2f}", f"≥ {each.least}", verdict))
    return rows


def _paired(pairs: Sequence[Pair]) -> list[Sequence[str]]:
    rows: list[Sequence[str]] = [("beside what it needs", "ms CPU", "of it bare", "ratio", "by the clock")]
    for each in pairs:
        ours, bare = median(spent.cpu for spent in each.ours), median(spent.cpu for spent in each.bare)
        clock = median(spent.clock for spent in each.ours) / median(spent.clock for spent in each.bare)
        rows.append((each.what, f"{ours:.1f}", f"{bare:.1f}", f"{ours / bare:.2f}", f"{clock:.2f}"))
    return rows


def _print(rows: Sequence[Sequence[str]]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for number, row in enumerate(rows):
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |")
        if number == 0:
            print("|" + "|".join("-" * (width + 2) for width in widths) + "|")
    print(flush=True)


if __name__ == "__main__":
    sys.exit(main())
