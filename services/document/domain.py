"""The rules of a stored file: what is accepted in which size, how much an owner may keep, how long it stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from shared.reference.files import FILE_LIMITS
from shared.text import one_line
from shared.text.characters import readable


class Kind(StrEnum):
    """What a file is meant to be. Its content has to agree; its name and declared type are never asked."""

    PHOTO = "photo"
    PDF = "pdf"


class Status(StrEnum):
    """`rejected` keeps the verdict and no file; `deleted` keeps the record and no file."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DELETED = "deleted"


class DeleteReason(StrEnum):
    """Why a file is gone."""

    BY_OWNER = "by-owner"
    NEVER_FILED = "never-filed"
    RETENTION_OVER = "retention-over"
    DRAFT_DELETED = "draft-deleted"


class RecordKind(StrEnum):
    """What a file can be filed with."""

    APPLICATION = "application"
    USAGE_REGISTRATION = "usage_registration"
    PERIODIC_REPORT = "periodic_report"


# One file cannot hold more than photo and documents of one application together, under the widest rule of any day.
MAX_FILE_BYTES = max(row.total_bytes for row in FILE_LIMITS.rows)
MAX_CODES = 10

# What a photo must be is `shared.reference.files.photo_rules`; these are the bounds of this service's own work.
# Between a phone held upright (9:16) and a square; anything else loses the face or most of the picture when cropped.
PHOTO_NARROWEST, PHOTO_WIDEST = Fraction(9, 16), Fraction(1, 1)
# Above the largest phone cameras' default pictures; a decoded pixel costs three bytes.
PHOTO_MAX_PIXELS = 64_000_000

PDF_MAX_PAGES = 1000
# The largest honest files seen have some 60,000 objects (1,000 pages with tags). A parser takes 10 to 20 us for each.
PDF_MAX_OBJECTS = 300_000
# Object streams and cross-reference streams together, unpacked. Contents, pictures and fonts do not count: the check
# does not unpack them. 25 MB of nothing but text unpack to less structure than this.
PDF_MAX_STRUCTURE_BYTES = 32 * 1024 * 1024

# Segments before the pixels of a JPEG, fill bytes before one, and scans: cameras write up to 300 segments (colour
# profiles and maps in pieces of 64 KB) and programs up to 12 scans. Chunks of a PNG: 25 MB in pieces of 4 KB.
PHOTO_MAX_SEGMENTS, PHOTO_MAX_FILL, PHOTO_MAX_SCANS, PHOTO_MAX_CHUNKS = 2000, 4096, 40, 8000

# Longer than any check and upload takes: what is younger may still get its row.
ORPHAN_AFTER_DAYS = 1


@dataclass(frozen=True, slots=True)
class Quota:
    """How much one owner may keep that is not filed yet."""

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


def hour_of(moment: datetime) -> datetime:
    """The beginning of the hour in which `moment` lies."""
    return moment.replace(minute=0, second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class Crop:
    """A rectangle in pixels, `right` and `bottom` excluded."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top


def crop_to_ratio(width: int, height: int, wanted_ratio: Fraction) -> Crop | None:
    """The largest rectangle of a picture whose width by height is `wanted_ratio`; None where the picture is too wide or
    too narrow for one.

    Of a picture that is too tall, a third of what goes is taken above and two thirds below: faces are near the top.
    """
    ratio = Fraction(width, height)
    if not PHOTO_NARROWEST * Fraction(99, 100) <= ratio <= PHOTO_WIDEST:
        return None
    if ratio > wanted_ratio:
        wanted = int(height * wanted_ratio)
        left = (width - wanted) // 2
        return Crop(left, 0, left + wanted, height)
    wanted = int(width / wanted_ratio)
    top = (height - wanted) // 3
    return Crop(0, top, width, top + wanted)


def object_key(day: date, object_id: UUID) -> str:
    """Where a file lies in the object store: nothing of it comes from the person who sent it."""
    return f"{day.isoformat()}/{object_id}"


def unfiled_since(now: datetime, days: int) -> datetime:
    """Files stored before this moment and never filed are deleted."""
    return now - timedelta(days=days)


def days_to_sweep(last_swept: date | None, first_day: date | None, today: date) -> Sequence[date]:
    """The days whose stored objects can be compared with the rows: from the oldest not done, whole days only."""
    start = last_swept + timedelta(days=1) if last_swept else first_day
    if start is None:
        return ()
    end = today - timedelta(days=ORPHAN_AFTER_DAYS)
    return [start + timedelta(days=n) for n in range((end - start).days)]


def clean_name(name: str) -> str:
    """A file's name fit to be shown: the last part of its path, without what cannot be read, at most 120 characters.

    Nothing is refused for its name: a character that nobody can read becomes an underscore.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return one_line(readable(last))[-120:].strip()
