"""The part of a picture that becomes the photo: proposed from the face, or as the person says."""

from dataclasses import dataclass
from fractions import Fraction

from services.document.checks.faces import Face
from services.document.checks.limits import Crop
from shared.reference.files import PhotoRules


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an upright picture in percent of its sides: `left` and `width` of its width, `top` of its height."""

    left: float
    top: float
    width: float

    @classmethod
    def of(cls, crop: Crop, width: int, height: int) -> "Part":
        """The part that a rectangle is of a picture of these pixels."""
        shares = (crop.left / width, crop.top / height, crop.width / width)
        return cls(*(round(share * 100, 2) for share in shares))

    def within(self, width: int, height: int, ratio: Fraction) -> Crop | None:
        """The rectangle of `ratio` in a picture of these pixels; None where it would reach beyond the picture."""
        left, top = round(width * self.left / 100), round(height * self.top / 100)
        wide = round(width * self.width / 100)
        high = round(wide / ratio)
        # Rounding may go one pixel beyond.
        inside = left + wide <= width + 1 and top + high <= height + 1
        return _fitted(left, top, wide, high, width, height) if inside else None


def largest(width: int, height: int, ratio: Fraction) -> Crop:
    """The largest rectangle of `ratio` in a picture of any shape."""
    wide = min(width, int(height * ratio))
    return _fitted((width - wide) // 2, 0, wide, int(wide / ratio), width, height)


def around(face: Face, width: int, height: int, rules: PhotoRules) -> Crop:
    """The rectangle in which the face has the size and place of the rules, as far as the picture reaches.

    It has at least the pixels that a photo needs, also where the face is then smaller.
    """
    ratio = rules.ratio
    wanted = face.height * rules.height_mm / rules.face_mm
    high = min(max(wanted, rules.min_height), height, float(width / ratio))
    top = face.top - high * rules.top_mm / rules.height_mm
    wide = high * float(ratio)
    return _fitted(round(face.middle - wide / 2), round(top), round(wide), round(high), width, height)


def _fitted(left: int, top: int, wide: int, high: int, width: int, height: int) -> Crop:
    """A rectangle of this size, moved into the picture."""
    wide, high = min(wide, width), min(high, height)
    left, top = min(max(left, 0), width - wide), min(max(top, 0), height - high)
    return Crop(left, top, left + wide, top + high)
