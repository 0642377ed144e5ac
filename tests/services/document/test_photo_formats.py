"""Formats of photos: whatever a camera or a program writes, the same colours are kept, upright and in sRGB."""

import struct
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO

import pillow_heif
import pytest
from PIL import ExifTags, Image, ImageCms, ImageDraw

from services.document.checks.pages import opened
from services.document.checks.photo import check_photo
from services.document.checks.picture_pages import pages_of
from tests.services.document import files

# Photos are decoded and faces looked for, which computes for seconds: make quick leaves them out.
pytestmark = pytest.mark.server

TODAY = datetime(2026, 7, 1, tzinfo=UTC)
PATCHES = ((200, 40, 40), (40, 160, 60), (40, 70, 200), (230, 200, 60), (128, 128, 128), (225, 185, 155))


def painted() -> Image.Image:
    """A face with patches of colour at the lower edge, which differ from left to right."""
    image = files.face(600, 800)
    draw = ImageDraw.Draw(image)
    for number, colour in enumerate(PATCHES):
        draw.rectangle((number * 100, 720, number * 100 + 99, 800), fill=colour)
    return image


def saved(image: Image.Image, format: str, **options: object) -> bytes:
    return files.encoded(image, format, **options)


def p3_profile() -> bytes:
    """An ICC profile with the colours of a phone's display (Display P3) and a plain gamma of 2.2."""

    def fixed(*values: float) -> bytes:
        return b"".join(struct.pack(">i", round(value * 65536)) for value in values)

    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(2.2 * 256)) + bytes(2)
    words = b"desc" + bytes(4) + struct.pack(">I", 3) + b"P3\0" + bytes(79)
    colours = {b"rXYZ": (0.51512, 0.2412, -0.00105), b"gXYZ": (0.29198, 0.69225, 0.04189)}
    colours |= {b"bXYZ": (0.1571, 0.06657, 0.78407), b"wtpt": (0.9642, 1.0, 0.8249)}
    tags = {name: b"XYZ " + bytes(4) + fixed(*values) for name, values in colours.items()}
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    tags |= {b"desc": words, b"cprt": b"text" + bytes(4) + b"made by a test\0\0"}
    table, body, start = struct.pack(">I", len(tags)), b"", 132 + 12 * len(tags)
    for name, data in tags.items():
        table += name + struct.pack(">II", start + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    head = struct.pack(">I4sI4s4s4s", 128 + len(table) + len(body), b"test", 0x02400000, b"mntr", b"RGB ", b"XYZ ")
    head += bytes(12) + b"acsp" + bytes(28) + fixed(0.9642, 1.0, 0.8249)
    return head.ljust(128, b"\0") + table + body


def wide_gamut(format: str) -> Callable[[], bytes]:
    def make() -> bytes:
        profile = ImageCms.ImageCmsProfile(BytesIO(p3_profile()))
        seen = ImageCms.profileToProfile(painted(), ImageCms.createProfile("sRGB"), profile)
        assert seen is not None
        return saved(seen, format, icc_profile=p3_profile(), quality=95)

    return make


def turned(format: str, orientation: int, back: Image.Transpose) -> Callable[[], bytes]:
    def make() -> bytes:
        exif = Image.Exif()
        exif[ExifTags.Base.Orientation] = orientation
        lying = painted().transpose(back)
        if format == "HEIF":
            # Says it in a box of its own; what its EXIF says does not count.
            lying.info["exif"] = exif.tobytes()
            return saved(lying, format, quality=95)
        return saved(lying, format, exif=exif, quality=95)

    return make


def gain_map() -> bytes:
    """Ultra HDR: a second, smaller picture follows, which says where the display may be brighter."""
    return saved(painted(), "MPO", save_all=True, append_images=[Image.new("L", (150, 200), 90)], quality=95)


def sixteen_bits() -> bytes:
    """A PNG of 16 bits in each of three channels, which Pillow does not write."""
    import zlib

    image = painted()
    rows = b"".join(
        b"\0" + b"".join(bytes((value, value)) for value in image.crop((0, y, image.width, y + 1)).tobytes())
        for y in range(image.height)
    )

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", *image.size, 16, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b"")


def seen_through() -> Image.Image:
    """With a hole beside the head, through which the page would be seen."""
    image = painted().convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 60, 200))
    return image


