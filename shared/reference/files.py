"""Requirements for photos and PDFs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache

from shared.reference.codes import Procedure
from shared.reference.dated import Dated, Table
from shared.reference.periods import add_months

MEGABYTE = 1024 * 1024
# An application of 特定技能 is asked for more than twenty documents, and one PDF may hold all of them. Project rule.
MOST_DOCUMENTS_IN_A_FILE = 60
# A file with many applications: a row each. The widest form has 760 columns. Project rules.
MOST_ROWS_OF_A_BOOK = 10_000
MOST_COLUMNS_OF_A_BOOK = 2_000
MOST_BYTES_OF_A_BOOK = 64 * MEGABYTE
# As many characters as Excel takes into a cell.
MOST_CHARACTERS_OF_A_CELL = 32_767
MOST_CHARACTERS_OF_A_ROW = 500_000
# The formats that are read as a face photo, and what names of files in each end with.
PHOTO_FORMATS: Mapping[str, tuple[str, ...]] = {
    "jpeg": ("jpg", "jpeg", "jpe", "jfif"),
    "png": ("png",),
    "heic": ("heic", "heif", "hif"),
    "webp": ("webp",),
}
# Those that are read as pages of a document.
PAGE_FORMATS: Mapping[str, tuple[str, ...]] = {**PHOTO_FORMATS, "tiff": ("tif", "tiff")}
SECOND_GENERATION = date(2026, 1, 5)
NEW_CARD_LAYOUT = date(2026, 6, 14)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLimits(Dated):
    """Limits of one application's attachments. `total_bytes` includes the photo.

    A PDF may not carry any of `forbidden_in_pdf`. Fewer than `recommended_dpi` is a warning.
    """

    code: str = "attachments"
    files: int
    total_bytes: int
    forbidden_in_pdf: tuple[str, ...] = ("password", "no_print", "no_copy", "network_authentication")
    recommended_dpi: int = 200


FILE_LIMITS = Table(
    "file_limits",
    lambda row: row.code,
    [
        FileLimits(
            files=1,
            total_bytes=10 * MEGABYTE,
            source="Online system until 2026-01: one PDF of at most 10 MB",
        ),
        FileLimits(
            files=20,
            total_bytes=25 * MEGABYTE,
            valid_from=SECOND_GENERATION,
            source="Online form from 2026-01: 20 files, 25 MB in all including the photo",
        ),
    ],
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoRules(Dated):
    """The face photo. Millimetres are of the print, and `face_mm` goes from the chin to the top of the hair.

    The format of an upload is one of `formats`, and the part of it that is kept has at least `min_width` and
    `min_height` pixels. That part has the print's shape, and is encoded again as JPEG of at most `stored_width`,
    `stored_height` and `stored_bytes`. A photo that was filed `same_after_days` ago or earlier may be on the present
    card: shorter stays have none (project rule). How far a photo may be from these measures: `photo_ranges`.
    """

    code: str = "photo"
    width_mm: int = 30
    height_mm: int = 40
    face_mm: int = 25
    top_mm: int = 5
    taken_within_months: int
    same_after_days: int = 90
    formats: tuple[str, ...] = tuple(PHOTO_FORMATS)
    min_width: int = 480
    min_height: int = 640
    stored_width: int = 1200
    stored_height: int = 1600
    stored_bytes: int = 500_000

    @property
    def ratio(self) -> Fraction:
        """Width by height."""
        return Fraction(self.width_mm, self.height_mm)

    @property
    def accept(self) -> str:
        """The formats as a page asks for a file: by type, and by ending for browsers that do not know the type."""
        types = [f"image/{name}" for name in self.formats]
        return ",".join([*types, *(f".{ending}" for name in self.formats for ending in PHOTO_FORMATS[name])])

    def recent_enough(self, taken_on: date, submitted_on: date) -> bool:
        """Whether a photo taken on that day is recent enough on the day of submission."""
        return taken_on <= submitted_on <= add_months(taken_on, self.taken_within_months)


PHOTO_RULES = Table(
    "photo_rules",
    lambda row: row.code,
    [
        PhotoRules(
            taken_within_months=3,
            source="Older ISA photo page; date of change not confirmed",
            verify=True,
        ),
        PhotoRules(
            taken_within_months=6,
            valid_from=date(2024, 1, 1),
            source="ISA photo page, Enforcement Regulations table 3-2; tolerances and file limits are project rules",
            verify=True,
        ),
    ],
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoAge(Dated):
    """From which age a photo is needed. `status` is empty for every status without a row of its own."""

    procedure: Procedure
    status: str = ""
    from_age: int


_FAMILY = ("DEPENDENT", "LTR", "SPOUSE_PR", "SPOUSE_JP")
PHOTO_AGES = Table(
    "photo_ages",
    lambda row: (row.procedure, row.status),
    [
        *(
            PhotoAge(procedure=p, from_age=16, source="ISA photo page: under 16 not needed")
            for p in (Procedure.CHANGE, Procedure.EXTEND, Procedure.ACQUIRE, Procedure.PR)
        ),
        *(
            PhotoAge(
                procedure=p,
                from_age=1,
                valid_from=NEW_CARD_LAYOUT,
                source="Card layout of 2026-06-14 shows a photo from age 1; not confirmed",
                verify=True,
            )
            for p in (Procedure.CHANGE, Procedure.EXTEND, Procedure.ACQUIRE, Procedure.PR)
        ),
        PhotoAge(procedure=Procedure.COE, from_age=0, source="ISA photo page"),
        *(
            PhotoAge(
                procedure=Procedure.COE, status=s, from_age=0, source="ISA photo page: COE of family, also under 16"
            )
            for s in _FAMILY
        ),
        PhotoAge(
            procedure=Procedure.COE, status="STUDENT", from_age=16, source="ISA photo page: not for 留学 under 16"
        ),
    ],
)


@lru_cache(maxsize=4096)
def photo_age(procedure: str, status: str, day: date) -> int | None:
    """From which age an applicant needs a photo; None for procedures that use none."""
    row = PHOTO_AGES.find(day, (procedure, status), (procedure, ""))
    return row.from_age if row else None


def needs_photo(procedure: str, status: str, age: int, day: date) -> bool:
    """Whether an applicant of that age needs a photo."""
    from_age = photo_age(procedure, status, day)
    return from_age is not None and age >= from_age


def file_limits(day: date) -> FileLimits:
    """The limits of attachments on `day`."""
    return FILE_LIMITS.get(day, "attachments")


def photo_rules(day: date) -> PhotoRules:
    """The rules for photos on `day`."""
    return PHOTO_RULES.get(day, "photo")
