"""Drawn faces, so that photos can be shown and checked without a picture of a real person."""

from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFilter

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Look:
    """The look and the place of a drawn person: `size` times that of the rules, and millimetres of the print off it."""

    skin: Colour = (222, 184, 150)
    hair: Colour = (45, 32, 25)
    clothes: Colour = (40, 50, 95)
    ground: Colour = (236, 240, 244)
    size: float = 1
    right: float = 0
    down: float = 0


PERSON = Look()


def portrait(width: int = 900, height: int = 1200, look: Look = PERSON) -> Image.Image:
    """A drawn face from the front on a plain background: 25 mm high in a print of 30 x 40 mm, 5 mm below the top."""
    image = Image.new("RGB", (width, height), look.ground)
    draw_person(image, look)
    return image.filter(ImageFilter.GaussianBlur(_millimetre(image) * look.size / 6))


def draw_person(image: Image.Image, look: Look = PERSON) -> None:
    """Draw a head and shoulders into the middle of a picture."""
    draw, mm = ImageDraw.Draw(image), _millimetre(image) * look.size
    middle = image.width / 2 + look.right * _millimetre(image)
    top = image.height / 2 - 15 * mm + look.down * _millimetre(image)
    shade = _times(look.skin, 0.72)

    def oval(left: float, upper: float, right: float, lower: float, fill: Colour) -> None:
        draw.ellipse((middle + left * mm, top + upper * mm, middle + right * mm, top + lower * mm), fill=fill)

    oval(-9.5, 0, 9.5, 19, look.hair)
    draw.rectangle((middle - 4 * mm, top + 20 * mm, middle + 4 * mm, top + 29 * mm), fill=shade)
    oval(-14, 26.5, 14, 80, look.clothes)
    oval(-4, 24, 4, 30, shade)
    oval(-9.3, 12, -7.3, 17, shade)
    oval(7.3, 12, 9.3, 17, shade)
    oval(-8.2, 3, 8.2, 25, look.skin)
    oval(-8.2, 1.2, 8.2, 7.6, look.hair)
    for eye in (-3.6, 3.6):
        oval(eye - 2.2, 11.4, eye + 2.2, 14.6, shade)
        oval(eye - 1.7, 12, eye + 1.7, 14, (250, 248, 245))
        oval(eye - 0.85, 12.1, eye + 0.85, 13.9, (40, 25, 18))
        brow = (middle + (eye - 2.3) * mm, top + 10.2 * mm, middle + (eye + 2.3) * mm, top + 10.9 * mm)
        draw.rectangle(brow, fill=look.hair)
    oval(-1.9, 16.6, 1.9, 18.4, shade)
    oval(-1.5, 12, 1.5, 17.8, _times(look.skin, 1.08))
    oval(-3, 19.8, 3, 22, (165, 75, 75))
    oval(-2.9, 20.4, 2.9, 20.9, (110, 40, 45))


def _millimetre(image: Image.Image) -> float:
    """The pixels of a millimetre in the largest print of 30 x 40 mm that the picture holds."""
    return min(image.width / 30, image.height / 40)


def _times(colour: Colour, factor: float) -> Colour:
    red, green, blue = (min(round(part * factor), 255) for part in colour)
    return red, green, blue
