"""The rules of a stored file: its size, how much an owner may keep, what its checks may cost."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from shared.reference.files import FILE_LIMITS
from shared.text import one_line
from shared.text.characters import readable


class Kind(StrEnum):
    """The use of a file. Its content has to agree; its name and declared type do not count."""

    PHOTO = "photo"
    PDF = "pdf"


class Status(StrEnum):
    """`rejected` keeps the verdict and no file; `deleted` keeps the record and no file; `repairable` keeps a repaired
    copy until its owner takes it, or does not."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DELETED = "deleted"
    REPAIRABLE = "repairable"


class DeleteReason(StrEnum):
    """The reason for which a file was deleted."""

    BY_OWNER = "by-owner"
    NEVER_FILED = "never-filed"
    RETENTION_OVER = "retention-over"
    DRAFT_DELETED = "draft-deleted"
    ERASED = "erased-on-request"


class RecordKind(StrEnum):
    """The kinds of records that a file can be filed with."""

    APPLICATION = "application"
    USAGE_REGISTRATION = "usage_registration"
    PERIODIC_REPORT = "periodic_report"


class ScanState(StrEnum):
    """The state of a file's scan for malware. `not-scannable`: the scanner gave up at one of its limits."""

    WAITING = "waiting"
    CLEAN = "clean"
    INFECTED = "infected"
    NOT_SCANNABLE = "not-scannable"


# The problem of a file that a scan did not find clean.
SCAN_PROBLEMS = {ScanState.INFECTED: "file-infected", ScanState.NOT_SCANNABLE: "file-not-scannable"}


# One file cannot hold more than photo and documents of one application together, under the widest rule of any day.
MAX_FILE_BYTES = max(row.total_bytes for row in FILE_LIMITS.rows)


@dataclass(frozen=True, slots=True)
class Quota:
    """The files that one owner may keep without filing them."""

    files: int
    size: int  # bytes

    def leaves_room(self, files: int, size: int, new: int) -> bool:
        """Whether a file of `new` bytes fits beside `files` files of `size` bytes together."""
        return files + 1 <= self.files and size + new <= self.size


# A token for uploads to one record is given to people without an account: a mail address is enough for it. Usage
# registrations and periodic reports take 20 files; twice as many leaves room to try again.
ONE_RECORD = Quota(files=40, size=200 * 1024 * 1024)


@dataclass(frozen=True, slots=True)
class Allowance:
    """The checks that an owner gets in an hour: seconds of CPU, and files that turn out unusable."""

    seconds: float
    refused: int

    def used_up(self, seconds: float, refused: int) -> bool:
        """Whether nothing is left after what was spent."""
        return seconds >= self.seconds or refused >= self.refused


# Twenty files of one record cost 5 to 10 seconds; this leaves room to try each of them again, and again.
CHECKS_FOR_ONE_RECORD = Allowance(seconds=60, refused=60)


# Pictures that one upload makes a document of; each is checked by itself.
MOST_PICTURES = 20
# Files whose pages are put together: they lie in memory.
MOST_JOINED_BYTES = 2 * MAX_FILE_BYTES


# Findings whose repair takes off what somebody has set: it asks for the owner's word that they may.
CONSENT_CODES = frozenset({"pdf-restricted"})
# Findings of a usable PDF for which its owner may ask for a copy without them; a signed one is never altered.
IMPROVED_CODES, NEVER_ALTERED = frozenset({"pdf-scan-fine", "pdf-page-turned"}), "pdf-signed"


def improvements(advice: Collection[str]) -> list[str]:
    """Those of a usable file's findings for which a copy can be asked."""
    return [] if NEVER_ALTERED in advice else [code for code in advice if code in IMPROVED_CODES]


# How long a repaired copy waits for its owner, and how many of one owner do; the oldest goes first.
COPY_WAITS = timedelta(days=1)
MOST_COPIES = 100


def hour_of(moment: datetime) -> datetime:
    """The beginning of the hour in which `moment` lies."""
    return moment.replace(minute=0, second=0, microsecond=0)


def object_key(day: date, object_id: UUID) -> str:
    """The key of a file in the object store: nothing of it comes from the person who sent it."""
    return f"{day.isoformat()}/{object_id}"


