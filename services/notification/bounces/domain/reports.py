"""Reports about mails (RFC 3462, 3464): what a mail in the mailbox of bounces says.

Such a mail comes from anywhere and may be made to hurt: only its first part is read, its parts are counted before it is
parsed, nothing in it is unpacked, and what does not fit is "not understood".
"""

import base64
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.errors import MessageError
from email.message import Message
from email.parser import BytesParser, HeaderParser
from email.policy import compat32
from enum import StrEnum
from uuid import UUID

from services.notification.channels.mail.domain.statuses import Kind, kind_of, status_in, status_of

# A report begins with what it says; the returned mail behind it may be cut off.
MOST_BYTES = 256 * 1024
# A report has three parts, and the returned mail four more.
_MOST_BOUNDARIES = 12
_MOST_PARTS = 40
# A mail of ours has one recipient, and a forwarded one a few.
_MOST_RECIPIENTS = 10
_MOST_TEXT = 16 * 1024


class Outcome(StrEnum):
    """The kind of a mail in the mailbox of bounces."""

    FAILED = "failed"
    DELAYED = "delayed"  # it is still being tried
    DELIVERED = "delivered"
    AUTO_REPLY = "auto-reply"  # of an absent reader: the mail arrived
    NOT_UNDERSTOOD = "not-understood"


@dataclass(frozen=True, slots=True)
class Report:
    """The content of a report: one round of a message. `status` and `kind` are those of a failure."""

    outcome: Outcome
    message_id: UUID | None = None
    round: int = 0
    status: str = ""
    reason: str = ""

    @property
    def kind(self) -> Kind:
        return kind_of(self.status)


# The header fields in which the address stands to which a report was sent.
_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To", "Resent-To")
# The first line of the returned mail in a report that is one text.
_RETURNED = re.compile(r"^(?:Received|Return-Path|Message-ID|DKIM-Signature):", re.IGNORECASE | re.MULTILINE)
_MAILER = re.compile(r"\b(mailer-daemon|mail-daemon|maildaemon|postmaster|mdaemon|mail delivery)\b", re.IGNORECASE)

FindMessage = Callable[[str], tuple[UUID, int] | None]


def read_report(raw: bytes, find: FindMessage) -> Report:
    """The report in the mail `raw`; `find` gives the message that a text with a return path names. Raises nothing."""
    raw = raw[:MOST_BYTES]
    lower = raw.lower()
    if lower.count(b"boundary") > _MOST_BOUNDARIES or lower.count(b"\ncontent-type") > _MOST_PARTS:
        return _not_understood("too-many-parts")
    if b"\0" in raw:
        return _not_understood("not-text")
    try:
        return _read(BytesParser(policy=compat32).parsebytes(raw), find)
    except (MessageError, ValueError, LookupError, RecursionError, AttributeError, TypeError):
        return _not_understood("malformed")


def _read(mail: Message, find: FindMessage) -> Report:
    sent_to = " ".join(str(value) for name in _TO for value in mail.get_all(name, [])[:_MOST_RECIPIENTS])
    found = find(sent_to)
    if found is None:
        return _not_understood("not-addressed-to-us")
    status_part = next((part for part in mail.walk() if part.get_content_type() in _STATUS_TYPES), None)
    if status_part is not None:
        outcomes = list(_recipients(status_part))
        if len(outcomes) > _MOST_RECIPIENTS:
            return _not_understood("too-many-recipients")
        report = _worst(outcomes)
        if report is not None:
            return Report(report[0], *found, status=report[1])
    if "X-Failed-Recipients" in mail or _MAILER.search(str(mail.get("From", ""))):
        status = status_of(_text(mail))
        return Report(Outcome.FAILED, *found, status=status) if status else _not_understood("no-status", found)
    if _is_automatic(mail):
        return Report(Outcome.AUTO_REPLY, *found)
    return _not_understood("no-report", found)


_STATUS_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status"})
_ACTIONS = {
    "failed": Outcome.FAILED,
    "delayed": Outcome.DELAYED,
    "delivered": Outcome.DELIVERED,
    "relayed": Outcome.DELIVERED,
    "expanded": Outcome.DELIVERED,
}
_BY_WEIGHT = (Outcome.FAILED, Outcome.DELAYED, Outcome.DELIVERED)


def _recipients(part: Message) -> Iterator[tuple[Outcome, str]]:
    """Outcome and status of each recipient; the first block of fields is about the whole mail and has no action."""
    for block in _blocks(part):
        action = str(block.get("Action", "")).partition("(")[0].strip().lower()
        if action in _ACTIONS:
            yield _ACTIONS[action], _status(block)


def _blocks(part: Message) -> Iterator[Message]:
    payload = part.get_payload()
    blocks = [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []
    yield from blocks
    if str(part.get("Content-Transfer-Encoding", "")).strip().lower() == "base64":
        # Not allowed, and done: the parser has taken the lines for the blocks.
        coded = "".join(str(one.get_payload()) for one in blocks)
        text = base64.b64decode(coded).decode("utf-8", "replace")
        for block in re.split(r"\r?\n\r?\n", text):
            yield HeaderParser(policy=compat32).parsestr(block)


def _status(block: Message) -> str:
    """The code of a recipient: that of the report, or of the answer of the other server where it says more."""
    stated = status_in(str(block.get("Status", "")))
    if stated is not None and not stated.endswith(".0.0"):
        return stated
    return status_of(str(block.get("Diagnostic-Code", ""))) or stated or "5.0.0"


def _worst(outcomes: list[tuple[Outcome, str]]) -> tuple[Outcome, str] | None:
    return min(outcomes, key=lambda one: _BY_WEIGHT.index(one[0]), default=None)


def _text(mail: Message) -> str:
    """The text that a person would read first."""
    for part in mail.walk():
        if part.get_content_type() == "text/plain":
            return _RETURNED.split(_decoded(part)[:_MOST_TEXT])[0]
    return ""


def _decoded(part: Message) -> str:
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return ""
    try:
        return raw[:MOST_BYTES].decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        return raw[:MOST_BYTES].decode("utf-8", "replace")


def _is_automatic(mail: Message) -> bool:
    """Whether a program answered for an absent reader (RFC 3834, and what programs wrote before it)."""
    stated = str(mail.get("Auto-Submitted", "no")).strip().lower()
    precedence = str(mail.get("Precedence", "")).strip().lower()
    return (
        not stated.startswith("no")
        or precedence in ("auto_reply", "bulk", "junk")
        or any(name in mail for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress"))
    )


def _not_understood(reason: str, found: tuple[UUID, int] | None = None) -> Report:
    message_id, sent = found or (None, 0)
    return Report(Outcome.NOT_UNDERSTOOD, message_id, sent, reason=reason)