COLOURED: dict[str, Callable[[], bytes]] = {
    "jpeg": lambda: saved(painted(), "JPEG", quality=95),
    "jpeg-progressive": lambda: saved(painted(), "JPEG", quality=95, progressive=True),
    "jpeg-cmyk-adobe": lambda: saved(painted().convert("CMYK"), "JPEG", quality=95),
    "jpeg-display-p3": wide_gamut("JPEG"),
    "jpeg-turned-6": turned("JPEG", 6, Image.Transpose.ROTATE_90),
    "jpeg-turned-8": turned("JPEG", 8, Image.Transpose.ROTATE_270),
    "jpeg-turned-3": turned("JPEG", 3, Image.Transpose.ROTATE_180),
    "jpeg-mirrored-2": turned("JPEG", 2, Image.Transpose.FLIP_LEFT_RIGHT),
    "mpo": lambda: saved(painted(), "MPO", save_all=True, append_images=[painted()], quality=95),
    "ultra-hdr": gain_map,
    "png": lambda: saved(painted(), "PNG"),
    "png-16-bits": sixteen_bits,
    "png-palette": lambda: saved(painted().quantize(256), "PNG"),
    "png-alpha": lambda: saved(seen_through(), "PNG"),
    "png-display-p3": wide_gamut("PNG"),
    "png-broken-profile": lambda: saved(painted(), "PNG", icc_profile=b"no profile" * 20),
    "webp": lambda: saved(painted(), "WEBP", quality=95),
    "webp-lossless-alpha": lambda: saved(seen_through(), "WEBP", lossless=True, method=0),
    "webp-animated": lambda: saved(painted(), "WEBP", save_all=True, append_images=[files.face(600, 800)], quality=95),
    "webp-turned": turned("WEBP", 6, Image.Transpose.ROTATE_90),
    "webp-display-p3": wide_gamut("WEBP"),
    "heic": lambda: saved(painted(), "HEIF", quality=95),
    "heic-turned": turned("HEIF", 6, Image.Transpose.ROTATE_90),
    "heic-display-p3": wide_gamut("HEIF"),
    "heic-alpha": lambda: saved(seen_through(), "HEIF", quality=95),
}
GREY: dict[str, Callable[[], bytes]] = {
    "jpeg": lambda: saved(painted().convert("L"), "JPEG", quality=95),
    "png-alpha": lambda: saved(painted().convert("LA"), "PNG"),
    "png-16-bits": lambda: saved(painted().convert("L").convert("I;16").point(lambda v: v * 257), "PNG"),
    "heic": lambda: saved(painted().convert("L"), "HEIF", quality=95),
}


def kept(data: bytes) -> Image.Image:
    verdict = check_photo(data, TODAY)
    assert verdict.problems == ()
    assert "photo-no-face" not in verdict.advice, "the face stands upright"
    image = Image.open(BytesIO(verdict.cleaned or b""))
    assert (image.format, image.mode, image.size, dict(image.getexif())) == ("JPEG", "RGB", (600, 800), {})
    assert not {"icc_profile", "xmp", "comment"} & set(image.info)
    return image


def patches(image: Image.Image) -> list[tuple[int, ...]]:
    small = image.crop((0, 730, 600, 790)).resize((len(PATCHES), 1), Image.Resampling.BOX, reducing_gap=None)
    return [tuple(small.tobytes()[at : at + 3]) for at in range(0, 3 * len(PATCHES), 3)]


@pytest.mark.parametrize("name", COLOURED)
def test_every_format_keeps_its_colours_and_stands_upright(name: str) -> None:
    image = kept(COLOURED[name]())
    off = [max(abs(a - b) for a, b in zip(*pair, strict=True)) for pair in zip(patches(image), PATCHES, strict=True)]
    # Compression and the palette take a few of 256 steps; a profile that is not applied takes 20 and more.
    assert max(off) <= 10, (off, patches(image))
    corner = image.crop((0, 0, 50, 190)).resize((1, 1), Image.Resampling.BOX).tobytes()
    assert min(corner) > 225, "what is transparent is white"


@pytest.mark.parametrize("name", GREY)
def test_every_grey_format_keeps_its_shades(name: str) -> None:
    shades = patches(kept(GREY[name]()))
    for (red, green, blue), colour in zip(shades, PATCHES, strict=True):
        grey = Image.new("RGB", (1, 1), colour).convert("L").tobytes()[0]
        assert max(abs(part - grey) for part in (red, green, blue)) <= 8


