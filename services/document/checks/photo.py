"""The check of a face photo, and the picture that is kept of it. Runs in a child process."""

import warnings
from datetime import UTC, datetime
from io import BytesIO

from PIL import Image, ImageCms, ImageFilter, ImageOps, ImageStat
from PIL.ExifTags import IFD, Base
from PIL.JpegImagePlugin import JpegImageFile

from services.document.checks import limits
from services.document.checks.structure import jpeg_too_complex, png_too_complex
from services.document.checks.verdict import Verdict

_ORIENTATIONS_TURNED = (5, 6, 7, 8)
_QUALITIES = (92, 85, 78, 70, 60)
# Mean grey and edge strength of the cropped photo at 240 x 320. A photo on a white ground lies around 150 to 210.
_DARK, _BRIGHT, _BLURRED = 55.0, 243.0, 4.0

_LAPLACE = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), 1, 128)

# A picture that would unpack to more is an error, not a warning in a log nobody reads.
Image.MAX_IMAGE_PIXELS = limits.PHOTO_MAX_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)


def check_photo(data: bytes, today: datetime) -> Verdict:
    """Check a JPEG or PNG; what is kept is upright, 3:4, JPEG, at most 500 KB, and carries no metadata.

    `today` is compared with the time the camera wrote. Source of the measures: `services.document.domain`.
    """
    if (jpeg_too_complex if data.startswith(b"\xff\xd8") else png_too_complex)(data):
        return Verdict.refused("photo-too-complex")
    try:
        with Image.open(BytesIO(data), formats=("JPEG", "PNG")) as image:
            return _check(image, today)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        return Verdict.refused("photo-too-many-pixels")
    except (OSError, SyntaxError, ValueError, EOFError, ZeroDivisionError, KeyError, TypeError, IndexError):
        # Pillow's decoders answer broken files with any of these.
        return Verdict.refused("photo-damaged")


def _check(image: Image.Image, today: datetime) -> Verdict:
    exif = image.getexif()
    turned = exif.get(Base.Orientation) in _ORIENTATIONS_TURNED
    width, height = (image.height, image.width) if turned else image.size
    crop = limits.crop_to_ratio(width, height)
    if crop is None:
        return Verdict.refused("photo-not-portrait")
    if crop.width < limits.PHOTO_MIN_WIDTH or crop.height < limits.PHOTO_MIN_HEIGHT:
        return Verdict.refused("photo-too-small")
    profile = image.info.get("icc_profile")
    if isinstance(image, JpegImageFile):  # also one that other pictures follow (MPO)
        # Lets the decoder skip detail that the kept size cannot show: a 12-megapixel photo takes a quarter of the time.
        scale = min(crop.width // limits.PHOTO_MAX_WIDTH, crop.height // limits.PHOTO_MAX_HEIGHT)
        if scale > 1:
            image.draft("RGB", (image.width // scale, image.height // scale))
    upright = ImageOps.exif_transpose(_reduced(image, crop))
    flat = _to_srgb(_flatten(upright), profile)
    kept, encoded = _encode(_fit(flat))
    return Verdict(advice=tuple(_advice(kept, exif, today)), width=kept.width, height=kept.height, cleaned=encoded)


def _reduced(image: Image.Image, crop: limits.Crop) -> Image.Image:
    """A picture several times as large as what is kept, brought near that size before anything copies it."""
    scale = min(crop.width // limits.PHOTO_MAX_WIDTH, crop.height // limits.PHOTO_MAX_HEIGHT)
    scaled = isinstance(image, JpegImageFile) or image.mode not in ("L", "RGB", "RGBA") or "transparency" in image.info
    return image if scaled or scale < 2 else image.reduce(scale)


def _flatten(image: Image.Image) -> Image.Image:
    """RGB; what is transparent becomes white."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        white = Image.new("RGBA", rgba.size, "white")
        return Image.alpha_composite(white, rgba).convert("RGB")
    if image.mode.startswith("I"):
        return image.point(lambda value: value / 256).convert("L").convert("RGB")
    return image.convert("RGB")


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The same colours without a profile, which is metadata and goes."""
    if not profile:
        return image
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        # A broken profile, or one of another colour space: the pixels as they are beat no photo.
        return image
    return converted or image


def _fit(image: Image.Image) -> Image.Image:
    crop = limits.crop_to_ratio(*image.size) or limits.Crop(0, 0, *image.size)
    cut = image.crop((crop.left, crop.top, crop.right, crop.bottom))
    height = min(cut.height, limits.PHOTO_MAX_HEIGHT) // 4 * 4
    size = (height * limits.PHOTO_RATIO.numerator // limits.PHOTO_RATIO.denominator, height)
    return cut if cut.size == size else cut.resize(size, Image.Resampling.LANCZOS)


def _encode(image: Image.Image) -> tuple[Image.Image, bytes]:
    """The best quality that fits; where none does (noise, not faces), a smaller picture.

    Nothing but pixels goes in: Pillow would carry over comments and more from the notes beside them.
    """
    while True:
        image.info = {}
        for quality in _QUALITIES:
            out = BytesIO()
            image.save(out, "JPEG", quality=quality, optimize=True)
            if out.tell() <= limits.PHOTO_MAX_BYTES:
                return image, out.getvalue()
        image = image.resize((image.width * 3 // 4, image.height * 3 // 4), Image.Resampling.LANCZOS)


def _advice(photo: Image.Image, exif: Image.Exif, today: datetime) -> list[str]:
    small = photo.convert("L").resize((240, 320), Image.Resampling.BILINEAR)
    brightness = ImageStat.Stat(small).mean[0]
    # The filter leaves the outermost pixels as they are.
    laplace = small.filter(_LAPLACE).crop((1, 1, small.width - 1, small.height - 1))
    edges = ImageStat.Stat(laplace).stddev[0]
    advice = []
    if brightness < _DARK:
        advice.append("photo-dark")
    elif brightness > _BRIGHT:
        advice.append("photo-bright")
    if edges < _BLURRED:
        advice.append("photo-blurred")
    taken = _taken_at(exif)
    if taken is not None and today - taken > limits.PHOTO_MAX_AGE:
        advice.append("photo-old")
    return advice


def _taken_at(exif: Image.Exif) -> datetime | None:
    value = exif.get_ifd(IFD.Exif).get(Base.DateTimeOriginal)
    try:
        # Cameras write local time without a zone; a day more or less does not matter here.
        return datetime.strptime(str(value), "%Y:%m:%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None
