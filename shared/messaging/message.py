"""Messages: one to a topic, and one as it was received."""

from dataclasses import dataclass, field
from typing import NamedTuple

Headers = tuple[tuple[str, bytes], ...]


class Partition(NamedTuple):
    """One partition of one topic: the unit of order and of assignment."""

    topic: str
    number: int


@dataclass(frozen=True, slots=True)
class Message:
    """A message to send. Messages with one `key` keep their order; `value` is the body as it goes on the wire."""

    topic: str
    key: str
    value: bytes
    headers: Headers = ()

    def header(self, name: str) -> str | None:
        """The first header of that name as text; None where there is none or it is no text PostgreSQL can keep."""
        for known, value in self.headers:
            if known == name:
                try:
                    return value.decode() if b"\0" not in value else None
                except UnicodeDecodeError:
                    return None
        return None


@dataclass(frozen=True, slots=True)
class Received(Message):
    """A message with its place in the log."""

    partition: int = field(kw_only=True)
    offset: int = field(kw_only=True)

    @property
    def place(self) -> Partition:
        return Partition(self.topic, self.partition)