def test_profiles_of_the_test_are_told_apart() -> None:
    """The wide gamut is another one: read without its profile, the patches of the test are off."""
    data = wide_gamut("PNG")()
    plain = Image.open(BytesIO(data)).convert("RGB")
    assert max(abs(a - b) for a, b in zip(patches(plain)[0], PATCHES[0], strict=True)) > 15


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (COLOURED["heic"]()[:3000], "photo-damaged"),
        (COLOURED["webp"]()[:3000], "photo-damaged"),
        (COLOURED["heic"]()[:24] + b"\xff" * 4000, "photo-damaged"),
        (saved(Image.new("RGB", (16, 16)), "WEBP"), "photo-too-small"),
    ],
    ids=["heic-cut-off", "webp-cut-off", "heic-nonsense", "webp-too-small"],
)
def test_broken_files_of_the_new_formats_are_refused(data: bytes, code: str) -> None:
    assert check_photo(data, TODAY).problems == (code,)


def test_decoders_are_those_that_the_bytes_name() -> None:
    """libheif is asked for HEIC alone, and the version in use has the corrections of 2026 (decision 0510)."""
    version = tuple(int(part) for part in pillow_heif.libheif_version().split("."))
    assert version >= (1, 23, 6)
    assert check_photo(b"\xff\xd8\xff" + COLOURED["heic"](), TODAY).problems == ("photo-damaged",)


def press_profile() -> bytes:
    """An ICC profile of a printer whose first ink is magenta and whose second is cyan: a table with a corner for each
    mixture of full inks."""

    def lab(*inks: int) -> bytes:
        magenta, cyan, yellow, black = inks
        red, green, blue = (255 * (1 - ink) * (1 - black) for ink in (cyan, magenta, yellow))
        pixel = Image.new("RGB", (1, 1), (int(red), int(green), int(blue)))
        seen = ImageCms.profileToProfile(
            pixel, ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
        )
        assert seen is not None
        light, a, b = seen.tobytes()
        # Pillow's a and b are signed.
        return bytes((light, (a + 128) % 256, (b + 128) % 256))

    straight = bytes(range(256))
    corners = b"".join(lab(*(number >> bit & 1 for bit in (3, 2, 1, 0))) for number in range(16))
    one = struct.pack(">9i", *(65536 if at % 4 == 0 else 0 for at in range(9)))
    table = b"mft1" + bytes(4) + bytes((4, 3, 2, 0)) + one + straight * 4 + corners + straight * 3
    words = b"desc" + bytes(4) + struct.pack(">I", 6) + b"press\0" + bytes(79)
    white = b"XYZ " + bytes(4) + b"".join(struct.pack(">i", round(v * 65536)) for v in (0.9642, 1.0, 0.8249))
    tags = {b"A2B0": table, b"desc": words, b"wtpt": white, b"cprt": b"text" + bytes(4) + b"made by a test\0\0"}
    listed, body, start = struct.pack(">I", len(tags)), b"", 132 + 12 * len(tags)
    for name, data in tags.items():
        listed += name + struct.pack(">II", start + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    head = struct.pack(">I4sI4s4s4s", 128 + len(listed) + len(body), b"test", 0x02400000, b"prtr", b"CMYK", b"Lab ")
    head += bytes(12) + b"acsp" + bytes(28) + struct.pack(">3i", 63190, 65536, 54061)
    return head.ljust(128, b"\0") + listed + body


@pytest.mark.parametrize("format", ["JPEG", "TIFF"])
def test_printers_picture_has_the_colours_of_its_profile(format: str) -> None:
    """Inks are what the profile says they are: here the first two are swapped."""
    inks = {"cyan": (0, 255, 255), "magenta": (255, 0, 255), "yellow": (255, 255, 0), "red": (255, 0, 0)}
    image = Image.new("RGB", (600, 800), "white")
    draw = ImageDraw.Draw(image)
    for number, colour in enumerate(inks.values()):
        draw.rectangle((0, number * 200, 600, number * 200 + 199), fill=colour)
    cyan, magenta, yellow, black = image.convert("CMYK").split()
    printed = Image.merge("CMYK", (magenta, cyan, yellow, black))
    data = saved(printed, format, icc_profile=press_profile(), **({"quality": 95} if format == "JPEG" else {}))
    if format == "JPEG":
        verdict = check_photo(data, TODAY)
        assert verdict.cleaned is not None
        shown = Image.open(BytesIO(verdict.cleaned)).convert("RGB")
    else:
        cleaned = pages_of(data).cleaned
        assert cleaned is not None
        with opened(cleaned) as document:
            shown = document[0].render(scale=1).to_pil().convert("RGB").crop((0, 24, 595, 818))
    for number, colour in enumerate(inks.values()):
        found = shown.getpixel((shown.width // 2, round(shown.height * (number + 0.5) / 4)))
        assert isinstance(found, tuple)
        assert max(abs(one - other) for one, other in zip(found, colour, strict=True)) <= 24, (number, found)
