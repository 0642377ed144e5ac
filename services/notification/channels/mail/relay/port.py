"""The mail relay as a port. `smtp.py` and `memory.py` implement it; one test-suite runs on both."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one recipient. `message_id` is without angle brackets; `text` and `html` say the same."""

    message_id: str
    recipient: str
    subject: str
    text: str
    html: str
    language: str


class NotNow(Exception):
    """It did not work this time and may work later. The text is a code without any address."""


class Refused(Exception):
    """It will never work: the address, or this mail to it, is refused for good. The text is a code."""


class MailRelay(Protocol):
    """Hands mail over."""

    async def send(self, mail: Mail) -> None:
        """Return once the relay has accepted `mail`. Raises `NotNow` or `Refused`."""
        ...
