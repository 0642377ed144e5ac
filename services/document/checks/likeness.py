"""The likeness of a photo: a hash of which few bits change where a picture is only saved again."""

from PIL import Image

_SIDE = 16
# Of the 256 bits. The same photo saved again differs in up to 8, photos of different people in 40 and more.
ALIKE = 12


def likeness_of(photo: Image.Image) -> str:
    """64 hex digits: for each place of a coarse grid, whether the photo is brighter there than right beside it."""
    grey = photo.convert("L").resize((_SIDE + 1, _SIDE), Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(_SIDE):
        start = row * (_SIDE + 1)
        for at in range(start, start + _SIDE):
            bits = bits << 1 | (grey[at] > grey[at + 1])
    return f"{bits:064x}"
