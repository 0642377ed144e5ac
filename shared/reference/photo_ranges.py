"""Ranges of what is measured on a face photo."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.reference.dated import Dated, Table


class Outcome(StrEnum):
    """The outcome of a measurement. None of them refuses a photo: an officer's eyes decide."""

    PASSED = "passed"
    ADVICE = "advice"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoRange(Dated):
    """The range in which a measurement passes, ends included; beyond `worst_low` and `worst_high` it has failed.

    None is open on that side. Millimetres are of the print.
    """

    code: str
    unit: str
    low: float | None = None
    high: float | None = None
    worst_low: float | None = None
    worst_high: float | None = None

    def judge(self, value: float) -> Outcome:
        """The outcome of a measured value."""
        if _outside(value, self.worst_low, self.worst_high):
            return Outcome.FAILED
        return Outcome.ADVICE if _outside(value, self.low, self.high) else Outcome.PASSED


def _outside(value: float, low: float | None, high: float | None) -> bool:
    return (low is not None and value < low) or (high is not None and value > high)


_ISA = "ISA photo page: face about 25 mm, top margin about 5 mm, each within 3 mm; the outer range is a project rule"
_CONTENT = "ISA photo page: facing front, sharp, no background or shadow; the number is a project rule (decision 0510)"


def _ranges() -> Iterator[PhotoRange]:
    for code, unit, low, high, worst_low, worst_high, source, verify in (
        ("faces", "", 1, 1, None, None, "ISA photo page: the applicant alone", False),
        ("face_height", "mm", 22, 28, 15, 36, _ISA, True),
        ("top_margin", "mm", 2, 8, 0, 14, _ISA, True),
        ("off_centre", "mm", None, 2.5, None, 6, _CONTENT, True),
        ("tilt", "°", None, 7, None, 15, _CONTENT, True),
        ("turn", "%", None, 25, None, 60, _CONTENT, True),
        ("sharpness", "%", 7, None, 4, None, _CONTENT, True),
        ("brightness", "", 55, 243, 30, 250, _CONTENT, True),
        ("background", "", None, 12, None, 35, _CONTENT, True),
        ("shadow", "", None, 20, None, 60, _CONTENT, True),
        ("bars", "%", None, 1, None, 10, _CONTENT, True),
        ("glare", "%", None, 8, None, 30, _CONTENT, True),
    ):
        yield PhotoRange(
            code=code,
            unit=unit,
            low=low,
            high=high,
            worst_low=worst_low,
            worst_high=worst_high,
            source=source,
            verify=verify,
        )


PHOTO_RANGES = Table("photo_ranges", lambda row: row.code, list(_ranges()))

# Words in the name of the program that wrote a picture: apps that alter faces. Those that only crop are not among them.
RETOUCHING_PROGRAMS = ("beautycam", "beautyplus", "b612", "faceapp", "facetune", "meitu", "snow", "ulike", "youcam")


def photo_ranges(day: date) -> Mapping[str, PhotoRange]:
    """The ranges that hold on `day`, by the code of the measurement."""
    return {row.code: row for row in PHOTO_RANGES.on(day)}