# A part costs a request, and what a break loses of one is sent again: 1 MB is a second of a slow line.
PART_BYTES = 1024 * 1024
# From the first part to the last; the files that one owner may have on their way at the same time.
INCOMING_LIFETIME, MOST_INCOMING = timedelta(hours=24), 20
# A form that the browser posts a part with works for so long.
TICKET_LIFETIME = timedelta(minutes=10)


def part_sizes(size: int) -> list[int]:
    """The sizes of the parts in which a file of `size` bytes is sent."""
    whole, rest = divmod(size, PART_BYTES)
    return [PART_BYTES] * whole + ([rest] if rest else [])


def incoming_prefix(upload_id: UUID | None) -> str:
    """The beginning of the keys of a file's parts; of all parts of all files for None."""
    return f"incoming/{upload_id}/" if upload_id else "incoming/"


def part_key(upload_id: UUID, number: int) -> str:
    """The key of a part."""
    return f"{incoming_prefix(upload_id)}{number}"


# A new version of how pages are drawn and text is read is a new number: what was kept before is drawn again.
_PREVIEW_VERSION = 1


class PreviewSize(StrEnum):
    """The size in which a page is shown."""

    THUMBNAIL = "thumbnail"
    PAGE = "page"
    SENT = "sent"  # the whole picture that a photo is a part of


# The longer side in pixels: A4 at 150 dots per inch for reading.
PREVIEW_PIXELS = {PreviewSize.THUMBNAIL: 320, PreviewSize.PAGE: 1754, PreviewSize.SENT: 1200}


def preview_prefix(object_key: str) -> str:
    """The beginning of the keys of what was drawn and read of a stored file: it goes with the file."""
    return f"previews/{object_key}/"


def preview_key(object_key: str, name: str) -> str:
    """The key of a page or the text of a stored file."""
    return f"{preview_prefix(object_key)}v{_PREVIEW_VERSION}/{name}"


def sent_key(object_key: str, sha256: str) -> str:
    """The key of the picture that a photo was cut from, as it was sent, by its hash."""
    return f"{preview_prefix(object_key)}sent-{sha256}"


def object_of(preview: str) -> str:
    """The key of the file that a preview is of."""
    return "/".join(preview.split("/")[1:3])


@dataclass(frozen=True, slots=True)
class Ticket:
    """The permission of one reader to see the pages of one file, until a moment."""

    reader: UUID
    document_id: UUID
    until: datetime


class Tickets:
    """Signs and reads tickets, and seals what is kept of a file, with the key of this service."""

    def __init__(self, key: str, lifetime: timedelta) -> None:
        self._key = key.encode()
        self.lifetime = lifetime

    def issue(self, reader: UUID, document_id: UUID, now: datetime) -> str:
        """A ticket as it stands in an address."""
        until = int((now + self.lifetime).timestamp())
        body = reader.bytes + document_id.bytes + until.to_bytes(5, "big")
        return urlsafe_b64encode(body + self._tag("ticket", body)[:16]).decode().rstrip("=")

    def link(self, reader: UUID, document_id: UUID, now: datetime) -> str:
        """The address under which the pages of a file have theirs."""
        return f"/v1/previews/{self.issue(reader, document_id, now)}"

    def read(self, text: str) -> Ticket | None:
        """The ticket of an address; None where nobody signed it. Its time may be over."""
        try:
            raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        except (Error, ValueError):
            return None
        body, tag = raw[:37], raw[37:]
        if not hmac.compare_digest(tag, self._tag("ticket", body)[:16]):
            return None
        until = datetime.fromtimestamp(int.from_bytes(body[32:], "big"), UTC)
        return Ticket(UUID(bytes=body[:16]), UUID(bytes=body[16:32]), until)

    def seal(self, name: str, content: bytes) -> bytes:
        """`content` with a seal under `name`: somebody who can write to the store cannot make another."""
        return self._tag(name, content) + content

    def unseal(self, name: str, sealed: bytes) -> bytes | None:
        """The opposite of `seal`; None where the seal is broken."""
        tag, content = sealed[:32], sealed[32:]
        return content if hmac.compare_digest(tag, self._tag(name, content)) else None

    def _tag(self, name: str, content: bytes) -> bytes:
        return hmac.digest(self._key, name.encode() + b"\0" + content, sha256)


def clean_name(name: str) -> str:
    """A file's name fit to be shown: the last part of its path, without what cannot be read, at most 120 characters.

    Nothing is refused for its name: a character that nobody can read becomes an underscore.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return one_line(readable(last))[-120:].strip()
