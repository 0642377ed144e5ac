"""The port of the mail relay. `smtp.py` and `memory.py` implement it; one test-suite runs on both."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one recipient. `message_id` is without angle brackets; `text` and `html` say the same in `languages`.

    `calendar` is an iCalendar file of the day that the mail names. `return_path` is the envelope sender, to which
    reports about it go; None: the address of every mail.
    """

    message_id: str
    recipient: str
    subject: str
    text: str
    html: str
    languages: tuple[str, ...]
    calendar: str | None = None
    # Where its reader leaves such mails with one click.
    unsubscribe: str | None = None
    return_path: str | None = None


class NotNow(Exception):
    """A failure that may pass. The text is a code without any address.

    `by_relay`: the relay failed, with this mail in hand; it may have accepted it. `throttled`: the recipient's domain
    asks for fewer mails.
    """

    def __init__(self, code: str, *, by_relay: bool = False, throttled: bool = False) -> None:
        super().__init__(code)
        self.by_relay = by_relay
        self.throttled = throttled


class Unreachable(NotNow):
    """No relay could be used, so that nothing was said about this mail: it was not attempted."""

    def __init__(self, code: str) -> None:
        super().__init__(code, by_relay=True)


class Refused(Exception):
    """A refusal for good, of the address or of this mail to it. The text is a code.

    `status`: the code by which the receiving system says that the address receives nothing (RFC 3463).
    """

    def __init__(self, code: str, *, status: str | None = None) -> None:
        super().__init__(code)
        self.status = status


class MailRelay(Protocol):
    """Takes mail over for delivery."""

    async def send(self, mail: Mail) -> None:
        """Return once the relay has accepted `mail`. Raises `NotNow`, `Unreachable` or `Refused`."""
        ...

    async def check(self) -> None:
        """Return where the relay answers. Raises `Unreachable`."""
        ...

    def places(self, most: int) -> int:
        """The number of mails, up to `most`, that may be with the relay at this moment."""
        ...

    async def close(self) -> None:
        """Give up the connections that wait for a next mail."""
        ...
