"""`make growth`: pages and milliseconds of every step of every service with few and with many rows, as a table."""

import argparse
import asyncio
import logging
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import structlog

from deploy.local.ports import Ports
from deploy.local.stack import LocalStack
from tests.growth.known import reason_of
from tests.growth.measuring import Costs, grown, measure
from tests.growth.worlds import WORLDS, Servers
from tests.infra.databases import Databases


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a table for each service."""
    parser = argparse.ArgumentParser(prog="python -m tests.growth", description=__doc__)
    parser.add_argument("--service", choices=sorted(WORLDS), action="append", help="default: each")
    parser.add_argument("rows", nargs="*", type=int, default=[10_000, 100_000, 1_000_000])
    given = parser.parse_args(arguments)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory(prefix="zairyu-growth-") as made:
        Path(made).chmod(0o755)
        services = given.service or list(WORLDS)
        stack = LocalStack(Path(made), Ports.free(), durable=False, services=tuple(services))
        stack.lock()
        started = [stack.postgres, stack.mailbox, stack.object_store]
        for server in started:
            server.start()
        try:
            databases = Databases(stack.postgres)
            for service in services:
                _print(service, given.rows, _measured(stack, databases, service, given.rows))
        finally:
            stack.stop()


def _measured(stack: LocalStack, databases: Databases, service: str, sizes: Sequence[int]) -> list[Costs]:
    servers, found = Servers(stack.postgres, stack.mailbox, stack.object_store), []
    for rows in sizes:
        begun = time.monotonic()
        found.append(asyncio.run(measure(servers, databases, service, rows)))
        print(f"<!-- {service}: {rows:,} rows, {time.monotonic() - begun:.0f} s -->", flush=True)
    return found


def _print(service: str, sizes: Sequence[int], found: Sequence[Costs]) -> None:
    print(f"\n### {service}\n\n| Step | Statements | {' | '.join(f'{rows:,}' for rows in sizes)} | ms |")
    print(f"|---|---|{'---|' * (len(sizes) + 1)}")
    everywhere = set.intersection(*(set(costs) for costs in found))
    steps: dict[str, list[str]] = defaultdict(list)
    for step, statement in found[0]:
        if (step, statement) in everywhere:
            steps[step].append(statement)
    for step, statements in steps.items():
        pages = [sum(costs[step, each].buffers for each in statements) for costs in found]
        milliseconds = sum(found[-1][step, each].milliseconds for each in statements)
        cells = " | ".join(f"{each:,}" for each in pages)
        print(f"| {step} | {len(statements)} | {cells} | {milliseconds:.1f} |")
    for (step, statement), (few, many) in grown(found[0], found[-1]).items():
        reason = reason_of(service, statement) or "**no reason given**"
        print(f"\n- {step}: {few.buffers:,} to {many.buffers:,} pages, {many.milliseconds:.1f} ms: {reason}")
        print(f"  `{statement[:160].replace('|', '/')}`")


if __name__ == "__main__":
    main()
