"""Face photos: what is refused, what is kept, what is only remarked on."""

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from services.document.checks import faces, limits
from services.document.checks.catalogue import CATALOGUE
from services.document.checks.photo import check_photo
from services.document.files import domain
from shared.reference import files as reference
from shared.reference.dated import Table
from shared.reference.files import PHOTO_RULES, file_limits, photo_rules
from tests.services.document import files

# Photos are decoded and faces looked for, which computes for seconds: make quick leaves them out.
pytestmark = pytest.mark.server

TODAY = datetime(2026, 7, 1, tzinfo=UTC)
RULES = photo_rules(TODAY.date())


def kept(data: bytes) -> Image.Image:
    verdict = check_photo(data, TODAY)
    assert verdict.problems == ()
    assert verdict.cleaned is not None
    image = Image.open(BytesIO(verdict.cleaned))
    assert image.size == (verdict.width, verdict.height)
    return image


def test_photo_is_kept_as_upright_jpeg_of_three_to_four_without_metadata() -> None:
    image = kept(files.jpeg(3024, 4032, turned=True))
    assert image.format == "JPEG"
    assert image.size == (1200, 1600)
    assert dict(image.getexif()) == {}
    assert "icc_profile" not in image.info
    # The head is in the upper half and the dark clothes are at the bottom: it was turned before it was cropped.
    grey = image.convert("L").tobytes()
    assert grey[1590 * 1200 + 600] < grey[20 * 1200 + 600]


@pytest.mark.parametrize(
    ("width", "height"), [(480, 640), (600, 800), (1080, 1920), (1000, 1000), (1200, 1600), (3024, 4032)]
)
def test_usual_shapes_are_cropped_to_three_to_four(width: int, height: int) -> None:
    image = kept(files.jpeg(width, height))
    assert image.width * 4 == image.height * 3
    assert image.width >= RULES.min_width


def test_without_its_library_faces_are_not_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faces, "_detect", None)
    verdict = check_photo(files.jpeg(600, 800), TODAY)
    assert verdict.accepted
    assert verdict.photo
    assert {measure.code for measure in verdict.photo.measures} == {"brightness", "bars", "sharpness"}
    assert not {"photo-no-face", "photo-several-faces"} & set(verdict.advice)


@pytest.mark.parametrize("mode", ["RGBA", "P", "L", "LA", "1", "I;16"])
def test_every_kind_of_png_becomes_a_plain_photo(mode: str) -> None:
    image = files.face()
    made = image.convert("L").convert("I;16") if mode == "I;16" else image.convert(mode)
    assert kept(files.encoded(made, "PNG")).mode == "RGB"


def test_transparent_ground_becomes_white() -> None:
    image = Image.new("RGBA", (600, 800), (0, 0, 0, 0))
    assert min(kept(files.encoded(image, "PNG")).tobytes()) > 250


def test_photo_of_a_printers_colours_is_converted() -> None:
    assert kept(files.encoded(files.face().convert("CMYK"), "JPEG")).mode == "RGB"


def test_photo_that_does_not_compress_still_ends_below_500_kb() -> None:
    verdict = check_photo(files.noise(2400, 3200), TODAY)
    assert verdict.cleaned is not None
    assert len(verdict.cleaned) <= RULES.stored_bytes


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (files.jpeg(479, 639), "photo-too-small"),
        (files.encoded(Image.new("RGB", (1600, 1200), "grey"), "JPEG"), "photo-not-portrait"),
        (files.encoded(Image.new("RGB", (480, 2000), "grey"), "JPEG"), "photo-not-portrait"),
        (files.jpeg()[:2000], "photo-damaged"),
        (b"\xff\xd8\xff" + b"nonsense" * 100, "photo-damaged"),
        (files.png_bomb(), "photo-too-many-pixels"),
    ],
    ids=["too-small", "lying", "too-narrow", "cut-off", "nonsense", "bomb"],
)
def test_unusable_photo_is_refused_with_its_reason(data: bytes, code: str) -> None:
    assert check_photo(data, TODAY).problems == (code,)


def test_dark_bright_blurred_and_old_photos_are_accepted_with_advice() -> None:
    def advice(image: Image.Image) -> tuple[str, ...]:
        verdict = check_photo(files.encoded(image, "PNG"), TODAY)
        assert verdict.accepted
        return verdict.advice

    assert advice(files.face()) == ()
    assert "photo-dark" in advice(Image.eval(files.face(), lambda value: value // 8))
    assert "photo-bright" in advice(Image.new("RGB", (600, 800), "white"))
    assert "photo-blurred" in advice(files.face().filter(ImageFilter.GaussianBlur(60)))
    assert check_photo(files.jpeg(taken="2025-11-01 10:00:00".replace("-", ":")), TODAY).advice == ("photo-old",)
    assert check_photo(files.jpeg(taken="2026:05:01 10:00:00"), TODAY).advice == ()


@given(width=st.integers(4, 20_000), height=st.integers(4, 20_000))
def test_crop_lies_in_the_picture_keeps_one_side_whole_and_has_the_ratio(width: int, height: int) -> None:
    crop = limits.crop_to_ratio(width, height, RULES.ratio)
    if crop is None:
        assert width > height or width * 16 < height * 9
        return
    assert 0 <= crop.left < crop.right <= width
    assert 0 <= crop.top < crop.bottom <= height
    assert crop.width == width or crop.height == height
    assert abs(crop.width * 4 - crop.height * 3) <= 4


def test_limits_are_those_of_the_reference_data(monkeypatch: pytest.MonkeyPatch) -> None:
    assert file_limits(TODAY.date()).total_bytes == domain.MAX_FILE_BYTES
    assert (RULES.min_width, RULES.min_height) == (480, 640)
    assert RULES.ratio == Fraction(3, 4)
    smaller = replace(
        RULES, valid_from=date(2026, 7, 1), source="a test", stored_width=600, stored_height=800, stored_bytes=40_000
    )
    monkeypatch.setattr(
        reference, "PHOTO_RULES", Table("photo_rules", PHOTO_RULES.key, [*PHOTO_RULES.written, smaller])
    )
    image = kept(files.jpeg(1200, 1600))
    assert image.size == (600, 800)
    before = check_photo(files.jpeg(1200, 1600), datetime(2026, 6, 30, tzinfo=UTC))
    assert (before.width, before.height) == (1200, 1600)


@pytest.mark.parametrize(
    ("taken", "advice"),
    [("2026:01:01", ()), ("2025:12:31", ("photo-old",)), ("2026:12:31", ())],
    ids=["six-months", "a-day-more", "clock-ahead"],
)
def test_a_photo_is_old_after_six_months_to_the_day(taken: str, advice: tuple[str, ...]) -> None:
    assert check_photo(files.jpeg(taken=f"{taken} 10:00:00"), TODAY).advice == advice


def test_texts_name_the_measures_of_the_rules() -> None:
    too_small, old = CATALOGUE["photo-too-small"].text, CATALOGUE["photo-old"].text
    for text in (too_small.ja, too_small.en):
        assert {"3:4", str(RULES.min_width), str(RULES.min_height)} <= set(text.replace("。", " ").split())
    assert f"{RULES.taken_within_months}か月以内" in old.ja
    assert "six months" in old.en
