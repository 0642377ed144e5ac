"""A server of the local stack: start, stop, kill, and restart on the same data and ports."""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Self

from deploy.local.process import Process, Spec


class Server(ABC):
    """One server. All methods block (from async code: `await asyncio.to_thread(server.start)`)."""

    name: str
    # As for services: a machine with other work gives a process its first second late.
    start_seconds: float = 120

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.process = Process(self.name, directory / "run")

    @abstractmethod
    def prepare(self) -> Spec:
        """Bring the data directory into shape and say how to start. Runs only while the server is down."""

    @abstractmethod
    def healthy(self) -> bool:
        """Whether it answers its own protocol now."""

    def settle(self) -> None:  # noqa: B027 - most servers need nothing more
        """Create what must exist inside the running server; repeatable."""

    def start(self) -> Self:
        """Return when it answers; raises `StackProblem`. One left over from a killed supervisor is taken over."""
        if self.running() and not self.healthy():
            self.process.stop()
        if not self.running():
            self.process.spawn(self.prepare())
        self.process.wait_until(self.healthy, self.start_seconds, self.name)
        self.settle()
        return self

    def stop(self) -> None:
        """End in good order; nothing that was acknowledged is lost."""
        self.process.stop()

    def kill(self) -> None:
        """SIGKILL, children included."""
        self.process.kill()

    def running(self) -> bool:
        """Whether its process lives."""
        return self.process.find() is not None
