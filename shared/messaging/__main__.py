"""The operator's command line: `python -m shared.messaging letters list|show|replay|drop --service NAME ...`, and
`events resend --service NAME`."""

import argparse
import asyncio
import getpass
import json
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from uuid import UUID

from shared.db.command_line import exit_on_database_error
from shared.messaging import deadletters
from shared.messaging.replay import DeadLetters, NoSuchLetter
from shared.messaging.resend import RelayRuns, resend
from shared.messaging.tables import headers_from_json

_MEANING = (
    "(parked: failed, waits for a decision of yours; deferred: tried again until what it needs is there; "
    "waiting: behind another letter of its key; refused: not authentic, without effect, and nothing waits for it)"
)
Load = Callable[[str], DeadLetters]


def dead_letters_of(service: str) -> DeadLetters:
    """The letters of a service, with the handlers of its application; settings from the environment, as it has them."""
    # A service without a store, such as the gateway, has no letters; and the name is typed by a person.
    if not service.isidentifier() or find_spec(f"services.{service}") is None:
        raise SystemExit(f"there is no service {service!r}")
    if find_spec(f"services.{service}.handlers") is None:
        raise SystemExit(f"{service} handles no events: it has no letters")
    settings = import_module(f"services.{service}.settings").Settings.read()
    letters: DeadLetters = import_module(f"services.{service}.app").create_app(settings).state.letters
    return letters


def main(arguments: Sequence[str] | None = None, load: Load = dead_letters_of) -> int:
    """Run one command; the exit code is 0, or 1 when a letter failed again or is not there, or a relay runs."""
    given = _parser().parse_args(arguments)
    with exit_on_database_error():
        return asyncio.run(_run(given, load(given.service)))


async def _run(given: argparse.Namespace, letters: DeadLetters) -> int:
    try:
        match given.command:
            case "list":
                return await _list(letters)
            case "show":
                return await _show(letters, given.letter)
            case "resend":
                return await _resend(letters)
            case "replay":
                done = await letters.replay(by=given.by, letter_id=given.letter, error_type=given.error_type)
            case _:
                done = await letters.drop(given.letter, by=given.by, reason=given.reason)
    except NoSuchLetter as error:
        _say(f"no letter {error} in group {letters.group}: see `letters list`")
        return 1
    finally:
        await letters.db.close()
    _say(f"{done.resolved} had their effect, {done.failed} failed again")
    return 1 if done.failed else 0


async def _list(letters: DeadLetters) -> int:
    async with letters.db.read() as session:
        counts = await deadletters.counts(session, letters.group)
        groups = await deadletters.overview(session, letters.group)
        parked = await deadletters.parked(session, letters.group)
    _say("  ".join(f"{status} {count}" for status, count in counts.items()))
    _say(_MEANING)
    for row in groups:
        _say(f"{row.count:>6}  {row.event_type or '-'}  {row.error_type}: {row.error}  (since {row.oldest:%F %T})")
    for row in parked:
        _say(f"{row.id}  {row.event_type or '-'}  key {row.key}  attempts {row.attempts}  waiting {row.behind}")
    return 0


async def _show(letters: DeadLetters, letter_id: UUID) -> int:
    async with letters.db.read() as session:
        letter = await deadletters.find(session, letters.group, letter_id)
    if letter is None:
        raise NoSuchLetter(str(letter_id))
    for name, value in letter._asdict().items():
        if name not in ("headers", "value"):
            _say(f"{name:16} {value}")
    for name, header in headers_from_json(letter.headers):
        _say(f"  {name:14} {header.decode(errors='backslashreplace')}")
    try:
        _say(json.dumps(json.loads(letter.value), ensure_ascii=False, indent=2))
    except ValueError:
        _say(repr(letter.value))
    return 0


async def _resend(letters: DeadLetters) -> int:
    try:
        count = await resend(letters.db)
    except RelayRuns:
        _say(f"{letters.group} runs, and a later event could come before an earlier one: stop all its processes first")
        return 1
    _say(f"{count} events are in the outbox again, and are sent when {letters.group} starts")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m shared.messaging")
    subjects = parser.add_subparsers(dest="subject", required=True)
    events = subjects.add_parser("events", help="events of a service").add_subparsers(dest="command", required=True)
    again = events.add_parser("resend", help="send those of the last two days again, to a broker that was lost")
    again.add_argument("--service", required=True)
    commands = subjects.add_parser("letters", help="dead letters of a service").add_subparsers(
        dest="command", required=True
    )
    for command, purpose in (
        ("list", "what is set aside, grouped by error"),
        ("show", "one letter with its event"),
        ("replay", "try again, with what waits behind it"),
        ("drop", "give one up for good"),
    ):
        sub = commands.add_parser(command, help=purpose)
        sub.add_argument("--service", required=True)
        if command in ("replay", "drop"):
            sub.add_argument("--by", default=getpass.getuser(), help="who decides this (default: the system account)")
        if command in ("show", "drop"):
            sub.add_argument("letter", type=UUID)
        if command == "drop":
            sub.add_argument("--reason", required=True, type=_reason)
        if command == "replay":
            which = sub.add_mutually_exclusive_group(required=True)
            which.add_argument("letter", type=UUID, nargs="?")
            which.add_argument("--error-type")
            which.add_argument("--all", action="store_true")
    return parser


def _reason(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("say why the letter is dropped: the event will never have its effect")
    return text


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
