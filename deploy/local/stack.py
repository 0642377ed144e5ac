"""The servers of the local stack together, started in the order in which they need each other."""

import fcntl
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Literal, Self

from deploy.local.broker import Broker, Tansu
from deploy.local.identity_provider.server import IdentityProvider
from deploy.local.kafka.server import ApacheKafka
from deploy.local.object_store import ObjectStore
from deploy.local.payment.server import PaymentProvider
from deploy.local.ports import Ports
from deploy.local.postgres import Postgres
from deploy.local.problems import StackProblem
from deploy.local.scanner import Scanner, program
from deploy.local.server import Server
from deploy.local.smtp import Mailbox

DATA = Path(__file__).resolve().parents[2] / ".zairyu"
SERVICES_WITH_DATABASE = ("registration", "application", "document", "review", "notification")


class LocalStack:
    """PostgreSQL, object store, broker, mailbox, identity provider, payment provider and scanner on one directory.

    A context manager; `start` and `stop` block. Only one stack works on a directory: a second one is refused. Servers
    that a killed supervisor left behind are taken over when they still answer, and ended and started again otherwise.
    """

    def __init__(
        self,
        directory: Path = DATA,
        ports: Ports | None = None,
        *,
        durable: bool = True,
        services: tuple[str, ...] = SERVICES_WITH_DATABASE,
        kafka: Literal["tansu", "apache"] = "tansu",
        archive: Path | None = None,
    ) -> None:
        self.directory = directory.resolve()
        self.ports = ports or Ports.from_environment()
        self.directory.mkdir(parents=True, exist_ok=True)
        self.postgres = Postgres(self.directory, self.ports.postgres, services, durable=durable, archive=archive)
        self.object_store = ObjectStore(self.directory, self.ports, durable=durable)
        self.broker: Broker = (
            ApacheKafka(self.directory, self.ports)
            if kafka == "apache"
            else Tansu(self.directory, self.ports.broker, self.object_store)
        )
        self.mailbox = Mailbox(self.directory, self.ports.smtp)
        self.identity_provider = IdentityProvider(self.directory, self.ports.identity_provider, self.ports.gateway)
        self.payment = PaymentProvider(self.directory, self.ports.payment, self.ports.gateway)
        # Not a wheel: only where the machine has it.
        self.scanner = Scanner(self.directory, self.ports.scanner) if program() else None
        self._lock: IO[str] | None = None

    @property
    def servers(self) -> tuple[Server, ...]:
        """In the order in which they start; they stop in the opposite one."""
        scanner = (self.scanner,) if self.scanner else ()
        alone = (self.postgres, self.mailbox, self.identity_provider, self.payment)
        return (*alone, *scanner, self.object_store, self.broker)

    def start(self) -> Self:
        """Return when all of them answer; raises `StackProblem`, having ended what it had started."""
        self.lock()
        try:
            alone = [server.start for server in self.servers if server not in (self.object_store, self.broker)]
            run_all(*alone, self._start_broker)
        except BaseException:
            self.stop()
            raise
        return self

    def _start_broker(self) -> None:
        self.object_store.start()
        self.broker.start()

    def stop(self) -> None:
        """End all of them in order, and let another stack use the directory. Nothing, where another one holds it."""
        if self._lock is None:
            return
        for server in reversed(self.servers):
            server.stop()
        self.unlock()

    def lock(self) -> None:
        """Claim the directory; raises `StackProblem` when another process holds it. The kernel frees it with us."""
        if self._lock is not None:
            return
        file = (self.directory / "lock").open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            holder = file.read().strip() or "?"
            file.close()
            raise StackProblem(
                f"the local stack already runs on {self.directory} (process {holder}): end it with Ctrl-C there first"
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self._lock = file
        self.ports.save(self.directory)

    def unlock(self) -> None:
        """Give the directory back."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


def run_all(*works: Callable[[], object]) -> None:
    """Run them side by side; raise the first failure once all have ended."""
    with ThreadPoolExecutor(len(works)) as pool:
        running = [pool.submit(work) for work in works]
    for each in running:
        each.result()
