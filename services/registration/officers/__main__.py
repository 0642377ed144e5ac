"""Officers' accounts without an administrator: the first one's, and the second factor of who has lost theirs.

`python -m services.registration.officers create --login-id examiner.tyo --name ... --role examiner --office TYO
--password-stdin`
`python -m services.registration.officers second-factor --login-id examiner.tyo`
"""

import argparse
import asyncio
import getpass
import sys

from services.registration.accounts.domain import login_id as login_ids
from services.registration.authentication.commands.second_factor import provision
from services.registration.authentication.context import standalone_context
from services.registration.authentication.schemas.second_factor import Provisioned
from services.registration.officers.commands.creation import create_officer
from services.registration.officers.schemas.creation import OfficerCreated
from services.registration.settings import Settings
from shared.auth.actor import OFFICER_ROLES, Role
from shared.errors import Problem


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m services.registration.officers", description="Officers' accounts.")
    commands = parser.add_subparsers(required=True, dest="command")
    create = commands.add_parser("create", help="make an account; it sets up a second factor at its first sign-in")
    create.add_argument("--login-id", required=True)
    create.add_argument("--name", default="", help="shown to colleagues (default: the login id)")
    create.add_argument("--role", action="append", required=True, choices=sorted(OFFICER_ROLES), help="repeatable")
    create.add_argument("--office", required=True, help="code of the office, e.g. TYO")
    create.add_argument("--email")
    create.add_argument("--staff-number", help="two accounts with the same one are one human's")
    create.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    renew = commands.add_parser("second-factor", help="set up another authenticator app for an officer who lost theirs")
    renew.add_argument("--login-id", required=True)
    given = parser.parse_args(arguments)
    if given.command == "second-factor":
        return _second_factor(given.login_id)
    settings = Settings.read()
    # Never as an argument: those are seen by everybody on the machine and kept by the shell.
    try:
        password = sys.stdin.readline().rstrip("\r\n") if given.password_stdin else getpass.getpass("Password: ")
    except EOFError:
        print("no password was given: use a terminal, or --password-stdin", file=sys.stderr)
        return 1
    try:
        created = asyncio.run(_create(settings, given, password))
    except Problem as problem:
        reasons = [str(problem), *(f"{field.pointer}: {field.message.en}" for field in problem.fields)]
        print("; ".join(reasons), file=sys.stderr)
        return 1
    print(f"created {created.login_id}")
    return 0


def _second_factor(login_id: str) -> int:
    try:
        made = asyncio.run(_provision(login_id))
    except Problem as problem:
        print(str(problem), file=sys.stderr)
        return 1
    print(made.provisioning_uri, *made.recovery_codes, sep="\n")
    return 0


async def _provision(login_id: str) -> Provisioned:
    context = standalone_context(Settings.read())
    try:
        return await provision(context, login_ids.canonical(login_id))
    finally:
        context.hashing.close()
        await context.db.close()


async def _create(settings: Settings, given: argparse.Namespace, password: str) -> OfficerCreated:
    context = standalone_context(settings)
    try:
        return await create_officer(
            context,
            login_id=given.login_id,
            name=given.name or given.login_id,
            roles=[Role(role) for role in given.role],
            office=given.office,
            password=password,
            email=given.email,
            staff_number=given.staff_number,
        )
    finally:
        context.hashing.close()
        await context.db.close()


if __name__ == "__main__":
    sys.exit(main())
