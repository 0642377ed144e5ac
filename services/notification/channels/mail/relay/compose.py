"""A mail as it goes on the wire (RFC 5322), from parts that can hold anything.

Its shape is always the same, and it is put together as text: `email` reads and folds each header several times, which
took longer than all else about a mail (docs/decisions/0876).
"""

import secrets
from base64 import encodebytes
from datetime import datetime
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import lru_cache

from services.notification.channels.mail.relay.port import Mail, Refused


def compose(mail: Mail, sender: str, sender_name: str, now: datetime) -> bytes:
    """Text and HTML of `mail` as alternatives, with its calendar file beside them; in seven bits, but for an address of
    other letters (RFC 6531): a server on the way that rewrites eight would break a signature.

    Raises `Refused` for an invalid address: nothing in it can begin another header.
    """
    body = _several("alternative", [_part("plain", mail.text), _part("html", mail.html)])
    if mail.calendar:
        file = _part("calendar", mail.calendar, 'Content-Disposition: attachment; filename="zairyu.ics"\r\n')
        body = _several("mixed", [body, file])
    headers = [
        _from(sender, sender_name),
        f"To: {_address(mail.recipient)}",
        f"Subject: {_subject(mail.subject)}",
        f"Message-ID: <{mail.message_id}>",
        f"Date: {format_datetime(now)}",
        # Out-of-office replies and lists leave such mail alone (RFC 3834).
        "Auto-Submitted: auto-generated",
        f"Content-Language: {', '.join(mail.languages)}",
        "MIME-Version: 1.0",
    ]
    if mail.unsubscribe:
        # In one piece, however long: programs that call it take it as it is.
        headers += [f"List-Unsubscribe: <{mail.unsubscribe}>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"]
    return ("\r\n".join(headers) + "\r\n" + body).encode()


def _address(text: str) -> str:
    try:
        return str(Address(addr_spec=text))
    except (MessageError, ValueError, IndexError, AttributeError) as error:
        raise Refused("address-invalid") from error


@lru_cache(maxsize=8)
def _from(sender: str, sender_name: str) -> str:
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(display_name=sender_name, addr_spec=sender)
    return message.as_bytes().decode().strip()


def _subject(text: str) -> str:
    # Folded white space: a line break in a name or number would begin another header. And folded here: Python 3.11
    # loses spaces between encoded words (python/cpython#92081).
    words = " ".join(text.split())
    return Header(words, None if words.isascii() else "utf-8", 76, "Subject").encode(linesep="\r\n")


def _several(kind: str, parts: list[str]) -> str:
    """Several parts, each with its headers. A boundary has a character that base64 has not."""
    boundary = f"=_{secrets.token_hex(12)}"
    inner = "".join(f"--{boundary}\r\n{part}" for part in parts)
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n{inner}--{boundary}--\r\n'


def _part(kind: str, text: str, headers: str = "") -> str:
    lines = text.encode().splitlines()
    encoded = encodebytes(b"".join(line + b"\r\n" for line in lines)).decode().replace("\n", "\r\n")
    return f'Content-Type: text/{kind}; charset="utf-8"\r\nContent-Transfer-Encoding: base64\r\n{headers}\r\n{encoded}'
