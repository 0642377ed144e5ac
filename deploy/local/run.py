"""Run a command with a service's settings on the local stack: `python -m deploy.local.run SERVICE COMMAND ...`.

For operators' commands while `make up` or `make demo` runs, e.g.
`python -m deploy.local.run review python -m shared.messaging letters list --service review`.
"""

import argparse
import os
import sys
from pathlib import Path

from deploy.local.environment import SERVICES, environment
from deploy.local.ports import Ports
from deploy.local.problems import StackProblem
from deploy.local.stack import DATA, LocalStack


def main() -> None:
    """Become the command."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local.run", description=__doc__)
    parser.add_argument("--directory", type=Path, default=DATA, help="the stack's directory (demo: .zairyu/demo)")
    parser.add_argument("service", choices=SERVICES)
    parser.add_argument("command", nargs=argparse.REMAINDER)
    given = parser.parse_args()
    if not given.command:
        parser.error("say which command to run")
    if given.command[0].startswith("-"):
        parser.error(f"{given.command[0]} goes before the service: run [--directory DIR] SERVICE COMMAND ...")
    try:
        stack = LocalStack(given.directory, Ports.load(given.directory))
    except StackProblem as problem:
        sys.exit(f"error: {problem}")
    if not stack.postgres.running():
        sys.exit(f"error: no stack runs on {given.directory}: start one with `make up` or `make demo`")
    command = [sys.executable, *given.command[1:]] if given.command[0] == "python" else given.command
    try:
        os.execvpe(command[0], command, environment(given.service, stack))
    except OSError as error:
        sys.exit(f"error: {command[0]} cannot be run: {error.strerror}")


if __name__ == "__main__":
    main()
