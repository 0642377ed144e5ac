"""The mail relay in memory, for quick tests. It simulates refusals and outages."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTPUTF8
from fnmatch import fnmatchcase

from services.notification.channels.mail.domain.replies import Meaning, Stage, meaning_of
from services.notification.channels.mail.relay.compose import compose
from services.notification.channels.mail.relay.port import Mail, NotNow, Refused, Unreachable


class MemoryRelay:
    """A relay that keeps what it accepts. While `down`, it cannot be reached."""

    def __init__(self, sender: str = "no-reply@zairyu.test", sender_name: str = "在留申請オンライン") -> None:
        self.down = False
        self.accepted: list[EmailMessage] = []
        self._sender = (sender, sender_name)
        self._refusals: list[tuple[str, int]] = []

    async def send(self, mail: Mail) -> None:
        content = compose(mail, *self._sender, datetime.now(UTC))
        if self.down:
            raise Unreachable("connection")
        for pattern, code in self._refusals:
            if fnmatchcase(mail.recipient.lower(), pattern.lower()):
                for_good = meaning_of(Stage.RCPT, code, "") is Meaning.FOR_GOOD
                raise (Refused if for_good else NotNow)(f"smtp-{code}")
        self.accepted.append(message_from_bytes(content, policy=SMTPUTF8))

    async def check(self) -> None:
        if self.down:
            raise Unreachable("connection")

    def places(self, most: int) -> int:
        return most

    async def close(self) -> None:
        """It holds nothing."""

    def refuse(self, recipient: str, code: int = 550) -> None:
        """Answer `code` from now on to recipients that match the glob."""
        self._refusals.append((recipient, code))

    def accept_all(self) -> None:
        """Forget every refusal."""
        self._refusals.clear()

    def to(self, recipient: str) -> list[EmailMessage]:
        """The messages accepted for that address."""
        return [message for message in self.accepted if str(message["To"]).lower() == recipient.lower()]
