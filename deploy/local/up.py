"""`make up`: the whole system on this machine until Ctrl-C."""

import argparse
import sys
import threading
import time
from pathlib import Path

from deploy.local.ports import Ports
from deploy.local.problems import StackProblem
from deploy.local.service import Command, module_command
from deploy.local.stack import DATA
from deploy.local.system import System, running_system


def main() -> int:
    """`python -m deploy.local.up [--directory DIR]`; 1 with one line of explanation when it cannot start."""
    parser = argparse.ArgumentParser(description="Run the whole system on this machine, without Docker.")
    parser.add_argument("--directory", type=Path, default=DATA, help="where data, logs and secrets are kept")
    arguments = parser.parse_args()
    try:
        return run(arguments.directory, Ports.from_environment())
    except StackProblem as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 1


def run(
    directory: Path, ports: Ports, *, services: tuple[str, ...] | None = None, command: Command = module_command
) -> int:
    """Run the system until SIGINT, SIGTERM or SIGHUP: 0, or 130 when it was not ready yet. Raises `StackProblem`."""
    began = time.monotonic()
    ready = False
    try:
        with running_system(directory, ports, services=services, command=command, watch=True, say=_say) as system:
            ready = True
            _say(f"ready after {time.monotonic() - began:.1f} s")
            print(addresses(system), _NEXT.format(site=system.gateway_url), sep="\n", flush=True)
            threading.Event().wait()
    except KeyboardInterrupt:
        return 0 if ready else 130
    return 0


def addresses(system: System) -> str:
    """The addresses of all servers, one line each."""
    stack = system.stack
    lines = [(name, service.url) for name, service in system.services.items()]
    lines += [
        ("PostgreSQL", f"127.0.0.1:{stack.ports.postgres}"),
        ("broker", stack.broker.bootstrap),
        ("object store", stack.object_store.endpoint),
        ("identity", stack.identity_provider.issuer),
        ("payment", stack.payment.url),
        *([("scanner", stack.scanner.address)] if stack.scanner else []),
        ("SMTP", f"127.0.0.1:{stack.ports.smtp}"),
        ("mail", str(system.mailbox_dir)),
        ("logs", str(stack.directory / "run")),
        ("secrets", str(stack.directory / "secrets.json")),
    ]
    return "\n".join(f"  {name:<14}{address}" for name, address in lines)


_NEXT = """
  Open {site}. There is no account yet: register at {site}/register, and read the mails with `make mail`.
  Officers' accounts are made on the command line (README, "More commands"). `make demo` has people of every kind."""


def _say(line: str) -> None:
    print(f"zairyu: {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
