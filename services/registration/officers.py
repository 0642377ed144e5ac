"""Officers' accounts without an administrator: the first one's, and the second factor of who has lost theirs.

`python -m services.registration.officers create --login-id examiner.tyo --name ... --role examiner --office TYO
--password-stdin`
`python -m services.registration.officers second-factor --login-id examiner.tyo`
"""

import argparse
import asyncio
import getpass
import sys
from collections.abc import Iterable
from uuid import UUID

from pydantic import BaseModel

from services.registration.audit import Tag
from services.registration.commands.links import put_password
from services.registration.commands.officers import NewOfficer, make
from services.registration.commands.second_factor import Provisioned, provision
from services.registration.desk import Desk
from services.registration.domain import login_id as login_ids
from services.registration.domain.password_rule import normalise
from services.registration.domain.standing import AccountState
from services.registration.problems import weak_password
from services.registration.settings import Settings
from services.registration.store import accounts
from shared.auth.actor import OFFICER_ROLES, Actor, Role
from shared.clock import Clock, SystemClock, legal_date
from shared.db import Database
from shared.errors import Conflict, Invalid, Problem, Text
from shared.ids import new_id
from shared.journal import JournalledSession
from shared.messaging import EventKeys
from shared.sealing import Sealer
from shared.work import Commands, RequestIdentity, Work


class OfficerCreated(BaseModel):
    """An officer can sign in, and has to set up a second factor first."""

    account_id: UUID
    login_id: str


async def create_officer(
    desk: Desk,
    *,
    login_id: str,
    name: str,
    roles: Iterable[Role],
    office: str,
    password: str,
    email: str | None = None,
    language: str = "ja",
) -> OfficerCreated:
    """Make an officer's account; it carries its roles once a second factor is set up.

    Raises `Invalid` for a login id, roles, office or password that cannot be, `Conflict` for a login id or a mail
    address that is taken.
    """
    chosen, wanted, today = login_ids.canonical(login_id), frozenset(roles), legal_date(desk.clock.now())
    if not login_ids.may_be_chosen(chosen):
        raise Invalid(Text("認証IDは英小文字・数字・._- の3〜40文字です", "A login id has 3 to 40 of a-z 0-9 . _ -"))
    plain, rule = normalise(password), desk.rule(today)
    if flaws := rule.flaws(plain, chosen):
        raise weak_password(rule, flaws)
    hashed = await desk.hashing.hash(plain)

    async def create(work: Work) -> OfficerCreated:
        if await accounts.by_login_id(work.session, chosen) is not None:
            raise Conflict(Text("その認証IDは使われています", "This login id is taken"), code="login-id-taken")
        new = NewOfficer(name, email, office, wanted, language, login_id=chosen)
        account = await make(work, new, AccountState.ACTIVE)
        await put_password(work, account, hashed)
        work.journal("account", account.id, Tag.OFFICER_CREATE, {"roles": sorted(wanted), "office": office})
        return OfficerCreated(account_id=account.id, login_id=chosen)

    return await desk.commands.run(
        Actor.system("registration/officers"), RequestIdentity(f"officers:{new_id()}"), create
    )


def desk_of(settings: Settings, clock: Clock | None = None) -> Desk:
    """A desk on the database that `settings` names, without a service around it."""
    clock = clock or SystemClock()
    url = settings.database_url.get_secret_value()
    db = Database(url, name="zairyu-officers", session_class=JournalledSession)
    keys = EventKeys.parse("registration", settings.event_key.get_secret_value(), settings.event_public_keys)
    commands = Commands(db, clock, keys)
    return Desk(settings, db, commands, Sealer(settings.sealing_key.get_secret_value()), clock)


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
    create.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    renew = commands.add_parser("second-factor", help="set up an authenticator app anew, for who lost theirs")
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
    desk = desk_of(Settings.read())
    try:
        return await provision(desk, login_ids.canonical(login_id))
    finally:
        desk.hashing.close()
        await desk.db.close()


async def _create(settings: Settings, given: argparse.Namespace, password: str) -> OfficerCreated:
    desk = desk_of(settings)
    try:
        return await create_officer(
            desk,
            login_id=given.login_id,
            name=given.name or given.login_id,
            roles=[Role(role) for role in given.role],
            office=given.office,
            password=password,
            email=given.email,
        )
    finally:
        desk.hashing.close()
        await desk.db.close()


if __name__ == "__main__":
    sys.exit(main())
