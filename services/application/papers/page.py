"""A printed page of one sheet: rows of facts in Japanese with English beneath, and the QR code that verifies it."""

import string
from datetime import date, datetime
from functools import cache
from io import BytesIO

import segno
from fpdf import FPDF
from fpdf.enums import Align, WrapMode, XPos, YPos

from services.application.papers.fonts import FONT, font_with, use_font
from shared.errors import Text
from shared.reference.offices import OFFICES
from shared.reference.procedures import PROCEDURES
from shared.reference.statuses import STATUSES

MARGIN, WIDTH = 22.0, 166.0
INK, QUIET, LINE = (26, 26, 26), (85, 85, 85), (148, 148, 148)
VERIFY = Text("真偽と現在の状況の確認", "How to verify")
QR = Text("確認ページのQRコード", "QR code of the page that verifies this paper")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_LABEL = 52.0


def begin(title: str, made_at: datetime, font: bytes) -> FPDF:
    """A document with its first page, to be written from the top."""
    pdf = FPDF(format="A4")
    pdf.set_creation_date(made_at.replace(second=0, microsecond=0))
    pdf.set_title(title)
    pdf.set_lang("ja")
    pdf.set_producer("zairyu")
    pdf.set_margins(MARGIN, 18)
    pdf.set_auto_page_break(False)
    use_font(pdf, font)
    pdf.add_page()
    return pdf


def rule(pdf: FPDF) -> None:
    """The line beneath the last row."""
    pdf.line(MARGIN, pdf.get_y(), MARGIN + WIDTH, pdf.get_y())


def verification(pdf: FPDF, address: str, code: str, how: Text) -> None:
    """The QR code of `address` at the foot of the page, with how it is used, and the code to be typed instead."""
    side, top = 38.0, 297 - 18 - 42.0
    pdf.line(MARGIN, top - 4, MARGIN + WIDTH, top - 4)
    image = BytesIO()
    segno.make(address, error="m", micro=False).save(image, kind="png", scale=6, border=2)
    pdf.image(image, x=MARGIN + WIDTH - side, y=top, w=side, h=side, alt_text=QR.en)
    pdf.set_y(top)
    width = WIDTH - side - 6
    write(pdf, f"{VERIFY.ja} / {VERIFY.en}", 11, width=width)
    pdf.ln(1)
    where = address.rpartition("/")[0]
    both(pdf, Text(how.ja.format(address=where), how.en.format(address=where)), 8.5, width=width)
    pdf.ln(1)
    write(pdf, code, 8, width=width, wrap=WrapMode.CHAR)


def fact(pdf: FPDF, label: Text, value: str, beneath: str = "", *, size: float = 11, width: float = WIDTH) -> None:
    """A fact: its name in both languages, its value, and what stands beneath it."""
    top = pdf.get_y()
    pdf.set_draw_color(*LINE)
    pdf.line(MARGIN, top, MARGIN + width, top)
    pdf.set_y(top + 1.2)
    write(pdf, label.ja, 9, QUIET, width=_LABEL)
    write(pdf, label.en, 7.5, QUIET, width=_LABEL)
    bottom = pdf.get_y()
    pdf.set_xy(MARGIN + _LABEL, top + 1.2)
    write(pdf, value, size, width=width - _LABEL, left=MARGIN + _LABEL)
    if beneath:
        write(pdf, beneath, 8.5, QUIET, width=width - _LABEL, left=MARGIN + _LABEL)
    pdf.set_xy(MARGIN, max(bottom, pdf.get_y()) + 1.2)


def both(pdf: FPDF, text: Text, size: float, *, width: float = WIDTH) -> None:
    """A text in both languages."""
    write(pdf, text.ja, size, width=width, wrap=WrapMode.CHAR)
    write(pdf, text.en, size - 0.5, QUIET, width=width)


def write(
    pdf: FPDF,
    text: str,
    size: float,
    colour: tuple[int, int, int] = INK,
    *,
    width: float = WIDTH,
    left: float = MARGIN,
    wrap: WrapMode = WrapMode.WORD,
) -> None:
    """A text in lines, from the present place downwards."""
    pdf.set_font(FONT, size=size)
    pdf.set_text_color(*colour)
    pdf.set_x(left)
    height = size * 0.3528 * 1.35
    pdf.multi_cell(width, height, text, align=Align.L, new_x=XPos.LEFT, new_y=YPos.NEXT, wrapmode=wrap, padding=0)


def in_words(day: date) -> str:
    """A day in both languages."""
    return f"{day.year}年{day.month}月{day.day}日 / {day.day} {MONTHS[day.month - 1]} {day.year}"


@cache
def font_of(*texts: Text) -> bytes:
    """The font with the characters of these texts and of every name that a page can have, made once."""
    names = [row.name for table in (OFFICES, PROCEDURES, STATUSES) for row in table.rows]
    letters = "".join(text.ja + text.en for text in (*names, *texts, VERIFY))
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in string.ascii_uppercase)
    return font_with(letters + wide + string.printable + "年月日生オン" + "".join(row.prefix for row in OFFICES.rows))
