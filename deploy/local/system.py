"""The whole system: the servers of the local stack, migrated databases, and the six services."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import MappingProxyType

from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError

from deploy.local.coroutines import run
from deploy.local.environment import SERVICES, environment
from deploy.local.ports import Ports
from deploy.local.problems import StackProblem
from deploy.local.scanner import MISSING
from deploy.local.server import Server
from deploy.local.service import Backoff, Command, Service, exists, module_command
from deploy.local.signals import interrupted_once
from deploy.local.stack import DATA, LocalStack, run_all
from shared.db.migrate import migrate

Say = Callable[[str], None]


class System:
    """The services on a running stack. `services` are those that the checkout holds, gateway last; `further` are
    environment variables of all of them."""

    def __init__(
        self,
        stack: LocalStack,
        services: tuple[str, ...],
        command: Command = module_command,
        further: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.stack = stack
        self.services = {
            name: Service(
                name, stack.directory, getattr(stack.ports, name), {**environment(name, stack), **further}, command
            )
            for name in services
        }
        self._watching = threading.Event()
        self._watcher: threading.Thread | None = None

    @property
    def gateway_url(self) -> str:
        """The public address, for browsers and API clients."""
        return self.url("gateway")

    @property
    def mailbox_dir(self) -> Path:
        """The Maildir with everything that was mailed."""
        return self.stack.mailbox.maildir

    def url(self, service: str) -> str:
        """`http://127.0.0.1:port` of a service."""
        return f"http://127.0.0.1:{getattr(self.stack.ports, service)}"

    def start(self) -> None:
        """Start every service and return when all are ready."""
        for service in self.services.values():
            service.start()
        self.wait_ready()

    def wait_ready(self) -> None:
        """Return when all are ready; raises `StackProblem`. One that died is waited for while `watch` restarts it."""
        for service in self.services.values():
            service.wait_ready(restarted=self._watcher is not None)

    def start_dead(self) -> None:
        """Start what has died, and return when all are ready."""
        for service in self.services.values():
            if not service.running():
                service.start()
        self.wait_ready()

    def stop(self) -> None:
        """End the gateway, so that nothing new comes in, and then the others side by side."""
        self.unwatch()
        others = [service for name, service in self.services.items() if name != "gateway"]
        if "gateway" in self.services:
            self.services["gateway"].stop()
        if others:
            run_all(*(service.stop for service in others))

    def watch(self, say: Say = print) -> None:
        """From now on start again what dies, servers and services, with growing pauses."""
        self._watcher = threading.Thread(target=self._watch, args=(say,), name="watch", daemon=True)
        self._watcher.start()

    def unwatch(self) -> None:
        """Let die what dies."""
        self._watching.set()
        if self._watcher is not None:
            self._watcher.join()
            self._watcher = None
        self._watching.clear()

    def _watch(self, say: Say) -> None:
        parts: list[Server | Service] = [*self.stack.servers, *self.services.values()]
        watched = [(each, Backoff()) for each in parts]
        while not self._watching.wait(0.5):
            for each, backoff in watched:
                if backoff.due(each.running()):
                    say(f"{each.name} died ({each.process.last_output()}): starting it again")
                    try:
                        each.start()
                    except StackProblem as problem:
                        say(f"{each.name}: {problem}")


def bring_up_to_date(stack: LocalStack, services: tuple[str, ...]) -> None:
    """Run the migrations of `services` as the owners of their databases; raises `StackProblem`."""
    for service in services:
        if service in stack.postgres.services:
            try:
                run(_threaded(service, stack.postgres.url(service, owner=True)))
            except CommandError as error:
                raise StackProblem(
                    f"the database of {service} does not fit this checkout ({error}): `make clean` makes a new one"
                ) from None
            except SQLAlchemyError as error:
                raise StackProblem(f"a migration of {service} failed: {str(error).splitlines()[0]}") from error


async def _threaded(service: str, url: str) -> None:
    import asyncio

    # Alembic runs an event loop of its own, so it needs a thread that has none.
    await asyncio.to_thread(migrate, service, url)


@contextmanager
def running_system(
    directory: Path = DATA,
    ports: Ports | None = None,
    *,
    stack: LocalStack | None = None,
    services: tuple[str, ...] | None = None,
    command: Command = module_command,
    further: Mapping[str, str] = MappingProxyType({}),
    watch: bool = False,
    say: Say = lambda line: None,
) -> Iterator[System]:
    """The whole system, ready, until the block ends; raises `StackProblem`.

    With `stack` (already started) only the services are started and ended. `services` defaults to all that the
    checkout holds. `further` are environment variables of all services. `watch` starts again what dies. `say` receives
    each line of progress.
    """
    owned = stack is None
    stack = stack or LocalStack(directory, ports)
    ending = interrupted_once() if owned else nullcontext()
    names = services if services is not None else tuple(name for name in SERVICES if exists(name))
    with ending:
        try:
            if owned:
                say(f"starting {', '.join(server.name for server in stack.servers)}")
                if stack.scanner is None:
                    say(MISSING)
                stack.start()
            say("bringing databases up to date")
            bring_up_to_date(stack, tuple(name for name in names if command is module_command))
            system = System(stack, names, command, further)
            try:
                say(f"starting {', '.join(names)}")
                system.start()
                if watch:
                    system.watch(say)
                yield system
            finally:
                say("stopping the services")
                system.stop()
        finally:
            if owned:
                say("stopping the servers")
                stack.stop()
