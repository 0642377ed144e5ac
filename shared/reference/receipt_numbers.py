"""Receipt numbers (申請受付番号): `東オンＥＮ26000001`.

Office prefix, オン, the procedure's letter and the form section in full-width letters, two digits of the year, and a
serial of six digits that counts per office and year. The shape follows numbers that were seen; the letters of
procedures other than EXTEND and CHANGE are this project's choice.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from shared.reference.dated import NotInRules
from shared.reference.offices import OFFICES
from shared.reference.procedures import PROCEDURES

MAX_SERIAL = 999_999
PATTERN = r"^[札仙東横名阪神広高福那]オン[Ａ-Ｚ]{1,3}[0-9]{8}$"
_FULL = str.maketrans({chr(c): chr(c + 0xFEE0) for c in range(ord("A"), ord("Z") + 1)})
# Spaces, and everything that keyboards have for a hyphen.
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015\u2212\u30fc\u30fb/.]")
_TYPED = re.compile(
    r"(?:(?P<prefix>[札仙東横名阪神広高福那])?オン|(?P<office>[A-Z]{3}))?(?P<letters>[A-Z]{1,3})(?P<digits>\d{8})"
)
_PARTS = re.compile(r"(?P<prefix>[札仙東横名阪神広高福那])オン(?P<letters>[A-Z]{1,3})(?P<year>\d{2})(?P<serial>\d{6})")


@dataclass(frozen=True, slots=True)
class ReceiptNumber:
    """The parts of a receipt number. `letters` are half-width here, `year` has four digits."""

    prefix: str
    letters: str
    year: int
    serial: int

    def __str__(self) -> str:
        return f"{self.prefix}オン{self.letters.translate(_FULL)}{self.year % 100:02}{self.serial:06}"

    @property
    def office(self) -> str:
        """Code of the office that gave the number."""
        return next(office.code for office in OFFICES.rows if office.prefix == self.prefix)

    @property
    def ascii(self) -> str:
        """The number in letters and digits that every keyboard and every file name has: `TYOEN26000001`."""
        return f"{self.office}{self.letters}{self.year % 100:02}{self.serial:06}"


def receipt_number(office: str, procedure: str, section: str, received_on: date, serial: int) -> str:
    """The number for the `serial`-th application (from 1) that the office received in that year.

    `section` is the form section (N, T, ...), empty where there is none. Raises `NotInRules` for an unknown code and
    ValueError where the year's numbers are used up.
    """
    letter = PROCEDURES.get(received_on, procedure).letter
    if not letter:
        raise NotInRules(f"{procedure} has no receipt number of its own")
    if not 1 <= serial <= MAX_SERIAL:
        raise ValueError(f"a serial has six digits and begins with 1, not {serial}")
    if not re.fullmatch(r"[A-Z]?", section):
        raise ValueError(f"{section!r} is not a form section")
    return str(ReceiptNumber(OFFICES.get(received_on, office).prefix, letter + section, received_on.year, serial))


def parse_receipt_number(text: str) -> ReceiptNumber:
    """The number that a person typed, in any width and case and with spaces; ValueError where it is none."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()
    found = _PARTS.fullmatch(plain)
    if found is None:
        raise ValueError("not a receipt number: write it like 東オンＥＮ26000001")
    return ReceiptNumber(found["prefix"], found["letters"], 2000 + int(found["year"]), int(found["serial"]))


def number_typed(text: str) -> str | None:
    """A receipt number that somebody searches for, or the end of one, as records have it; None for another text.

    It may have spaces and hyphens, any width and case, and begin with the office's code, as names of files do.
    """
    found = _TYPED.fullmatch(_BETWEEN.sub("", unicodedata.normalize("NFKC", text)).upper())
    if found is None:
        return None
    prefix = found["prefix"] or next((office.prefix for office in OFFICES.rows if office.code == found["office"]), "")
    if found["office"] and not prefix:
        return None
    begins = f"{prefix}オン" if prefix or "オン" in found[0] else ""
    return f"{begins}{found['letters'].translate(_FULL)}{found['digits']}"
