"""The broker as a port. `kafka.py` and `memory.py` implement it; one test suite runs against both."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol

from shared.messaging.message import Message, Partition, Received


class BrokerError(Exception):
    """The broker refused, cannot be reached or did not answer in time. Trying again is right."""


class Producer(Protocol):
    """Sends messages durably and in order."""

    async def send(self, messages: Sequence[Message]) -> None:
        """Return once every message is acknowledged by all replicas that must have it; raise `BrokerError` else.

        Messages of one partition are acknowledged in the order given. After an error any of them may have arrived:
        send them all again, in the same order, and the receiver's inbox drops what it has seen.
        """
        ...

    async def stop(self) -> None: ...


class Progress(NamedTuple):
    """The position of a group in a partition, by the broker's own account."""

    end: int  # offset that the next message will get
    committed: int  # offset of the next message the group wants

    @property
    def lag(self) -> int:
        return max(0, self.end - self.committed)


class Assignment(Protocol):
    """Receiver of a member's partitions. The broker waits for each call to return."""

    async def on_assigned(self, partitions: Sequence[Partition]) -> None: ...

    async def on_revoked(self, partitions: Sequence[Partition]) -> None:
        """Finish these partitions and commit: another member gets them when this returns."""
        ...


class Source(Protocol):
    """One member of a consumer group. Used once: a fresh one is made after `stop` or an error."""

    async def start(self) -> None:
        """Join the group; from now on `Assignment` is called with its partitions."""
        ...

    async def stop(self) -> None:
        """Leave the group, in any state."""
        ...

    async def poll(self, partition: Partition, max_records: int, timeout: float) -> Sequence[Received]:
        """The next messages of an assigned partition, at most `max_records`; empty after `timeout` seconds."""
        ...

    async def commit(self, offsets: Mapping[Partition, int]) -> None:
        """Record the offset of the next message wanted, by partition."""
        ...

    async def progress(self) -> Mapping[Partition, Progress]:
        """The group's position in this member's partitions, or in all of them where it has none."""
        ...


MakeSource = Callable[[Assignment], Source]
