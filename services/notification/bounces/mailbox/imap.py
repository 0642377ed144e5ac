"""A folder of an IMAP server as the mailbox of reports. Each call is a connection of its own."""

import imaplib
import re
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import unquote, urlsplit

from services.notification.bounces.mailbox.port import Kept, Unreadable

_SECONDS = 30.0
_PORTS = {"imaps": 993, "imap+starttls": 143, "imap": 143}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class ImapAddress:
    """The place of the mailbox: `imaps://USER@HOST[:PORT]/FOLDER`, or `imap+starttls://`. Plain `imap://` is for this
    machine alone."""

    scheme: str
    host: str
    port: int
    user: str
    folder: str

    @classmethod
    def parse(cls, url: str) -> "ImapAddress":
        """The address behind a URL. Raises `ValueError`, which says what is wrong with it."""
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname or not parts.username or parts.password:
            raise ValueError("write imaps://USER@HOST/FOLDER, without the password")
        if parts.scheme == "imap" and not _is_here(parts.hostname):
            raise ValueError("imap:// is for this machine alone; write imaps:// or imap+starttls://")
        folder = unquote(parts.path.lstrip("/")) or "INBOX"
        if not re.fullmatch(r"[A-Za-z0-9_. /-]{1,100}", folder):
            raise ValueError("the folder's name has letters, digits and ./_- alone")
        return cls(parts.scheme, parts.hostname, parts.port or _PORTS[parts.scheme], unquote(parts.username), folder)


class ImapMailbox:
    """The folder at `address`. \\Seen says that a mail was read, \\Flagged that it was not understood."""

    def __init__(self, address: ImapAddress, password: str) -> None:
        self._address = address
        self._password = password

    def unread(self, limit: int, most_bytes: int) -> list[Kept]:
        with self._opened() as server:
            found = []
            for uid in _numbers(server.uid("SEARCH", "UNSEEN"))[:limit]:
                answer = server.uid("FETCH", uid, f"(UID BODY.PEEK[]<0.{most_bytes}>)")
                raw = next((part[1] for part in answer[1] if isinstance(part, tuple)), None)
                if raw is not None:
                    found.append(Kept(uid, raw))
            return found

    def mark(self, understood: Mapping[str, bool]) -> None:
        with self._opened() as server:
            for uid, is_understood in understood.items():
                flags = r"(\Seen)" if is_understood else r"(\Seen \Flagged)"
                _checked(server.uid("STORE", uid, "+FLAGS.SILENT", flags))

    def erase(self, before: datetime) -> None:
        # By the day of its arrival: IMAP keeps no other.
        day = f"{before.day}-{_MONTHS[before.month - 1]}-{before.year}"
        with self._opened() as server:
            old = _numbers(server.uid("SEARCH", "SEEN", "BEFORE", day))
            for uid in old:
                _checked(server.uid("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)"))
            if old:
                _checked(server.expunge())

    @contextmanager
    def _opened(self) -> Iterator[imaplib.IMAP4]:
        try:
            server = self._connect()
            try:
                server.login(self._address.user, self._password)
                _checked(server.select(f'"{self._address.folder}"'))
                yield server
            finally:
                with suppress(imaplib.IMAP4.error, OSError):
                    server.logout()
        except (imaplib.IMAP4.error, OSError, ValueError) as error:
            raise Unreadable(type(error).__name__) from error

    def _connect(self) -> imaplib.IMAP4:
        at = self._address
        if at.scheme == "imaps":
            return imaplib.IMAP4_SSL(at.host, at.port, ssl_context=ssl.create_default_context(), timeout=_SECONDS)
        server = imaplib.IMAP4(at.host, at.port, timeout=_SECONDS)
        if at.scheme == "imap+starttls":
            server.starttls(ssl.create_default_context())
        return server


def _numbers(answer: tuple[str, list[Any]]) -> list[str]:
    """The numbers of mails in the answer to a search, ascending."""
    return [number.decode() for number in sorted(_checked(answer)[0].split(), key=int)]


def _checked(answer: tuple[str, list[Any]]) -> list[bytes]:
    if answer[0] != "OK":
        raise imaplib.IMAP4.error("refused")
    return [part or b"" for part in answer[1]]


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
