"""Pictures of every accepted format: opened within bounds, and brought to plain colours. Runs in a child process."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import pillow_heif
from PIL import Image, ImageCms
from PIL.JpegImagePlugin import JpegImageFile

from services.document.checks import limits
from services.document.checks.sniff import SNIFF_BYTES, sniff
from services.document.checks.structure import jpeg_too_complex, png_too_complex

# The first bytes choose the decoder: no other one sees the file.
_DECODERS = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "heic": "HEIF", "tiff": "TIFF"}
_TOO_COMPLEX = {"jpeg": jpeg_too_complex, "png": png_too_complex}
# The modes in which a colour profile can be applied, by the colour space that it says it is of.
_MODES = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}

# Decoders answer broken files with any of these.
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, ZeroDivisionError, KeyError, TypeError, IndexError)
# The marks of a JPEG before pixels and at the end, and bytes that are pixels where more are expected.
_SCAN, _END, _FILLER = b"\xff\xda", b"\xff\xd9", bytes((0x5A, 0xC3, 0x71, 0x0E)) * 64

# A picture that would unpack to more is an error, not a warning in a log nobody reads.
Image.MAX_IMAGE_PIXELS = limits.PHOTO_MAX_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)
# The first picture alone, by one thread: nothing else of the file is looked at.
pillow_heif.register_heif_opener(decode_threads=1, thumbnails=False, depth_images=False, aux_images=False)


class Unusable(Exception):
    """The picture cannot be used; `args[0]` is the code of the finding."""


@contextmanager
def opened(data: bytes) -> Iterator[Image.Image]:
    """A picture, decoded when its pixels are asked for. Raises `Unusable`, also for what happens inside."""
    content = sniff(data[:SNIFF_BYTES])
    too_complex = _TOO_COMPLEX.get(content)
    if too_complex and too_complex(data):
        raise Unusable("photo-too-complex")
    if content == "jpeg" and data.find(_END, data.rfind(_SCAN)) < 0 and _lacks_end_alone(data):
        data += _END
    try:
        with Image.open(BytesIO(data), formats=(_DECODERS[content],)) as image:
            yield image
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise Unusable("photo-too-many-pixels") from error
    except _BROKEN as error:
        raise Unusable("photo-damaged") from error
    except RuntimeError as error:
        # libheif's word for a file that it cannot decode.
        raise Unusable("photo-damaged") from error


def _lacks_end_alone(data: bytes) -> bool:
    """Whether a JPEG without its end mark has all its pixels: what follows then does not change them, and where pixels
    are missing it becomes some."""
    pictures = []
    for more in (b"", _FILLER):
        try:
            with Image.open(BytesIO(data + more + _END), formats=("JPEG",)) as image:
                pictures.append(image.tobytes())
        except _BROKEN:
            return False
    return pictures[0] == pictures[1]


def reduced(image: Image.Image, times: int) -> Image.Image:
    """A picture that is `times` as large as needed, brought near that size before anything copies it."""
    if times < 2:
        return image
    if isinstance(image, JpegImageFile):  # also one that other pictures follow (MPO)
        # Lets the decoder skip detail that is not needed: a 12-megapixel photo takes a quarter of the time.
        image.draft(None, (image.width // times, image.height // times))
        return image
    plain = image.mode in ("L", "RGB", "RGBA") and "transparency" not in image.info
    return image.reduce(times) if plain else image


def eight_bits(image: Image.Image) -> Image.Image:
    """The picture as grey, RGB or CMYK with eight bits a channel; what is transparent becomes white."""
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba).convert("RGB")
    if image.mode.startswith("I"):
        return image.point(lambda value: value / 256).convert("L")
    if image.mode == "1":
        return image.convert("L")
    return image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")


def in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The same colours in sRGB, without the profile, which is metadata and goes. `image` has eight bits."""
    found = _by_profile(image, profile) if profile else None
    # A copy of 12 megapixels takes as long as everything that is measured of them.
    return found or (image if image.mode == "RGB" else image.convert("RGB"))


def _by_profile(image: Image.Image, profile: bytes) -> Image.Image | None:
    """None where the profile is broken, or of another colour space: the pixels as they are beat no photo."""
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        if _MODES.get(source.profile.xcolor_space.strip()) == image.mode:
            return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        pass
    return None
