"""The port of a channel. Mail and short messages implement it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol
from uuid import UUID

from shared.events.base import Event

# Name of the mail channel, in rows and in the catalogue of messages.
MAIL = "mail"
# Name of the message that stands for several.
SUMMARY = "morning_summary"


@dataclass(frozen=True, slots=True)
class Message:
    """A message before it is made: its name, its event, and the application that the event concerns.

    `procedure` and `office` are codes, None where the event concerns no application.
    """

    template: str
    event: Event
    today: date
    procedure: str | None = None
    office: str | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A message that a summary names: its template and content, the receipt number of what it is about, and when it was
    made."""

    template: str
    sealed_content: str
    number: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message claimed for one attempt; its fields are the columns of `delivery.store.claim`."""

    id: UUID
    template: str
    language: str
    round: int
    created_at: datetime
    sealed_address: str
    sealed_content: str
    sealed_name: str | None
    # The moment from which the message is of no use, such as the end of its link.
    valid_until: datetime | None = None
    # Whether mail to the address came back.
    undeliverable: bool = False
    # The turn that it was given at its destination.
    turn_at: datetime | None = None
    # The trace in which it was made (W3C).
    traceparent: str | None = None
    # Whether its reader may leave such messages out.
    may_be_left_out: bool = False
    # Whether it goes to an applicant's own address that nobody has confirmed.
    unconfirmed: bool = False


@dataclass(frozen=True, slots=True)
class Accepted:
    """The receiving side has the message; `reference` is its own id of it, where it gives one."""

    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """A failed attempt: a code without any address, and whether another attempt can never succeed. `throttled`: the
    destination asks for fewer messages. `status`: the code by which it says that the address receives nothing."""

    reason: str
    permanent: bool
    throttled: bool = False
    status: str | None = None


@dataclass(frozen=True, slots=True)
class NotTried:
    """Nothing was attempted, as the channel's way to its receivers is closed, or the message has to wait for its
    `turn`: a code. It is claimed again `until` then, or soon."""

    reason: str
    turn: datetime | None = None
    until: datetime | None = None


Outcome = Accepted | Failure | NotTried


class Channel(Protocol):
    """A way by which messages reach recipients. It prepares and delivers; the sender claims and retries."""

    @property
    def concurrency(self) -> int:
        """The number of messages that one process delivers at the same time; fewer, or none, while the channel's way
        to its receivers is closed."""
        ...

    @property
    def paces(self) -> Mapping[str, timedelta]:
        """The time between two messages to a destination, for those that have one."""
        ...

    def destination(self, claimed: Claimed) -> str | None:
        """The system behind the address of a message, such as a mail domain; None where it has none."""
        ...

    def prepare(self, message: Message) -> str:
        """The sealed content of `message`, the same for every recipient. Kept until some time after the end."""
        ...

    def summarise(self, held: Sequence[Held], language: str, *, officer: bool) -> str:
        """The sealed content of one message, `SUMMARY`, that stands for those of one recipient, a reader of
        `language`."""
        ...

    async def deliver(self, claimed: Claimed) -> Outcome:
        """Attempt the delivery once. May be called again for the same round, with the same content.

        An exception counts as a failure that may pass. The attempt bounds its own time.
        """
        ...
