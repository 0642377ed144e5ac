"""The mailbox of the local stack, as the people of the case read it."""

import email
import mailbox
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from deploy.demo.waiting import PATIENCE, until


class Letters:
    """Mails that arrived in a Maildir, each returned once."""

    def __init__(self, maildir: Path) -> None:
        self._maildir = maildir
        self._read: set[str] = set()

    async def next(self, to: str, containing: str, seconds: float = PATIENCE) -> EmailMessage:
        """The next unread mail to `to` whose text contains `containing`; waits for it."""

        async def look() -> EmailMessage | None:
            for key, message in self.all():
                if key not in self._read and to in str(message["To"]) and containing in body_of(message):
                    self._read.add(key)
                    return message
            return None

        return await until(f"the mail to {to} containing {containing!r}", look, seconds)

    def skip_present(self) -> None:
        """Count what lies there already as read."""
        self._read |= {key for key, _ in self.all()}

    def all(self) -> list[tuple[str, EmailMessage]]:
        """Every mail, oldest first, with its key."""
        box = mailbox.Maildir(self._maildir, create=False)
        keyed = [(key, email.message_from_bytes(box.get_bytes(key), policy=default)) for key in sorted(box.keys())]
        return [(key, message) for key, message in keyed if isinstance(message, EmailMessage)]


def body_of(message: EmailMessage) -> str:
    """The plain text of a mail."""
    part = message.get_body(("plain",))
    return str(part.get_content()) if part else ""
