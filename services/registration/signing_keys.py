"""Signing keys by hand, for operators of the server; otherwise they are replaced on schedule.

`python -m services.registration.signing_keys list`
`python -m services.registration.signing_keys rotate`
`python -m services.registration.signing_keys withdraw KID [KID ...]`
"""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence

from services.registration.authentication.commands.signing_keys import SigningKeys
from services.registration.authentication.context import standalone_context
from services.registration.authentication.schemas.signing_keys import Rotated
from services.registration.authentication.store import signing_keys
from services.registration.authentication.store.signing_keys import SigningKey
from services.registration.context import CommandContext
from services.registration.settings import Settings
from shared.auth.actor import Actor
from shared.errors import NotFound, Problem
from shared.ids import new_id
from shared.work import RequestIdentity, Work


async def rotate(context: CommandContext) -> Rotated:
    """Sign with the next key from now on; the old one stays published until what it signed has expired."""
    return await _run(context, SigningKeys(context).rotate)


async def withdraw(context: CommandContext, kid: str) -> Rotated:
    """Take a stolen key out at once: every service refuses what it signed within a minute. Sessions go on."""

    async def take_out(work: Work) -> Rotated:
        return await SigningKeys(context).withdraw(work, kid)

    return await _run(context, take_out)


async def every(context: CommandContext) -> Sequence[SigningKey]:
    """All keys that there ever were, newest first."""
    async with context.db.read() as session:
        return await signing_keys.every(session)


async def _run(context: CommandContext, command: Callable[[Work], Awaitable[Rotated]]) -> Rotated:
    return await context.commands.run(
        Actor.system("registration/signing_keys"), RequestIdentity(f"signing-keys:{new_id()}"), command
    )


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m services.registration.signing_keys", description="The keys that sign access tokens."
    )
    commands = parser.add_subparsers(required=True, dest="command")
    commands.add_parser("list", help="every key: its id, its state, since when")
    commands.add_parser("rotate", help="sign with the next key from now on; nobody notices")
    taken = commands.add_parser("withdraw", help="a key was stolen: what it signed is refused within a minute")
    taken.add_argument("kid", nargs="+", help="id of the key, as `list` shows it")
    return asyncio.run(_done(parser.parse_args(arguments)))


async def _done(given: argparse.Namespace) -> int:
    context = standalone_context(Settings.read())
    try:
        if given.command == "list":
            for key in await every(context):
                since = key.retired_at or key.activated_at or key.created_at
                print(f"{key.kid}  {key.state:9}  since {since:%Y-%m-%d %H:%M} UTC")
        elif given.command == "rotate":
            rotated = await rotate(context)
            print(f"retired {rotated.out}", f"active {rotated.active}", sep="\n")
        else:
            for kid in given.kid:
                rotated = await withdraw(context, kid)
                print(f"withdrawn {rotated.out}", f"active {rotated.active}", sep="\n")
    except NotFound:
        print("there is no such key: see `list`", file=sys.stderr)
        return 1
    except Problem as problem:
        print(str(problem), file=sys.stderr)
        return 1
    finally:
        context.hashing.close()
        await context.db.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
