"""The proof as a PDF of one page: Japanese with English beneath, a QR code, and fonts that travel with it.

The same proof gives the same bytes. Its font has only the characters of the page (Noto Sans JP, SIL Open Font License).
"""

import string
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from io import BytesIO

import segno
from fpdf import FPDF
from fpdf.enums import Align, WrapMode, XPos, YPos

from services.application.papers.fonts import FONT, font_with, use_font
from services.application.proofs import words as w
from shared.clock import JST
from shared.errors import Text
from shared.reference.offices import OFFICES
from shared.reference.procedures import PROCEDURES
from shared.reference.statuses import STATUSES

_MARGIN, _WIDTH, _LABEL = 22.0, 166.0, 52.0
_INK, _QUIET, _LINE = (26, 26, 26), (85, 85, 85), (148, 148, 148)


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything that stands on the page. `address` is where the QR code leads, `code` what is typed instead."""

    receipt_number: str
    applicant: str
    birth_year: str
    procedures: tuple[Text, ...]
    status_of_residence: Text
    office: Text
    received_on: date
    stay_expiry: date | None
    special_period_end: date | None
    issued_at: datetime
    address: str
    code: str


def make_pdf(paper: Paper) -> bytes:
    """The page."""
    pdf = FPDF(format="A4")
    pdf.set_creation_date(paper.issued_at.replace(second=0, microsecond=0))
    pdf.set_title(f"{w.TITLE.ja} {paper.receipt_number}")
    pdf.set_lang("ja")
    pdf.set_producer("zairyu")
    pdf.set_margins(_MARGIN, 18)
    pdf.set_auto_page_break(False)
    use_font(pdf, _font())
    pdf.add_page()
    _heading(pdf)
    _table(pdf, paper)
    _meaning(pdf, paper)
    _verification(pdf, paper)
    return bytes(pdf.output())


def _heading(pdf: FPDF) -> None:
    _write(pdf, w.TITLE.ja, 24)
    _write(pdf, w.TITLE.en, 13, _QUIET)
    pdf.ln(3)
    _both(pdf, w.STATEMENT, 10.5)
    pdf.ln(4)


def _table(pdf: FPDF, paper: Paper) -> None:
    _row(pdf, w.NUMBER, paper.receipt_number, size=18)
    _row(pdf, w.APPLICANT, paper.applicant, w.BORN.format(year=paper.birth_year) if paper.birth_year else "")
    _row(pdf, w.PROCEDURE, "、".join(each.ja for each in paper.procedures), ", ".join(e.en for e in paper.procedures))
    _row(pdf, w.STATUS, paper.status_of_residence.ja, paper.status_of_residence.en)
    _row(pdf, w.RECEIVED, _day(paper.received_on))
    _row(pdf, w.OFFICE, paper.office.ja, paper.office.en)
    _row(pdf, w.STANDING, w.PENDING.ja, w.PENDING.en)
    if paper.stay_expiry:
        _row(pdf, w.EXPIRY, _day(paper.stay_expiry))
    if paper.special_period_end:
        _row(pdf, w.SPECIAL_END, _day(paper.special_period_end))
    issued = paper.issued_at.astimezone(JST)
    _row(pdf, w.ISSUED, f"{_day(issued.date())} {issued:%H:%M} (Japan)")
    pdf.line(_MARGIN, pdf.get_y(), _MARGIN + _WIDTH, pdf.get_y())
    pdf.ln(4)


def _meaning(pdf: FPDF, paper: Paper) -> None:
    _write(pdf, f"{w.MEANING.ja} / {w.MEANING.en}", 11)
    pdf.ln(1)
    issued_on = paper.issued_at.astimezone(JST).date()
    if paper.special_period_end is None:
        text = w.WITHOUT_SPECIAL_PERIOD
    else:
        text = w.SPECIAL_PERIOD_OVER if paper.special_period_end < issued_on else w.SPECIAL_PERIOD
    _both(pdf, text, 8.5)
    pdf.ln(1.5)
    _both(pdf, w.NOT_A_CARD, 8.5)


def _verification(pdf: FPDF, paper: Paper) -> None:
    side, top = 38.0, 297 - 18 - 42.0
    pdf.line(_MARGIN, top - 4, _MARGIN + _WIDTH, top - 4)
    code = segno.make(paper.address, error="m", micro=False)
    image = BytesIO()
    code.save(image, kind="png", scale=6, border=2)
    pdf.image(image, x=_MARGIN + _WIDTH - side, y=top, w=side, h=side, alt_text=w.QR.en)
    pdf.set_y(top)
    width = _WIDTH - side - 6
    _write(pdf, f"{w.VERIFY.ja} / {w.VERIFY.en}", 11, width=width)
    pdf.ln(1)
    where = paper.address.rpartition("/")[0]
    _both(pdf, Text(w.HOW.ja.format(address=where), w.HOW.en.format(address=where)), 8.5, width=width)
    pdf.ln(1)
    _write(pdf, paper.code, 8, width=width, wrap=WrapMode.CHAR)


def _row(pdf: FPDF, label: Text, value: str, beneath: str = "", *, size: float = 11) -> None:
    top = pdf.get_y()
    pdf.set_draw_color(*_LINE)
    pdf.line(_MARGIN, top, _MARGIN + _WIDTH, top)
    pdf.set_y(top + 1.2)
    _write(pdf, label.ja, 9, _QUIET, width=_LABEL)
    _write(pdf, label.en, 7.5, _QUIET, width=_LABEL)
    bottom = pdf.get_y()
    pdf.set_xy(_MARGIN + _LABEL, top + 1.2)
    _write(pdf, value, size, width=_WIDTH - _LABEL, left=_MARGIN + _LABEL)
    if beneath:
        _write(pdf, beneath, 8.5, _QUIET, width=_WIDTH - _LABEL, left=_MARGIN + _LABEL)
    pdf.set_xy(_MARGIN, max(bottom, pdf.get_y()) + 1.2)


def _both(pdf: FPDF, text: Text, size: float, *, width: float = _WIDTH) -> None:
    _write(pdf, text.ja, size, width=width, wrap=WrapMode.CHAR)
    _write(pdf, text.en, size - 0.5, _QUIET, width=width)


def _write(
    pdf: FPDF,
    text: str,
    size: float,
    colour: tuple[int, int, int] = _INK,
    *,
    width: float = _WIDTH,
    left: float = _MARGIN,
    wrap: WrapMode = WrapMode.WORD,
) -> None:
    pdf.set_font(FONT, size=size)
    pdf.set_text_color(*colour)
    pdf.set_x(left)
    height = size * 0.3528 * 1.35
    pdf.multi_cell(width, height, text, align=Align.L, new_x=XPos.LEFT, new_y=YPos.NEXT, wrapmode=wrap, padding=0)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日 / {day.day} {w.MONTHS[day.month - 1]} {day.year}"


@cache
def _font() -> bytes:
    """The font with the characters that a page can have, made once."""
    names = [row.name for table in (OFFICES, PROCEDURES, STATUSES) for row in table.rows]
    fixed = [value for value in vars(w).values() if isinstance(value, Text)]
    texts = "".join(text.ja + text.en for text in (*names, *fixed))
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in string.ascii_uppercase)
    return font_with(texts + wide + string.printable + "年月日生オン" + "".join(row.prefix for row in OFFICES.rows))
