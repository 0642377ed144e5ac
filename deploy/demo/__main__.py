"""`make demo`: start everything, play one case from 利用申出 to the mailed card, then keep serving until Ctrl-C."""

import argparse
import asyncio
import signal
import sys
import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from deploy.demo import people
from deploy.demo.case import Outcome, play
from deploy.demo.place import place_of
from deploy.demo.problems import StepFailed
from deploy.demo.story import Story
from deploy.local.environment import settings
from deploy.local.ports import Ports
from deploy.local.problems import StackProblem
from deploy.local.stack import DATA
from deploy.local.system import System, running_system
from services.registration.authentication.commands.second_factor import provision
from services.registration.authentication.context import standalone_context
from services.registration.officers.commands.creation import create_officer
from services.registration.settings import Settings
from shared.errors import Conflict


def main() -> int:
    """0 when the case went through; 1 with the reason when a step failed or the system could not start."""
    parser = argparse.ArgumentParser(prog="python -m deploy.demo", description=__doc__)
    parser.add_argument("--exit", action="store_true", help="end after the case instead of serving until Ctrl-C")
    parser.add_argument("--directory", type=Path, default=DATA / "demo", help="where data, logs and secrets are kept")
    arguments = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        with running_system(arguments.directory, Ports.from_environment(), watch=True, say=_say) as system:
            outcome = asyncio.run(show(system, Story()))
            _goodbye(system, outcome)
            if not arguments.exit:
                print("\nServing until Ctrl-C.", flush=True)
                threading.Event().wait()
    except (StackProblem, StepFailed) as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


async def show(system: System, story: Story) -> Outcome:
    """Play the case on a running system."""
    async with place_of(system, await create_officers(system), story) as place:
        return await play(place)


async def create_officers(system: System, officers: Iterable[people.Officer] = people.OFFICERS) -> dict[str, str]:
    """Give these officers, every one of the case, an account, and an authenticator app: its secret by login id.

    An account that exists already is kept and gets a new app.
    """
    one_time_secrets = {}
    values = settings("registration", system.stack)
    named = {name.removeprefix("ZAIRYU_").lower(): value for name, value in values.items()}
    desk = standalone_context(Settings.model_validate(named))
    try:
        for officer in officers:
            with suppress(Conflict):
                await create_officer(
                    desk,
                    login_id=officer.login_id,
                    name=officer.shown,
                    roles=[officer.role],
                    office="TYO",
                    password=people.PASSWORD,
                )
            one_time_secrets[officer.login_id] = (await provision(desk, officer.login_id)).secret
    finally:
        desk.hashing.close()
        await desk.db.close()
    return one_time_secrets


def _goodbye(system: System, outcome: Outcome) -> None:
    print(f"\nThe case is through: receipt number {outcome.receipt_number}, card on its way.")
    print(f"\n  portal    {system.gateway_url}/home  (it asks you to sign in)")
    print(f"  officers  {system.gateway_url}/desk  (password, then a code of the app: docs/officers.md, Try it)")
    print("  mail      `make mail` shows it in a browser")
    print(f"  accounts  {outcome.login_id} (company staff)")
    for officer in people.OFFICERS:
        secret = outcome.one_time_secrets[officer.login_id]
        print(f"            {officer.login_id} ({officer.shown}), key for an authenticator app: {secret}")
    print("            the foreigner: My Number card on the sign-in page, then NGUYEN VAN AN; no password")
    print(f"  password  {people.PASSWORD}", flush=True)


def _say(line: str) -> None:
    print(f"zairyu: {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
