"""The port of a provider of short messages. `memory.py` implements it; there is no other yet."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ShortMessage:
    """One message to one recipient. `key` is the same at every attempt of a round: a provider that has it already takes
    it as the same message."""

    key: str
    recipient: str
    text: str


class NotNow(Exception):
    """A failure that may pass. The text is a code without any address. `throttled`: fewer messages, please."""

    def __init__(self, code: str, *, throttled: bool = False) -> None:
        super().__init__(code)
        self.throttled = throttled


class Refused(Exception):
    """A refusal for good, of the recipient or of this message. The text is a code without any address."""


class Provider(Protocol):
    """Takes short messages over for delivery."""

    async def send(self, message: ShortMessage) -> str:
        """Return the provider's id of the message once it is accepted. Raises `NotNow` or `Refused`."""
        ...
