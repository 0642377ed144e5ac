"""A list of receipts as a PDF: the applications that were filed together, each with its number, to be kept on file.

Ten thousand lines take some seconds of computing and ten megabytes, so the list is made when it is asked for.
"""

import string
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fpdf import FPDF

from services.application.papers.fonts import FONT, font_with, use_font
from shared.clock import JST
from shared.errors import Text
from shared.languages import OfficialLang

TITLE = Text("申請受付一覧", "List of receipts")
_OF_FILE = Text("ファイル: {name}　件数: {count}", "File: {name}   Applications: {count}")
_MADE_AT = Text("作成: {at}", "Made: {at}")
_FEES = Text(
    "手数料は、許可されたときに納付する額です（受付日の規定による額）。許可される在留期間などにより異なる場合は、その範囲を示しています。",
    "Fees are paid where permission is given, by the rules of the day of receipt. Where they depend on the period of "
    "stay granted, the range is shown.",
)
# Page, margins and lines in millimetres, sizes in points.
_LEFT, _RIGHT, _TOP, _BOTTOM = 12.0, 285.0, 30.0, 196.0
_LINE, _UNDER = 9.2, 4.0
_SIZE, _SMALL, _SMALLEST = 9.0, 7.5, 5.0
_GAP = 2.0
_INK, _QUIET, _RULE = (26, 26, 26), (85, 85, 85), (148, 148, 148)


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One application. `key` is the name of its row, `fee` the amount with its unit."""

    receipt_number: str
    applicant: str
    key: str
    procedures: Text
    status_of_residence: Text
    received_at: datetime
    office: Text
    fee: Text


# Heading and width of each column, and the two texts that stand in it, one beneath the other.
_COLUMNS = (
    (Text("番号", "No."), 12.0),
    (Text("受付番号", "Receipt number"), 44.0),
    (Text("申請人・キー", "Applicant, key"), 64.0),
    (Text("手続・在留資格", "Procedure, status of residence"), 66.0),
    (Text("受付日時・官署", "Received, office"), 53.0),
    (Text("手数料", "Fee"), 34.0),
)


def receipts_pdf(name: str, lines: Sequence[ReceiptLine], lang: OfficialLang, now: datetime) -> bytes:
    """The list for the file `name`, in the order of `lines`."""
    pdf = FPDF(format="A4", orientation="landscape")
    pdf.set_creation_date(now)
    pdf.set_title(f"{getattr(TITLE, lang)} {name}")
    pdf.set_lang(lang)
    pdf.set_producer("zairyu")
    pdf.set_auto_page_break(False)
    pdf.set_draw_color(*_RULE)
    use_font(pdf, font_with(_characters(name, lines, lang)))
    pages = _pages(lines)
    number = 0
    for page, part in enumerate(pages, start=1):
        pdf.add_page()
        _head(pdf, name, len(lines), lang, now)
        _write(pdf, _RIGHT, _TOP - 9, f"{page} / {len(pages)}", _SMALL, 20, _QUIET, before=True)
        y = _TOP
        for line in part:
            number += 1
            _row(pdf, y, number, line, lang)
            y += _LINE
    _write(pdf, _LEFT, _BOTTOM + 4, getattr(_FEES, lang), _SMALL, _RIGHT - _LEFT, _QUIET)
    return bytes(pdf.output())


def _pages(lines: Sequence[ReceiptLine]) -> list[Sequence[ReceiptLine]]:
    fitting = int((_BOTTOM - _TOP) // _LINE)
    return [lines[first : first + fitting] for first in range(0, len(lines), fitting)] or [()]


def _head(pdf: FPDF, name: str, count: int, lang: OfficialLang, now: datetime) -> None:
    _write(pdf, _LEFT, 15, getattr(TITLE, lang), 15, 120)
    _write(pdf, _LEFT, _TOP - 9, getattr(_OF_FILE, lang).format(name=name, count=count), _SMALL, 190, _QUIET)
    _write(pdf, _RIGHT, _TOP - 15, getattr(_MADE_AT, lang).format(at=_moment(now)), _SMALL, 60, _QUIET, before=True)
    x = _LEFT
    for heading, width in _COLUMNS:
        _write(pdf, x, _TOP - 2.5, getattr(heading, lang), _SMALL, width - _GAP, _QUIET)
        x += width
    pdf.line(_LEFT, _TOP - 1, _RIGHT, _TOP - 1)


def _row(pdf: FPDF, y: float, number: int, line: ReceiptLine, lang: OfficialLang) -> None:
    x = _LEFT
    for (_, width), (text, beneath) in zip(_COLUMNS, [(str(number), ""), *_cells(line, lang)], strict=True):
        _write(pdf, x, y + _UNDER - 0.4, text, _SIZE, width - _GAP)
        _write(pdf, x, y + 2 * _UNDER - 0.6, beneath, _SMALL, width - _GAP, _QUIET)
        x += width
    pdf.line(_LEFT, y + _LINE - 0.4, _RIGHT, y + _LINE - 0.4)


def _write(
    pdf: FPDF,
    x: float,
    y: float,
    text: str,
    size: float,
    width: float,
    colour: tuple[int, int, int] = _INK,
    *,
    before: bool = False,
) -> None:
    """One line of text that is no wider, smaller first, then cut: from `x` on, or `before` it."""
    if not text:
        return
    pdf.set_text_color(*colour)
    pdf.set_font(FONT, size=size)
    wide = pdf.get_string_width(text)
    if wide > width:
        pdf.set_font(FONT, size=max(size * width / wide, _SMALLEST))
        while len(text) > 1 and pdf.get_string_width(text) > width:
            text = f"{text[:-2]}…"
    pdf.text(x - pdf.get_string_width(text) if before else x, y, text)


def _cells(line: ReceiptLine, lang: OfficialLang) -> list[tuple[str, str]]:
    """The texts of a line by column, one beneath the other."""
    return [
        (line.receipt_number, ""),
        (line.applicant, line.key),
        (getattr(line.procedures, lang), getattr(line.status_of_residence, lang)),
        (_moment(line.received_at), getattr(line.office, lang)),
        (getattr(line.fee, lang), ""),
    ]


def _moment(moment: datetime) -> str:
    return moment.astimezone(JST).strftime("%Y-%m-%d %H:%M")


def _characters(name: str, lines: Sequence[ReceiptLine], lang: OfficialLang) -> str:
    found = set(name + string.printable + "…")
    for text in (TITLE, _OF_FILE, _MADE_AT, _FEES, *(heading for heading, _ in _COLUMNS)):
        found.update(getattr(text, lang))
    for line in lines:
        for cell in _cells(line, lang):
            found.update(*cell)
    return "".join(sorted(found))
