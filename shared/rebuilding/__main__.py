"""The operator's command line: `python -m shared.rebuilding list|snapshot|stop|switch --service NAME ...`."""

import argparse
import asyncio
import getpass
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from uuid import UUID

from shared.auth import Actor
from shared.db.command_line import exit_on_database_error
from shared.errors import Problem
from shared.rebuilding import rebuilds, snapshots
from shared.work import RequestIdentity

_COUNTS = ("compared", "different", "missing", "unknown", "repaired", "overtaken")
Load = Callable[[str], Any]


def application_of(service: str) -> Any:
    """The application of a service; settings from the environment, as it has them."""
    if not service.isidentifier() or find_spec(f"services.{service}") is None:
        raise SystemExit(f"there is no service {service!r}")
    if find_spec(f"services.{service}.handlers") is None:
        raise SystemExit(f"{service} keeps no facts and has none that others keep")
    settings = import_module(f"services.{service}.settings").Settings.read()
    return import_module(f"services.{service}.app").create_app(settings)


def main(arguments: Sequence[str] | None = None, load: Load = application_of) -> int:
    """Run one command; the exit code is 0, or 1 where there is nothing to do it with."""
    given = _parser().parse_args(arguments)
    with exit_on_database_error():
        return asyncio.run(_run(given, load(given.service)))


async def _run(given: argparse.Namespace, app: Any) -> int:
    runtime, sources = app.state.runtime, app.state.snapshot_sources
    actor = Actor.system(f"{runtime.event_keys.source}/command-line")
    try:
        if given.command == "list":
            return await _list(app)
        if given.command == "snapshot" and given.kind not in sources:
            _say(f"{given.service} has no snapshot of {given.kind!r}; it has: {', '.join(sorted(sources)) or 'none'}")
            return 1
        async with runtime.commands.work(actor, RequestIdentity(f"command-line:{given.command}")) as work:
            match given.command:
                case "snapshot":
                    row = await snapshots.order(work, sources[given.kind], given.reason, given.by)
                    _say(f"{row.id}  about {row.expected} records of {row.kind}; `list` says how far it is")
                case "stop":
                    row = await snapshots.stop(work, sources, given.id, given.reason)
                    _say(f"stopped after {row.sent} records; those who keep the facts stay as they are")
                case _:
                    row = await rebuilds.switch(work, given.id, given.reason)
                    _say(f"{row.projection} will be switched")
    except Problem as refused:
        _say(f"{refused.code}: {refused.title.en}")
        return 1
    finally:
        await runtime.db.close()
    return 0


async def _list(app: Any) -> int:
    async with app.state.runtime.db.read() as session:
        sent, rebuilt = await snapshots.newest(session), await rebuilds.newest(session)
    _say(f"snapshots: {', '.join(sorted(app.state.snapshot_sources)) or 'none'}")
    for row in sent:
        _say(f"  {row.kind}  {row.id}  {row.state}  {row.sent} of {row.expected}  since {row.started_at:%F %T}")
    _say(f"projections: {', '.join(each.name for each in app.state.projections) or 'none'}")
    for row in rebuilt:
        counts = "  ".join(f"{name} {getattr(row, name)}" for name in _COUNTS)
        _say(f"  {row.projection}  {row.id}  {row.state}  {row.received} of {row.expected}  {counts}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m shared.rebuilding")
    commands = parser.add_subparsers(dest="command", required=True)
    for command, purpose in (
        ("list", "the last snapshots and rebuilds of a service"),
        ("snapshot", "send the facts of all records of a kind again"),
        ("stop", "end a snapshot before all is sent"),
        ("switch", "let a rebuild that was held be switched"),
    ):
        sub = commands.add_parser(command, help=purpose)
        sub.add_argument("--service", required=True)
        if command != "list":
            sub.add_argument("--reason", required=True, type=_reason, help="stands in the journal")
        if command == "snapshot":
            sub.add_argument("kind")
            sub.add_argument("--by", default=getpass.getuser(), help="who orders it (default: the system account)")
        if command in ("stop", "switch"):
            sub.add_argument("id", type=UUID)
    return parser


def _reason(given: str) -> str:
    if not given.strip():
        raise argparse.ArgumentTypeError("say why")
    return given


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
