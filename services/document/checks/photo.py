"""The check of a face photo, and the picture that is kept of it. Runs in a child process."""

import warnings
from datetime import UTC, date, datetime
from io import BytesIO

from PIL import Image, ImageCms, ImageFilter, ImageOps, ImageStat
from PIL.ExifTags import IFD, Base
from PIL.JpegImagePlugin import JpegImageFile

from services.document.checks import limits
from services.document.checks.structure import jpeg_too_complex, png_too_complex
from services.document.checks.verdict import Finding, Verdict
from shared.clock import legal_date
from shared.reference.files import PhotoRules, photo_rules

_ORIENTATIONS_TURNED = (5, 6, 7, 8)
_QUALITIES = (92, 85, 78, 70, 60)
# Mean grey and edge strength of the cropped photo at 240 x 320. A photo on a white ground lies around 150 to 210.
_DARK, _BRIGHT, _BLURRED = 55.0, 243.0, 4.0

_LAPLACE = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), 1, 128)

# A picture that would unpack to more is an error, not a warning in a log nobody reads.
Image.MAX_IMAGE_PIXELS = limits.PHOTO_MAX_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)


def check_photo(data: bytes, today: datetime) -> Verdict:
    """Check a JPEG or PNG; what is kept is upright, of the ratio and size of the rules, JPEG, without metadata.

    `today` is compared with the time the camera wrote, and decides which rules (`photo_rules`) hold.
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
    day = legal_date(today)
    rules = photo_rules(day)
    exif = image.getexif()
    turned = exif.get(Base.Orientation) in _ORIENTATIONS_TURNED
    width, height = (image.height, image.width) if turned else image.size
    crop = limits.crop_to_ratio(width, height, rules.ratio)
    if crop is None:
        return Verdict.refused("photo-not-portrait")
    if crop.width < rules.min_width or crop.height < rules.min_height:
        return Verdict.refused("photo-too-small")
    profile = image.info.get("icc_profile")
    if isinstance(image, JpegImageFile):  # also one that other pictures follow (MPO)
        # Lets the decoder skip detail that the kept size cannot show: a 12-megapixel photo takes a quarter of the time.
        scale = _scale(crop, rules)
        if scale > 1:
            image.draft("RGB", (image.width // scale, image.height // scale))
    upright = ImageOps.exif_transpose(_reduced(image, crop, rules))
    flat = _to_srgb(_flatten(upright), profile)
    kept, encoded = _encode(_fit(flat, rules), rules)
    findings = tuple(map(Finding.of, _advice(kept, exif, day, rules)))
    return Verdict(findings, width=kept.width, height=kept.height, cleaned=encoded)


def _scale(crop: limits.Crop, rules: PhotoRules) -> int:
    """The whole number of times that the picture is larger than what is kept."""
    return min(crop.width // rules.stored_width, crop.height // rules.stored_height)


def _reduced(image: Image.Image, crop: limits.Crop, rules: PhotoRules) -> Image.Image:
    """A picture several times as large as what is kept, brought near that size before anything copies it."""
    scale = _scale(crop, rules)
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


def _fit(image: Image.Image, rules: PhotoRules) -> Image.Image:
    crop = limits.crop_to_ratio(*image.size, rules.ratio) or limits.Crop(0, 0, *image.size)
    cut = image.crop((crop.left, crop.top, crop.right, crop.bottom))
    ratio = rules.ratio
    height = min(cut.height, rules.stored_height) // ratio.denominator * ratio.denominator
    size = (height * ratio.numerator // ratio.denominator, height)
    return cut if cut.size == size else cut.resize(size, Image.Resampling.LANCZOS)


def _encode(image: Image.Image, rules: PhotoRules) -> tuple[Image.Image, bytes]:
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


def _advice(photo: Image.Image, exif: Image.Exif, today: date, rules: PhotoRules) -> list[str]:
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
    taken = _taken_on(exif)
    # Cameras' clocks err, so this only warns, and a day that is still to come is taken for today.
    if taken is not None and not rules.recent_enough(min(taken, today), today):
        advice.append("photo-old")
    return advice


def _taken_on(exif: Image.Exif) -> date | None:
    value = exif.get_ifd(IFD.Exif).get(Base.DateTimeOriginal)
    try:
        # Cameras write local time without a zone; a day more or less does not matter here.
        return datetime.strptime(str(value), "%Y:%m:%d %H:%M:%S").replace(tzinfo=UTC).date()
    except ValueError:
        return None
