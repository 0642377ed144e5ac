"""The mailbox to which reports about mails come: a port, a Maildir folder and IMAP behind it."""

from pathlib import Path

from services.notification.bounces.mailbox.imap import ImapAddress, ImapMailbox
from services.notification.bounces.mailbox.maildir import MaildirMailbox
from services.notification.bounces.mailbox.port import Kept, ReportMailbox, Unreadable

__all__ = ["ImapMailbox", "Kept", "MaildirMailbox", "ReportMailbox", "Unreadable", "mailbox_at"]


def mailbox_at(url: str, password: str | None) -> ReportMailbox:
    """The mailbox that a setting names. Raises `ValueError`, which says what is wrong with it."""
    if url.startswith("maildir:"):
        return MaildirMailbox(Path(url.removeprefix("maildir:")))
    return ImapMailbox(ImapAddress.parse(url), password or "")
