"""Photos, good and bad, each with the findings that it has to have. Drawn: no picture of a person is kept here."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from statistics import NormalDist

from PIL import ExifTags, Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter

from deploy.demo.portraits import Look, draw_person, portrait
from tests.services.document import files

WIDTH, HEIGHT = 600, 800
SKINS = {"light": (240, 212, 190), "tan": (205, 160, 120), "brown": (150, 104, 74), "dark": (96, 64, 48)}
HAIRS = {"black": (28, 24, 24), "fair": (190, 150, 90), "grey": (150, 150, 150), "bald": (222, 184, 150)}
GROUNDS = {"white": (255, 255, 255), "blue": (170, 200, 230), "grey": (190, 190, 190), "beige": (232, 222, 205)}


@dataclass(frozen=True, slots=True)
class Case:
    """A photo and its findings; `kept` is whether all of the picture is."""

    name: str
    data: bytes
    findings: frozenset[str]
    kept: bool | None = None


def corpus() -> Iterator[Case]:
    """All of them."""
    for group in (_good, _placed, _turned, _lit, _grounds, _framed, _several, _none, _refused, _noted):
        yield from group()


def _case(name: str, image: Image.Image, *findings: str, kept: bool | None = None, **options: object) -> Case:
    return Case(name, files.encoded(image, "JPEG", quality=92, **options), frozenset(findings), kept)


def _noise(width: int, height: int, deviation: float) -> Image.Image:
    """Grey noise, the same one each time: `Image.effect_noise` takes no seed, and its extremes change findings."""
    spread = [round(NormalDist(128, deviation).inv_cdf((byte + 0.5) / 256)) for byte in range(256)]
    return Image.frombytes("L", (width, height), Random(1).randbytes(width * height)).point(
        [min(max(shade, 0), 255) for shade in spread]
    )


def _good() -> Iterator[Case]:
    for skin, colour in SKINS.items():
        for hair, tint in HAIRS.items():
            look = Look(skin=colour, hair=colour if hair == "bald" else tint)
            yield _case(f"good-{skin}-{hair}", portrait(WIDTH, HEIGHT, look), kept=True)
    for ground, colour in GROUNDS.items():
        yield _case(f"good-on-{ground}", portrait(WIDTH, HEIGHT, Look(ground=colour)), kept=True)
    yield _case("good-glasses", _glasses(portrait(WIDTH, HEIGHT)), kept=True)
    yield _case("good-scarf", _scarf(portrait(WIDTH, HEIGHT)), kept=True)
    yield _case("good-monochrome", portrait(WIDTH, HEIGHT).convert("L"), kept=True)
    yield _case("good-large", portrait(1800, 2400), kept=True)


def _placed() -> Iterator[Case]:
    """A face elsewhere in a picture that is large enough: what is kept is around it."""
    for name, look in {
        "far": Look(size=0.45),
        "left": Look(size=0.5, right=-6),
        "right": Look(size=0.5, right=6),
        "high": Look(size=0.5, down=-5),
        "low": Look(size=0.5, down=5),
    }.items():
        yield _case(f"placed-{name}", portrait(1500, 2000, look), kept=False)
    yield _case("placed-square", portrait(1600, 1600, Look(size=0.7)), kept=False)
    yield _case("placed-lying", portrait(2000, 1500, Look(size=0.7, right=8)), kept=False)
    yield _case("placed-phone", portrait(1080, 1920, Look(size=0.8)), kept=True)
    yield _case("too-far", portrait(WIDTH, HEIGHT, Look(size=0.5)), "photo-face-small")
    yield _case("too-near", portrait(WIDTH, HEIGHT, Look(size=1.15)), "photo-face-large", "photo-head-high")
    yield _case("cut-above", portrait(WIDTH, HEIGHT, Look(down=-6)), "photo-head-high")
    yield _case(
        "cut-beside", portrait(WIDTH, HEIGHT, Look(right=7)), "photo-off-centre", "photo-background", "photo-shadow"
    )


def _turned() -> Iterator[Case]:
    for degrees in (-8, -14, -20, 20):
        ground = Look().ground
        tilted = portrait(900, 1200, Look(size=0.75)).rotate(degrees, Image.Resampling.BICUBIC, fillcolor=ground)
        yield _case(f"tilted-{degrees}", tilted, "photo-tilted")
    for orientation, back in ((3, Image.Transpose.ROTATE_180), (6, Image.Transpose.ROTATE_90)):
        exif = Image.Exif()
        exif[ExifTags.Base.Orientation] = orientation
        yield _case(f"orientation-{orientation}", portrait(WIDTH, HEIGHT).transpose(back), kept=True, exif=exif)
    for orientation, back in (
        (2, Image.Transpose.FLIP_LEFT_RIGHT),
        (4, Image.Transpose.FLIP_TOP_BOTTOM),
        (5, Image.Transpose.TRANSPOSE),
        (7, Image.Transpose.TRANSVERSE),
    ):
        exif = Image.Exif()
        exif[ExifTags.Base.Orientation] = orientation
        mirrored = portrait(WIDTH, HEIGHT).transpose(back)
        yield _case(f"orientation-{orientation}", mirrored, "photo-mirrored", kept=True, exif=exif)
    yield _case(
        "upside-down", portrait(WIDTH, HEIGHT).transpose(Image.Transpose.ROTATE_180), "photo-face-large", "photo-tilted"
    )
    yield _case("on-its-side", portrait(800, 800).transpose(Image.Transpose.ROTATE_90), "photo-no-face")


def _lit() -> Iterator[Case]:
    plain = portrait(WIDTH, HEIGHT)
    yield _case("dark", ImageEnhance.Brightness(plain).enhance(0.22), "photo-dark")
    yield _case("very-dark", ImageEnhance.Brightness(plain).enhance(0.12), "photo-dark")
    yield _case(
        "bright", ImageChops.add(plain, Image.new("RGB", plain.size, (205,) * 3)), "photo-bright", "photo-no-face"
    )
    for radius in (7, 10):
        yield _case(f"blurred-{radius}", portrait(900, 1200).filter(ImageFilter.GaussianBlur(radius)), "photo-blurred")
    yield _case("enlarged", plain.resize((60, 80)).resize((900, 1200), Image.Resampling.BICUBIC), "photo-blurred")
    yield _case("glare", _glare(_glasses(plain)), "photo-glare")
    yield _case("glare-one-eye", _glare(_glasses(plain), (-3.6,)), "photo-glare")


def _grounds() -> Iterator[Case]:
    stripes = [(x, 0, x + 20, HEIGHT) for x in range(-10, WIDTH, 40)]
    striped = _over(*((box, (90, 90, 90)) for box in stripes))
    yield _case("striped", striped, "photo-background")
    tiles = [(0, y, WIDTH, y + 25) for y in range(0, HEIGHT, 60)]
    tiled = _over(*((box, (110, 90, 80)) for box in tiles))
    yield _case("tiled", tiled, "photo-background")
    noisy = _noise(WIDTH // 20, HEIGHT // 20, 90).resize((WIDTH, HEIGHT)).convert("RGB")
    yield _case("noisy", _person(noisy), "photo-background")
    half = _over(((WIDTH // 2, 0, WIDTH, HEIGHT), (150, 150, 150)))
    yield _case("half-in-shadow", half, "photo-shadow")
    slope = Image.linear_gradient("L").rotate(90).resize((WIDTH, HEIGHT)).convert("RGB")
    yield _case("slope", _person(slope), "photo-shadow")
    faint = _over(((WIDTH // 2, 0, WIDTH, HEIGHT), (228, 232, 236)))
    yield _case("faint-shadow", faint)
    wall = _noise(WIDTH, HEIGHT, 8).point(lambda value: value + 90).convert("RGB")
    yield _case("rough-wall", _person(wall))


def _framed() -> Iterator[Case]:
    """Bars, as a scanner or an app adds them. They are cut off where the face allows it."""
    for name, colour in {"grey": (128, 128, 128), "black": (0, 0, 0)}.items():
        tall = Image.new("RGB", (WIDTH, HEIGHT), colour)
        tall.paste(portrait(WIDTH, 640, Look(size=1.2)), (0, 80))
        yield _case(f"bars-above-and-below-{name}", tall, "photo-bars", "photo-background")
        wide = Image.new("RGB", (WIDTH, HEIGHT), colour)
        wide.paste(portrait(480, HEIGHT, Look(size=1.2)), (60, 0))
        yield _case(f"bars-at-the-sides-{name}", wide, "photo-bars")
    around = Image.new("RGB", (1200, 1600), (128, 128, 128))
    around.paste(portrait(900, 1200, Look(size=0.75)), (150, 200))
    yield _case("bars-cut-off", around, kept=False)


def _several() -> Iterator[Case]:
    for number in (2, 3):
        group = Image.new("RGB", (number * 500, 1200), (236, 240, 244))
        for at in range(number):
            group.paste(portrait(500, 800, Look(hair=(40 * at, 30, 25))), (at * 500, 200))
        yield _case(f"faces-{number}", group, "photo-several-faces")
    behind = portrait(1200, 1600)
    behind.paste(portrait(90, 120), (20, 20))
    yield _case("small-picture-on-the-wall", behind, "photo-background")


def _none() -> Iterator[Case]:
    yield _case(
        "empty-white", Image.new("RGB", (WIDTH, HEIGHT), "white"), "photo-no-face", "photo-bright", "photo-blurred"
    )
    yield _case("empty-grey", Image.new("RGB", (WIDTH, HEIGHT), (128, 128, 128)), "photo-no-face", "photo-blurred")
    noise = _noise(WIDTH, HEIGHT, 100).convert("RGB")
    yield _case("noise", noise, "photo-no-face")
    squares = Image.new("RGB", (WIDTH, HEIGHT), "white")
    draw = ImageDraw.Draw(squares)
    for at in range(0, HEIGHT, 100):
        draw.rectangle((at % WIDTH, at, at % WIDTH + 60, at + 60), fill=(40, 90, 160))
    yield _case("squares", squares, "photo-no-face", "photo-bright")
    covered = portrait(WIDTH, HEIGHT)
    ImageDraw.Draw(covered).rectangle((120, 100, 480, 520), fill=(60, 60, 60))
    yield _case("covered", covered, "photo-no-face")


def _refused() -> Iterator[Case]:
    yield _case("too-small", portrait(300, 400), "photo-too-small")
    yield _case("too-small-once-cropped", portrait(479, 1000), "photo-too-small")
    yield _case("lying-without-a-face", Image.new("RGB", (1600, 1200), "white"), "photo-not-portrait")
    yield _case("strip-without-a-face", Image.new("RGB", (600, 2400), "white"), "photo-not-portrait")
    whole = files.encoded(portrait(WIDTH, HEIGHT), "JPEG")
    yield Case("cut-off", whole[: len(whole) // 2], frozenset({"photo-damaged"}))
    yield Case("nothing-but-a-mark", b"\xff\xd8\xff" + bytes(500), frozenset({"photo-damaged"}))
    yield Case("bomb", files.png_bomb(), frozenset({"photo-too-many-pixels"}))


def _noted() -> Iterator[Case]:
    for name, tags, findings in (
        ("taken-long-ago", {"taken": "2025:06:01 10:00:00"}, ("photo-old",)),
        ("taken-last-month", {"taken": "2026:06:01 10:00:00"}, ()),
        ("clock-ahead", {"taken": "2031:01:01 00:00:00"}, ()),
        ("no-such-day", {"taken": "0000:00:00 00:00:00"}, ()),
        ("beautified", {"program": "BeautyPlus 7.1"}, ("photo-retouched",)),
        ("only-cropped", {"program": "Adobe Photoshop 27.1"}, ()),
    ):
        exif = Image.Exif()
        if "program" in tags:
            exif[ExifTags.Base.Software] = tags["program"]
        if "taken" in tags:
            exif[ExifTags.Base.ExifOffset] = {ExifTags.Base.DateTimeOriginal: tags["taken"]}
        yield _case(name, portrait(WIDTH, HEIGHT), *findings, kept=True, exif=exif)


def _over(*boxes: tuple[tuple[int, int, int, int], tuple[int, int, int]]) -> Image.Image:
    """A drawn person before a background with these rectangles."""
    image = Image.new("RGB", (WIDTH, HEIGHT), Look().ground)
    draw = ImageDraw.Draw(image)
    for box, colour in boxes:
        draw.rectangle(box, fill=colour)
    return _person(image)


def _person(image: Image.Image) -> Image.Image:
    sharp = image.copy()
    draw_person(sharp)
    return sharp.filter(ImageFilter.GaussianBlur(3))


def _glasses(image: Image.Image) -> Image.Image:
    for eye in (-3.6, 3.6):
        _oval(image, eye, 13, 2.9, 2.3, outline=(30, 30, 30))
    return image


def _glare(image: Image.Image, eyes: tuple[float, ...] = (-3.6, 3.6)) -> Image.Image:
    for eye in eyes:
        _oval(image, eye + 0.6, 12.6, 1.3, 0.8, fill="white")
    return image


def _scarf(image: Image.Image) -> Image.Image:
    """A scarf over the hair that leaves the face free, as some religions ask for it."""
    mm = WIDTH / 30
    covering = Image.new("L", image.size)
    draw = ImageDraw.Draw(covering)
    draw.ellipse((WIDTH / 2 - 11 * mm, 4 * mm, WIDTH / 2 + 11 * mm, 34 * mm), fill=255)
    draw.ellipse((WIDTH / 2 - 7.4 * mm, 9 * mm, WIDTH / 2 + 7.4 * mm, 30.5 * mm), fill=0)
    image.paste((60, 90, 120), (0, 0), covering)
    return image


def _oval(image: Image.Image, x: float, y: float, wide: float, high: float, **options: object) -> None:
    """An oval by its middle, in millimetres from the middle and from the top of the hair."""
    mm = WIDTH / 30
    middle, top = WIDTH / 2 + x * mm, (5 + y) * mm
    box = (middle - wide * mm, top - high * mm, middle + wide * mm, top + high * mm)
    ImageDraw.Draw(image).ellipse(box, width=6, **options)  # type: ignore[arg-type]
