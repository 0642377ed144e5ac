"""The port of the mail relay. `smtp.py` and `memory.py` implement it; one test-suite runs on both."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one recipient. `message_id` is without angle brackets; `text` and `html` say the same in `languages`.

    `calendar` is an iCalendar file of the day that the mail names.
    """

    message_id: str
    recipient: str
    subject: str
    text: str
    html: str
    languages: tuple[str, ...]
    calendar: str | None = None


class NotNow(Exception):
    """A failure that may pass. The text is a code without any address."""


class Refused(Exception):
    """A refusal for good, of the address or of this mail to it. The text is a code."""


class MailRelay(Protocol):
    """Takes mail over for delivery."""

    async def send(self, mail: Mail) -> None:
        """Return once the relay has accepted `mail`. Raises `NotNow` or `Refused`."""
        ...
