"""Measurements of a face photo: where the face is, and how the picture is lit. Pure; nothing here judges."""

import math
from collections.abc import Iterator

from PIL import Image, ImageFilter, ImageStat

from services.document.checks.faces import Face, Point

# The photo as it is measured: eight pixels for a millimetre of the print.
_SIZE = (240, 320)
_LAPLACE = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), 1, 128)
# Of the width: strips at both sides in which nothing but the background should be.
_STRIP = 0.1
# From here on a pixel counts as white light that is thrown back.
_WHITE = 250
# The network draws eyes and mouth nearer to level than they are: of 8 degrees it shows 6 (decision 0510).
_TILT = 1.3
# A bar is of one shade, and most of what lies behind its edge of another.
_ONE_SHADE, _OTHER_SHADE, _MOST = 1.5, 12.0, 0.9


def measure(photo: Image.Image, faces: list[Face] | None, height_mm: int) -> dict[str, float]:
    """The measurements of a photo by code, those of a face where there is one. `height_mm` is the print's height;
    `faces` None: nobody has looked for them."""
    grey = photo.convert("L").resize(_SIZE, Image.Resampling.BOX)
    found: dict[str, float] = {"brightness": _mean(grey), "bars": _bars(grey)}
    if faces is not None:
        found["faces"] = len(faces)
    if faces:
        face = faces[0].moved(0, 0, _SIZE[1] / photo.height)
        found |= place_of(face, _SIZE[0], _SIZE[1] / height_mm) | _light(grey, face)
    else:
        found["sharpness"] = _sharpness(grey)
    return {code: round(value, 1) for code, value in found.items()}


def place_of(face: Face, width: int, millimetre: float) -> dict[str, float]:
    """The size and place of a face in a photo of `width` pixels, of which `millimetre` are one of the print."""
    right, left = face.right_eye, face.left_eye
    eyes = Point((left.x + right.x) / 2, (left.y + right.y) / 2)
    apart = math.hypot(left.x - right.x, left.y - right.y) or 1
    tilt = math.degrees(math.atan2(eyes.x - face.mouth.x, face.mouth.y - eyes.y))
    return {
        "face_height": face.height / millimetre,
        "top_margin": face.top / millimetre,
        "off_centre": abs(face.middle - width / 2) / millimetre,
        "tilt": min(abs(tilt) * _TILT, 180),
        "turn": abs(face.nose.x - eyes.x) / apart * 100,
    }


def _light(grey: Image.Image, face: Face) -> dict[str, float]:
    left, right = _strips(grey, face)
    spread = math.sqrt((_deviation(left) ** 2 + _deviation(right) ** 2) / 2)
    eyes = face.left_eye.x - face.right_eye.x
    white = [_white(grey, point.x, point.y, abs(eyes) * 0.3) for point in (face.right_eye, face.left_eye)]
    return {
        "sharpness": _sharpness(_cut(grey, face.left, face.top, face.right, face.chin)),
        "background": spread,
        "shadow": abs(_mean(left) - _mean(right)),
        "glare": max(white),
    }


def _strips(grey: Image.Image, face: Face) -> Iterator[Image.Image]:
    """The background left and right of the head, above the shoulders."""
    wide, low = grey.width * _STRIP, max(face.chin - face.height * 0.25, grey.height * 0.1)
    yield _cut(grey, 0, 0, wide, low)
    yield _cut(grey, grey.width - wide, 0, grey.width, low)


def _cut(grey: Image.Image, left: float, top: float, right: float, bottom: float) -> Image.Image:
    """The part of the picture within these edges, one pixel at least."""
    x, y = min(max(round(left), 0), grey.width - 1), min(max(round(top), 0), grey.height - 1)
    return grey.crop((x, y, max(min(round(right), grey.width), x + 1), max(min(round(bottom), grey.height), y + 1)))


def _sharpness(grey: Image.Image) -> float:
    """The strength of edges, in percent of the contrast: it is the same for light and dark skin and in little light.

    The filter leaves the outermost pixels as they are.
    """
    laplace = grey.filter(_LAPLACE)
    inner = laplace.crop((1, 1, laplace.width - 1, laplace.height - 1)) if min(laplace.size) > 2 else laplace
    return 100 * _deviation(inner) / max(_deviation(grey), 1)


def _white(grey: Image.Image, x: float, y: float, radius: float) -> float:
    """The share of white around a place, in percent."""
    histogram = _cut(grey, x - radius, y - radius, x + radius, y + radius).histogram()
    return 100 * sum(histogram[_WHITE:]) / sum(histogram)


def _bars(grey: Image.Image) -> float:
    """The widest pair of bars above and below, or left and right, in percent of that side."""
    upright = grey.resize((16, grey.height), Image.Resampling.BOX)
    lying = grey.resize((grey.width, 16), Image.Resampling.BOX).transpose(Image.Transpose.ROTATE_90)
    return max(_pair(upright), _pair(lying))


def _pair(picture: Image.Image) -> float:
    width, height = picture.size
    pixels = picture.tobytes()
    # As plain bytes: a row is too short for what a picture of its own costs.
    rows = [pixels[start : start + width] for start in range(0, len(pixels), width)]
    above, below = _bar(rows[: height // 2]), _bar(rows[: height // 2 : -1])
    return 100 * (above + below) / height if above and below else 0.0


def _bar(rows: list[bytes]) -> int:
    """The rows of a bar that the picture begins with; 0 where it does not end in an edge."""
    shade = sum(rows[0]) / len(rows[0])
    for number, row in enumerate(rows):
        mean = sum(row) / len(row)
        spread = math.sqrt(sum((at - mean) ** 2 for at in row) / len(row))
        if spread > _ONE_SHADE or abs(mean - shade) > _ONE_SHADE:
            # The edge itself is a row of mixed shades; a head before a plain background begins with a few pixels.
            behind = rows[min(number + 1, len(rows) - 1)]
            others = sum(abs(at - shade) > _OTHER_SHADE for at in behind)
            return number if others / len(behind) > _MOST else 0
    return 0


def _mean(image: Image.Image) -> float:
    return ImageStat.Stat(image).mean[0]


def _deviation(image: Image.Image) -> float:
    return ImageStat.Stat(image).stddev[0]
