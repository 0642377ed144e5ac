"""A service of the system as a child process of the local stack."""

import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from deploy.local.ports import HOST
from deploy.local.process import Process, Spec

ROOT = Path(__file__).resolve().parents[2]
# Imports take seconds of CPU; six services share the cores with whatever else runs on the machine.
READY_SECONDS = 300.0

Command = Callable[[str], list[str]]


def module_command(service: str) -> list[str]:
    """The command that runs a service from the checkout."""
    return [sys.executable, "-m", f"services.{service}"]


def exists(service: str) -> bool:
    """Whether the checkout holds a runnable service of that name."""
    return find_spec(f"services.{service}") is not None and find_spec(f"services.{service}.__main__") is not None


class Service:
    """One service: `start` spawns, `wait_ready` waits for its `/readyz`. A restart gives it a fresh process.

    `root` is the checkout that it runs from.
    """

    def __init__(
        self,
        name: str,
        directory: Path,
        port: int,
        environment: dict[str, str],
        command: Command = module_command,
        root: Path = ROOT,
    ) -> None:
        self.name = name
        self.port = port
        # The gateway has a port of its own for operators; the others have one port for all.
        self.operations_port = int(environment.get("ZAIRYU_OPERATIONS_PORT", port))
        self.environment = environment
        self.process = Process(name, directory / "run")
        self._command = command
        self._root = root

    @property
    def url(self) -> str:
        """`http://host:port`."""
        return f"http://{HOST}:{self.port}"

    def start(self) -> None:
        """Spawn it. One that a killed supervisor left behind is ended first: its code may be older than ours."""
        self.process.stop()
        self.process.spawn(
            Spec(
                name=self.name,
                argv=self._command(self.name),
                env=self.environment,
                directory=self._root,
                ports=sorted({self.port, self.operations_port}),
                # The gateway gives three to its callers and twenty to their files.
                stop_seconds=30,
            )
        )

    def wait_ready(self, seconds: float = READY_SECONDS, *, restarted: bool = False) -> None:
        """Return when it is ready; raises `StackProblem` after `seconds`, or when it died and is not `restarted`."""
        self.process.wait_until(self.ready, seconds, self.name, restarted=restarted)

    def ready(self) -> bool:
        """Whether `/readyz` answers 200 now."""
        with (
            suppress(urllib.error.URLError, OSError),
            urllib.request.urlopen(f"http://{HOST}:{self.operations_port}/readyz", timeout=2) as answer,
        ):
            return bool(answer.status == 200)
        return False

    def running(self) -> bool:
        """Whether its process lives."""
        return self.process.find() is not None

    def stop(self) -> None:
        """End it in good order."""
        self.process.stop()

    def kill(self) -> None:
        """SIGKILL."""
        self.process.kill()


class Backoff:
    """Restart delays of something that died: after 1, 2, 4 ... 30 s, and 1 s once it held for a minute."""

    _FIRST, _LONGEST, _HELD = 1.0, 30.0, 60.0

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._pause = self._FIRST
        self._started = now()
        self._due: float | None = None

    def due(self, alive: bool) -> bool:
        """Call regularly with whether it lives; True when it should be started now."""
        now = self._now()
        if alive:
            self._due = None
            return False
        if self._due is None:
            if now - self._started > self._HELD:
                self._pause = self._FIRST
            self._due = now + self._pause
            self._pause = min(self._pause * 2, self._LONGEST)
        if now < self._due:
            return False
        self._due = None
        self._started = now
        return True
