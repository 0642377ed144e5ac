"""The check of a face photo, and the picture that is kept of it. Runs in a child process."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO

from PIL import Image, ImageOps
from PIL.ExifTags import IFD, Base

from services.document.checks import limits
from services.document.checks.catalogue import CATALOGUE
from services.document.checks.crops import Part, around, largest
from services.document.checks.faces import Face, find_faces
from services.document.checks.likeness import likeness_of
from services.document.checks.measures import measure, place_of
from services.document.checks.pictures import Unusable, eight_bits, in_srgb, opened, reduced
from services.document.checks.verdict import Finding, Measure, PhotoFacts, Verdict
from shared.clock import legal_date
from shared.reference.files import PhotoRules, photo_rules
from shared.reference.photo_ranges import RETOUCHING_PROGRAMS, Outcome, PhotoRange, photo_ranges

_ORIENTATIONS_TURNED = (5, 6, 7, 8)
_ORIENTATIONS_MIRRORED = (2, 4, 5, 7)
_QUALITIES = (92, 85, 78, 70, 60)
# Where a face has to be: a picture that has it there is kept whole.
_PLACES = ("face_height", "top_margin", "off_centre")
# The findings of measurements below and above their range.
_FINDINGS = {
    "faces": ("photo-no-face", "photo-several-faces"),
    "face_height": ("photo-face-small", "photo-face-large"),
    "top_margin": ("photo-head-high", "photo-head-low"),
    "off_centre": ("", "photo-off-centre"),
    "tilt": ("", "photo-tilted"),
    "turn": ("", "photo-turned"),
    "sharpness": ("photo-blurred", ""),
    "brightness": ("photo-dark", "photo-bright"),
    "background": ("", "photo-background"),
    "shadow": ("", "photo-shadow"),
    "bars": ("", "photo-bars"),
    "glare": ("", "photo-glare"),
}


@dataclass(frozen=True, slots=True)
class _Picture:
    """A decoded picture, upright, with eight bits a channel; `scale` is how many pixels it has of each of the file.

    `mirrored` is whether the file says to show it so.
    """

    pixels: Image.Image
    scale: float
    profile: bytes | None
    exif: Image.Exif
    mirrored: bool


def check_photo(data: bytes, today: datetime, part: Part | None = None) -> Verdict:
    """Check a picture; what is kept is upright, of the ratio and size of the rules, JPEG, sRGB, without metadata.

    `today` is compared with the time the camera wrote, and decides which rules hold. `part` is what the person
    wants to keep; without it, it is chosen by the face.
    """
    try:
        return _check(data, legal_date(today), part)
    except Unusable as unusable:
        return Verdict.refused(unusable.args[0])


def _check(data: bytes, day: date, part: Part | None) -> Verdict:
    rules, ranges = photo_rules(day), photo_ranges(day)
    width, height = _upright_size(data)
    widest = _chosen(part, width, height, rules) if part else largest(width, height, rules.ratio)
    picture = _decoded(data, widest, rules)
    found = find_faces(picture.pixels)
    faces = [face.moved(0, 0, 1 / picture.scale) for face in found or ()]
    crop = widest if part else _proposed(faces, width, height, rules, ranges)
    if crop.width < rules.min_width or crop.height < rules.min_height:
        raise Unusable("photo-too-small")
    if _times(crop, rules) < _times(widest, rules):
        # The face is small in a large picture: more of its detail is needed.
        picture = _decoded(data, crop, rules)
    photo, encoded = _encoded(in_srgb(_cut(picture, crop, rules), picture.profile), rules)
    placed = [face.moved(crop.left, crop.top, photo.height / crop.height) for face in faces]
    measured = measure(photo, None if found is None else placed, rules.height_mm)
    measures = _judged(measured, ranges)
    findings = (*_measured(measures), *_read(picture, day, rules))
    facts = PhotoFacts(measures, Part.of(crop, width, height), likeness_of(photo))
    return Verdict(findings, width=photo.width, height=photo.height, photo=facts, cleaned=encoded)


def _upright_size(data: bytes) -> tuple[int, int]:
    with opened(data) as image:
        if image.getexif().get(Base.Orientation) in _ORIENTATIONS_TURNED:
            return image.height, image.width
        return image.size


def _decoded(data: bytes, crop: limits.Crop, rules: PhotoRules) -> _Picture:
    """The picture with as many pixels as `crop` needs to be kept."""
    with opened(data) as image:
        exif, profile, side = image.getexif(), image.info.get("icc_profile"), max(image.size)
        # Read first: who turns the picture takes it out.
        mirrored = exif.get(Base.Orientation) in _ORIENTATIONS_MIRRORED
        upright = reduced(image, _times(crop, rules))
        # Decoded here, where what is broken is understood.
        upright.load()
        ImageOps.exif_transpose(upright, in_place=True)
        return _Picture(eight_bits(upright), max(upright.size) / side, profile, exif, mirrored)


def _times(crop: limits.Crop, rules: PhotoRules) -> int:
    """The whole number of times that a part is larger than what is kept."""
    return min(crop.width // rules.stored_width, crop.height // rules.stored_height)


def _chosen(part: Part, width: int, height: int, rules: PhotoRules) -> limits.Crop:
    crop = part.within(width, height, rules.ratio)
    if crop is None:
        raise Unusable("photo-crop-outside")
    return crop


def _proposed(
    faces: list[Face], width: int, height: int, rules: PhotoRules, ranges: Mapping[str, PhotoRange]
) -> limits.Crop:
    """The part to keep: all of a picture that has the face in its place, else what is around the face."""
    whole = limits.crop_to_ratio(width, height, rules.ratio)
    if not faces:
        if whole is None:
            raise Unusable("photo-not-portrait")
        return whole
    if whole is not None and _in_place(faces[0].moved(whole.left, whole.top, 1), whole, rules, ranges):
        return whole
    return around(faces[0], width, height, rules)


def _in_place(face: Face, crop: limits.Crop, rules: PhotoRules, ranges: Mapping[str, PhotoRange]) -> bool:
    places = place_of(face, crop.width, crop.height / rules.height_mm)
    return all(ranges[code].judge(places[code]) is Outcome.PASSED for code in _PLACES)


def _cut(picture: _Picture, crop: limits.Crop, rules: PhotoRules) -> Image.Image:
    """The part of a picture in the size in which it is kept."""
    ratio = rules.ratio
    edges = (round(edge * picture.scale) for edge in (crop.left, crop.top, crop.right, crop.bottom))
    left, top, right, bottom = edges
    high = min(crop.height, rules.stored_height) // ratio.denominator * ratio.denominator
    size = (high * ratio.numerator // ratio.denominator, high)
    right, bottom = min(right, picture.pixels.width), min(bottom, picture.pixels.height)
    if (right - left, bottom - top) == size:
        return picture.pixels.crop((left, top, right, bottom))
    return picture.pixels.resize(size, Image.Resampling.LANCZOS, box=(left, top, right, bottom))


def _encoded(image: Image.Image, rules: PhotoRules) -> tuple[Image.Image, bytes]:
    """The best quality that fits; where none does (noise, not faces), a smaller picture.

    Nothing but pixels goes in: Pillow would carry over comments and more from the notes beside them.
    """
    while True:
        image.info = {}
        for quality in _QUALITIES:
            out = BytesIO()
            image.save(out, "JPEG", quality=quality, optimize=True)
            if out.tell() <= rules.stored_bytes:
                return image, out.getvalue()
        image = image.resize((image.width * 3 // 4, image.height * 3 // 4), Image.Resampling.LANCZOS)


def _judged(measured: Mapping[str, float], ranges: Mapping[str, PhotoRange]) -> tuple[Measure, ...]:
    return tuple(
        Measure(code, value, ranges[code].unit, ranges[code].low, ranges[code].high, ranges[code].judge(value))
        for code, value in measured.items()
    )


def _measured(measures: tuple[Measure, ...]) -> Iterator[Finding]:
    """The findings of what is not in its range."""
    for each in measures:
        if each.outcome is Outcome.PASSED:
            continue
        below, above = _FINDINGS[each.code]
        low = each.low is not None and each.value < each.low
        code, allowed = (below, each.low) if low else (above, each.high)
        numbers = {"measured": each.value, "allowed": allowed or 0}
        yield Finding.of(code, None, **{name: numbers[name] for name in CATALOGUE[code].values})


def _read(picture: _Picture, today: date, rules: PhotoRules) -> Iterator[Finding]:
    """The findings of what the camera or a program wrote beside the picture."""
    exif = picture.exif
    taken = _taken_on(exif)
    # Cameras' clocks err, so this only warns, and a day that is still to come is taken for today.
    if taken is not None and not rules.recent_enough(min(taken, today), today):
        yield Finding.of("photo-old")
    program = str(exif.get(Base.Software, "")).lower()
    if any(word in program for word in RETOUCHING_PROGRAMS):
        yield Finding.of("photo-retouched")
    if picture.mirrored:
        yield Finding.of("photo-mirrored")


def _taken_on(exif: Image.Exif) -> date | None:
    value = exif.get_ifd(IFD.Exif).get(Base.DateTimeOriginal)
    try:
        # Cameras write local time without a zone; a day more or less does not matter here.
        return datetime.strptime(str(value), "%Y:%m:%d %H:%M:%S").replace(tzinfo=UTC).date()
    except ValueError:
        return None
